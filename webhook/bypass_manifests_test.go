package webhook

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
)

// A namespace is out of reach by its name, which the API server writes, and by no
// label that its users could; an object is never passed over for what it says
// of itself, and a door that does not answer denies.
func TestNoObjectAndNoTenantCanOptOut(t *testing.T) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	readManifest(t, "admission.yaml", &configuration)
	for _, webhook := range configuration.Webhooks {
		if webhook.ObjectSelector != nil || len(webhook.MatchConditions) > 0 {
			t.Errorf("%s: objects are selected: %v %v", webhook.Name, webhook.ObjectSelector, webhook.MatchConditions)
		}
		if *webhook.FailurePolicy != admissionregistrationv1.Fail || *webhook.MatchPolicy != admissionregistrationv1.Equivalent || *webhook.SideEffects != admissionregistrationv1.SideEffectClassNone {
			t.Errorf("%s: failurePolicy %s, matchPolicy %s, sideEffects %s", webhook.Name, *webhook.FailurePolicy, *webhook.MatchPolicy, *webhook.SideEffects)
		}
		if len(webhook.NamespaceSelector.MatchLabels) > 0 {
			t.Errorf("%s: %v", webhook.Name, webhook.NamespaceSelector.MatchLabels)
		}
		for _, label := range webhook.NamespaceSelector.MatchExpressions {
			enrols := label.Key == EnvironmentLabel && label.Operator == "Exists"
			byName := label.Key == "kubernetes.io/metadata.name" && label.Operator == "NotIn" && slices.Equal(label.Values, []string{"kube-system", "assay-system"})
			if !enrols && !byName {
				t.Errorf("%s: selected by %v", webhook.Name, label)
			}
		}
	}
}

// What the door believes without asking, nobody may write by a role that is
// shipped, and no role adds itself to those of tenants.
func TestNoShippedRoleWritesWhatTheDoorBelieves(t *testing.T) {
	believed := []string{"releases", "quarantines", "freezes", "breakglasses", "namespaces", "*"}
	reading := []string{"get", "list", "watch", "enrol"} // enrol is asked about one by one, enrolment.yaml
	roles := 0
	for _, role := range shippedRoles(t) {
		roles++
		if role.AggregationRule != nil || slices.ContainsFunc([]string{"admin", "edit", "view"}, func(to string) bool {
			return role.Labels["rbac.authorization.k8s.io/aggregate-to-"+to] != ""
		}) {
			t.Errorf("%s is part of roles that tenants have", role.Name)
		}
		for _, rule := range role.Rules {
			for _, resource := range rule.Resources {
				for _, verb := range rule.Verbs {
					if slices.Contains(believed, resource) && !slices.Contains(reading, verb) {
						t.Errorf("%s may %s %s", role.Name, verb, resource)
					}
				}
			}
		}
	}
	if roles < 3 {
		t.Errorf("%d roles were found", roles)
	}
}

func shippedRoles(t *testing.T) []rbacv1.ClusterRole {
	t.Helper()
	var found []rbacv1.ClusterRole
	err := fs.WalkDir(manifests.System, "system", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(manifests.System, name)
		if err != nil {
			return err
		}
		for decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096); ; {
			var role rbacv1.ClusterRole // a Role has the same rules
			switch err := decoder.Decode(&role); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			case role.Kind == "ClusterRole" || role.Kind == "Role":
				found = append(found, role)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
