package crds

import (
	"os"
	"strings"
	"testing"
	"text/template"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// fill is what Argo CD does with a template: text/template with the functions of
// sprig, of which this one is used.
func fill(t *testing.T, text string, parameters map[string]any) string {
	t.Helper()
	functions := template.FuncMap{"hasKey": func(m map[string]any, key string) bool { _, has := m[key]; return has }}
	parsed, err := template.New("").Funcs(functions).Option("missingkey=error").Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var filled strings.Builder
	if err := parsed.Execute(&filled, parameters); err != nil {
		t.Fatal(err)
	}
	return filled.String()
}

// applications are what the ApplicationSet makes of one cluster's file.
func applications(t *testing.T, cluster string) []string {
	t.Helper()
	content, err := os.ReadFile("../../manifests/argocd/applicationset.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set := parse(t, string(content))[0]
	matrix := set.Object["spec"].(map[string]any)["generators"].([]any)[0].(map[string]any)["matrix"].(map[string]any)["generators"].([]any)
	elements, _, _ := unstructured.NestedString(matrix[1].(map[string]any), "list", "elementsYaml")
	pattern, _, _ := unstructured.NestedMap(set.Object, "spec", "template")
	written, err := yaml.Marshal(pattern)
	if err != nil {
		t.Fatal(err)
	}
	parameters := parse(t, cluster)[0].Object
	var list []map[string]any
	if err := yaml.Unmarshal([]byte(fill(t, elements, parameters)), &list); err != nil {
		t.Fatal(err)
	}
	var made []string
	for _, element := range list {
		parameters["environment"] = element["environment"]
		application := parse(t, fill(t, string(written), parameters))[0]
		name, _, _ := unstructured.NestedString(application.Object, "metadata", "name")
		branch, _, _ := unstructured.NestedString(application.Object, "spec", "source", "targetRevision")
		to, _, _ := unstructured.NestedStringMap(application.Object, "spec", "destination")
		made = append(made, strings.Join([]string{name, branch, to["server"], to["name"], to["namespace"]}, " "))
	}
	return made
}

// A cluster in the catalog's clusters folder follows the branches of its
// environments, and no others.
func TestAClusterFollowsItsEnvironments(t *testing.T) {
	local, err := os.ReadFile("../../catalog/clusters/local.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range []struct{ cluster, want string }{
		{string(local), `assay-local-development env/development https://kubernetes.default.svc  models-development
assay-local-staging env/staging https://kubernetes.default.svc  models-staging
assay-local-production env/production https://kubernetes.default.svc  models-production`},
		{"{metadata: {name: gke-1}, spec: {cloud: gcp, environments: [production]}}", "assay-gke-1-production env/production  gke-1 models-production"},
		{"{metadata: {name: idle}, spec: {environments: []}}", ""},
	} {
		if got := strings.Join(applications(t, story.cluster), "\n"); got != story.want {
			t.Errorf("made:\n%s\nwant:\n%s", got, story.want)
		}
	}
}
