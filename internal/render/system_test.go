package render

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// built is what `kubectl apply -k` applies, by kind and name.
func built(t *testing.T, folder string) map[string]string {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "../../manifests/system/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		found[resource.GetKind()+" "+resource.GetName()] = string(text)
		if kind := resource.GetKind(); resource.GetNamespace() != "" && (strings.HasPrefix(kind, "Cluster") || strings.HasPrefix(kind, "Validating")) {
			t.Errorf("%s: %s %s has a namespace", folder, kind, resource.GetName())
		}
	}
	return found
}

// With cert-manager the door differs in where its certificate comes from, and in
// nothing else.
func TestTheSystemWithCertManagerIsTheSame(t *testing.T) {
	own, managed := built(t, ""), built(t, "cert-manager")
	var differ []string
	for name, text := range own {
		if managed[name] != text {
			differ = append(differ, name)
		}
	}
	for name := range managed {
		if own[name] == "" {
			differ = append(differ, name)
		}
	}
	slices.Sort(differ)
	if want := []string{
		"Certificate assay-webhook", "Certificate assay-webhook-authority", "ClusterRole assay-webhook", "Deployment assay-webhook",
		"Issuer assay-webhook", "Issuer assay-webhook-authority", "Role assay-webhook", "RoleBinding assay-webhook",
		"ValidatingWebhookConfiguration assay-admission",
	}; !slices.Equal(differ, want) {
		t.Errorf("they differ in %v\nwant %v", differ, want)
	}
	lines := func(text string) []string { return strings.Split(text, "\n") }
	for name, allowed := range map[string]string{
		"ClusterRole assay-webhook": "update",
		"Deployment assay-webhook":  "--self-signed",
	} {
		for _, line := range lines(own[name]) {
			if !slices.Contains(lines(managed[name]), line) && !strings.HasSuffix(line, allowed) {
				t.Errorf("with cert-manager the %s lacks %q", name, line)
			}
		}
	}
}

func TestTheFloorIsBuilt(t *testing.T) {
	if found := built(t, "floor"); found["ValidatingAdmissionPolicyBinding assay-floor"] == "" || found["ConfigMap assay-floor"] == "" {
		t.Errorf("it has %d objects", len(found))
	}
}
