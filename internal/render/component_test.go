package render

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

func TestALinkOutOfTheFolderIsRefused(t *testing.T) {
	folder, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.yaml")
	for name, content := range map[string]string{
		filepath.Join(folder, "kustomization.yaml"): header + "resources: [x.yaml]\n",
		outside: "{apiVersion: v1, kind: ConfigMap, metadata: {name: secret}}",
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(folder, "x.yaml")); err != nil {
		t.Fatal(err)
	}
	r := release()
	r.Component = os.DirFS(folder)
	if _, err := Render(t.Context(), r); err == nil || !strings.Contains(err.Error(), `"x.yaml" is not a YAML file`) {
		t.Error(err)
	}
}

// Nine lines that would be a billion words.
func TestABombIsRefused(t *testing.T) {
	bomb := "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for i := 'b'; i <= 'i'; i++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", i, i, strings.Repeat(fmt.Sprintf("*%c, ", i-1), 8), i-1)
	}
	for name, file := range map[string]string{"resource": "x.yaml", "kustomization": "kustomization.yaml"} {
		r := release()
		files := fstest.MapFS{"kustomization.yaml": {Data: []byte(header + "resources: [x.yaml]\n")}, "x.yaml": {Data: []byte("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n")}}
		files[file].Data = append(files[file].Data, bomb...)
		if name == "resource" {
			files[file].Data = []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n" + bomb)
		}
		r.Component = files
		if _, err := Render(t.Context(), r); err == nil || !strings.Contains(err.Error(), "aliases are not allowed") {
			t.Errorf("%s: %v", name, err)
		}
	}
	large := release()
	large.Component = fstest.MapFS{"kustomization.yaml": {Data: []byte(header + strings.Repeat("#", maxComponentBytes))}}
	if _, err := Render(t.Context(), large); err == nil || !strings.Contains(err.Error(), "more than 1048576 bytes") {
		t.Error(err)
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
