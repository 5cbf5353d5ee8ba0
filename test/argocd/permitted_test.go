package argocd

import (
	"testing"

	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const server = "https://cluster.example.org"

func permitted(t *testing.T, project v1alpha1.AppProject, kind schema.GroupKind, namespace string) bool {
	t.Helper()
	allowed, err := project.IsResourcePermitted(kind, namespace, v1alpha1.ApplicationDestination{Server: server}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return allowed
}

func TestTheProjectPermitsWhatIsRendered(t *testing.T) {
	ours, seen := project(t), 0
	for name, objects := range rendered(t) {
		for _, object := range objects {
			seen++
			if kind := object.GroupVersionKind().GroupKind(); !permitted(t, ours, kind, object.GetNamespace()) {
				t.Errorf("%s: %s in %q may not be synced", name, kind, object.GetNamespace())
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d objects were looked at", seen)
	}
}

// What could open the door is nothing that comes by git.
func TestTheProjectPermitsNothingThatOpensTheDoor(t *testing.T) {
	ours := project(t)
	for kind, namespace := range map[schema.GroupKind]string{
		{Group: "admissionregistration.k8s.io", Kind: "ValidatingWebhookConfiguration"}:   "",
		{Group: "admissionregistration.k8s.io", Kind: "ValidatingAdmissionPolicyBinding"}: "",
		{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:                 "",
		{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}:                  "",
		{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:                         "models-production",
		{Group: "assay.dev", Kind: "BreakGlass"}:                                          "",
		{Group: "", Kind: "Secret"}:                                                       "models-production",
		{Group: "", Kind: "Pod"}:                                                          "models-production",
		{Group: "batch", Kind: "Job"}:                                                     "models-production",
		{Group: "apps", Kind: "Deployment"}:                                               "assay-system",
	} {
		if permitted(t, ours, kind, namespace) {
			t.Errorf("%s in %q may be synced", kind, namespace)
		}
	}
}
