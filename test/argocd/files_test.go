package argocd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

const ours = "../../manifests/argocd"

func content(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// strictly reads an object of ours into Argo CD's type: a field that the type
// does not have is an error.
func strictly[T any](t *testing.T, name string) T {
	t.Helper()
	var object T
	if err := yaml.UnmarshalStrict(content(t, filepath.Join(ours, name)), &object); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return object
}

func project(t *testing.T) v1alpha1.AppProject {
	t.Helper()
	return strictly[v1alpha1.AppProject](t, "project.yaml")
}

// rendered are all objects of internal/render's expectations, by file.
func rendered(t *testing.T) map[string][]unstructured.Unstructured {
	t.Helper()
	names, err := filepath.Glob("../../internal/render/testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no rendered manifests were found: %v", err)
	}
	all := map[string][]unstructured.Unstructured{}
	for _, name := range names {
		for _, file := range txtar.Parse(content(t, name)).Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				all[filepath.Base(name)] = append(all[filepath.Base(name)], objects(t, file.Data)...)
			}
		}
	}
	return all
}

func objects(t *testing.T, text []byte) []unstructured.Unstructured {
	t.Helper()
	var found []unstructured.Unstructured
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var object unstructured.Unstructured
		if err := utilyaml.Unmarshal(document, &object.Object); err != nil {
			t.Fatal(err)
		}
		if len(object.Object) > 0 {
			found = append(found, object)
		}
	}
	return found
}
