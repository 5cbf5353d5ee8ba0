package webhook

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

func readManifest(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile("../manifests/system/webhook/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(content, into); err != nil {
		t.Fatal(name, err)
	}
}

// TestTheManifestAsksAboutWhatTheDoorCanRead, and about nothing else: a kind
// that is not registered is not asked about, and one that cannot be read is
// always denied.
func TestTheManifestAsksAboutWhatTheDoorCanRead(t *testing.T) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	readManifest(t, "admission.yaml", &configuration)
	var registered []string
	webhook := configuration.Webhooks[0]
	for _, rule := range webhook.Rules {
		for _, name := range rule.Resources {
			if rule.APIGroups[0] != "" {
				name += "." + rule.APIGroups[0]
			}
			registered = append(registered, name)
		}
		for _, name := range rule.Resources {
			asked := metav1.GroupVersionResource{Group: rule.APIGroups[0], Version: rule.APIVersions[0]}
			subresource := ""
			asked.Resource, subresource, _ = strings.Cut(name, "/")
			if subresource == scale {
				subresource = "" // what is scaled is read
			}
			if _, known := subject.NameOf(asked, subresource); !known {
				t.Errorf("%s %s is registered, and not readable", asked, subresource)
			}
		}
	}
	slices.Sort(registered)
	if !slices.Equal(registered, Resources()) {
		t.Errorf("registered %v, readable %v", registered, Resources())
	}
	if *webhook.FailurePolicy != admissionregistrationv1.Fail || *webhook.ClientConfig.Service.Path != Path {
		t.Errorf("failurePolicy %s, path %s", *webhook.FailurePolicy, *webhook.ClientConfig.Service.Path)
	}
	if timeout := float64(*webhook.TimeoutSeconds); timeout <= reviewTime.Seconds() {
		t.Errorf("the API server waits %v s, the door answers within %v", timeout, reviewTime)
	}
}

// grants says that some rule lets its holder get the resource.
func grants(rules []rbacv1.PolicyRule, group, name string) bool {
	return slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool {
		return slices.Contains(rule.APIGroups, group) && slices.Contains(rule.Resources, name) && slices.Contains(rule.Verbs, "get") && rule.ResourceNames == nil
	})
}

func TestTheDoorMayReadWhatIsScaledAndNoPods(t *testing.T) {
	content, err := os.ReadFile("../manifests/system/webhook/rbac.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var role rbacv1.ClusterRole
	for _, document := range strings.Split(string(content), "\n---\n") {
		var read rbacv1.ClusterRole
		if err := yaml.Unmarshal([]byte(document), &read); err != nil {
			t.Fatal(err)
		}
		if read.Kind == "ClusterRole" && read.Name == "assay-webhook" {
			role = read
		}
	}
	for _, known := range scalable {
		if !grants(role.Rules, known.Group, known.Name) {
			t.Errorf("%s cannot be judged: the role lets nobody get it", known)
		}
	}
	if grants(role.Rules, "", "pods") {
		t.Error("pods can be read without the component sealed")
	}
}

// TestTheSealedComponentAsksWhatTheDoorCanAnswer: connections that it knows, and
// the right to read the pods.
func TestTheSealedComponentAsksWhatTheDoorCanAnswer(t *testing.T) {
	content, err := os.ReadFile("../manifests/system/components/sealed/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var component struct {
		Patches []struct {
			Target struct{ Kind, Name string }
			Patch  string
		}
	}
	if err := yaml.Unmarshal(content, &component); err != nil || len(component.Patches) != 2 {
		t.Fatal(len(component.Patches), err)
	}
	var added [2][]struct {
		Op, Path string
		Value    json.RawMessage
	}
	for i, patch := range component.Patches {
		if err := yaml.Unmarshal([]byte(patch.Patch), &added[i]); err != nil || len(added[i]) != 1 || added[i][0].Op != "add" {
			t.Fatal(patch, err)
		}
	}
	var asked admissionregistrationv1.RuleWithOperations
	var granted rbacv1.PolicyRule
	if err := errors.Join(json.Unmarshal(added[0][0].Value, &asked), json.Unmarshal(added[1][0].Value, &granted)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(asked.Operations, []admissionregistrationv1.OperationType{admissionregistrationv1.Connect}) || len(asked.Resources) == 0 {
		t.Errorf("it asks about %+v", asked)
	}
	for _, name := range asked.Resources {
		if how, is := strings.CutPrefix(name, "pods/"); !is || !slices.Contains(connections, how) {
			t.Errorf("the door cannot answer about %s", name)
		}
	}
	if !grants([]rbacv1.PolicyRule{granted}, "", "pods") {
		t.Errorf("it grants %+v", granted)
	}
}

func TestTheExampleConfigurationCanBeRead(t *testing.T) {
	var config corev1.ConfigMap
	readManifest(t, "config.yaml", &config)
	if _, err := ParseConfiguration([]byte(config.Data["admission.yaml"]), nil); err != nil {
		t.Error(err)
	}
}
