package render

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

const header = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

func TestAComponentReachesNothingElse(t *testing.T) {
	var fetched atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Store(true) }))
	defer server.Close()
	for name, body := range map[string]string{
		"remote resource":   "resources: [" + server.URL + "/x.yaml]\n",
		"repository":        "resources: ['github.com/org/repo?ref=main']\n",
		"scp-like":          "resources: ['git@example.org:x.yaml']\n",
		"folder above":      "resources: [../serving]\n",
		"remote patch":      "patches: [{path: " + server.URL + "/x.yaml}]\n",
		"remote component":  "components: [" + server.URL + "/x]\n",
		"remote schema":     "openapi: {path: " + server.URL + "/x.json}\n",
		"remote crd":        "crds: [" + server.URL + "/x.json]\n",
		"exec plugin":       "generators: ['x.yaml']\n",
		"transformer":       "transformers: ['x.yaml']\n",
		"validator":         "validators: ['x.yaml']\n",
		"helm":              "helmCharts: [{name: x, repo: " + server.URL + "}]\n",
		"file generator":    "configMapGenerator: [{name: x, files: [" + server.URL + "/x]}]\n",
		"other image":       "images: [{name: serving, newName: evil}]\n",
		"unknown field":     "nonsense: 1\n",
		"field twice":       "resources: []\nresources: [x.yaml]\n",
		"case of the field": "Resources: [" + server.URL + "/x.yaml]\n",
	} {
		r := release()
		r.Component = fstest.MapFS{"kustomization.yaml": {Data: []byte(header + body)}, "x.yaml": {Data: []byte("a: 1")}}
		if _, err := Render(t.Context(), r); err == nil || !strings.Contains(err.Error(), "the component") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if fetched.Load() {
		t.Error("something was fetched")
	}
}

func TestAComponentIsAFlatFolderOfYAML(t *testing.T) {
	for name, extra := range map[string]string{"folder": "a/b.yaml", "program": "run.sh", "second kustomization": "Kustomization"} {
		r := release()
		r.Component = fstest.MapFS{"kustomization.yaml": {Data: []byte(header)}, extra: {Data: []byte("a: 1")}}
		if _, err := Render(t.Context(), r); err == nil {
			t.Errorf("%s: rendered", name)
		}
	}
}

// FuzzAcceptedKustomizationsNameOnlyLocalFiles: whatever is accepted, as
// kustomize itself understands it, has nothing to fetch and nothing to run.
func FuzzAcceptedKustomizationsNameOnlyLocalFiles(f *testing.F) {
	f.Add([]byte(header + "patches: [{path: a.yaml}]\n"))
	f.Add([]byte(header + "resources: ['https://example.org/x.yaml']\n"))
	f.Add([]byte(header + "openapi: {path: x}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if checkKustomization(content) != nil {
			return
		}
		var k types.Kustomization
		if err := yaml.Unmarshal(content, &k); err != nil {
			t.Fatal(err)
		}
		reach := len(k.Components) + len(k.Crds) + len(k.Generators) + len(k.Transformers) + len(k.Validators) +
			len(k.HelmCharts) + len(k.Configurations) + len(k.OpenAPI) + len(k.ConfigMapGenerator) + len(k.SecretGenerator)
		for _, name := range k.Resources {
			if strings.ContainsAny(name, "/:@") {
				t.Errorf("accepted the resource %q", name)
			}
		}
		if reach != 0 {
			t.Errorf("accepted %q", content)
		}
	})
}
