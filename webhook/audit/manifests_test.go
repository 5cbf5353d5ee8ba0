package audit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
	"github.com/mlops-clinical-trials/assay/webhook"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// manifest finds the object of a kind in a file of manifests/system.
func manifest(t *testing.T, name, kind string, into any) {
	t.Helper()
	text, err := manifests.System.ReadFile("system/" + name)
	if err != nil {
		t.Fatal(err)
	}
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		part, err := reader.Read()
		if errors.Is(err, io.EOF) {
			t.Fatalf("%s holds no %s", name, kind)
		}
		if err != nil {
			t.Fatal(err)
		}
		var is struct{ Kind string }
		if err := yaml.Unmarshal(part, &is); err == nil && is.Kind == kind {
			if err := yaml.UnmarshalStrict(part, into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
}

// The manifest lets the audit read every kind that the door reads, and write
// nothing but what it says.
func TestTheManifestGrantsWhatTheAuditReads(t *testing.T) {
	var role rbacv1.ClusterRole
	manifest(t, "audit/rbac.yaml", "ClusterRole", &role)
	granted := map[string][]string{}
	for _, rule := range role.Rules {
		for _, resource := range rule.Resources {
			granted[rule.APIGroups[0]+"/"+resource] = rule.Verbs
		}
	}
	known := map[string]bool{"/namespaces": true}
	for _, kind := range subject.Kinds(nil) {
		name := kind.Resource.Group + "/" + kind.Resource.Resource
		known[name] = true
		if !slices.Equal(granted[name], []string{"get", "list", "watch"}) {
			t.Errorf("%s: granted %v", name, granted[name])
		}
	}
	for name, verbs := range granted {
		for _, verb := range verbs {
			reads := slices.Contains([]string{"get", "list", "watch"}, verb)
			if !reads && name != "assay.dev/releases/status" && name != "wgpolicyk8s.io/policyreports" {
				t.Errorf("the audit may %s %s", verb, name)
			}
		}
		if group := name[:slices.Index([]byte(name), '/')]; !known[name] && group != "assay.dev" && group != reports.Group {
			t.Errorf("the audit may read %s, and the door does not", name)
		}
	}
}

func TestTheAuditRunsByItself(t *testing.T) {
	var deployment appsv1.Deployment
	manifest(t, "audit/deployment.yaml", "Deployment", &deployment)
	pod := deployment.Spec.Template.Spec
	if *deployment.Spec.Replicas != 1 || deployment.Spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType || !slices.Contains(pod.Containers[0].Args, "--audit") {
		t.Errorf("%+v", deployment.Spec)
	}
	if pod.PriorityClassName != "" {
		t.Error("an audit drives nobody from a node")
	}
}

// The namespaces that nobody asks about are those of the registration.
func TestTheSameNamespacesAreExcluded(t *testing.T) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	manifest(t, "webhook/admission.yaml", "ValidatingWebhookConfiguration", &configuration)
	for _, hook := range configuration.Webhooks {
		for _, one := range hook.NamespaceSelector.MatchExpressions {
			if one.Key == "kubernetes.io/metadata.name" && !slices.Equal(one.Values, webhook.Excluded) {
				t.Errorf("registered are %v, the audit leaves out %v", one.Values, webhook.Excluded)
			}
		}
	}
}
