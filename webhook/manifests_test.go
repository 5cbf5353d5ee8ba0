package webhook

import (
	"os"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
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
			if _, err := readable(asked, subresource, nil); err != nil {
				t.Error(err)
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

func TestTheExampleConfigurationCanBeRead(t *testing.T) {
	var config corev1.ConfigMap
	readManifest(t, "config.yaml", &config)
	if _, err := ParseConfiguration([]byte(config.Data["admission.yaml"]), nil); err != nil {
		t.Error(err)
	}
}
