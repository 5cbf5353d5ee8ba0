package manifest_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

func TestAFileIsReadAsAClusterReadsIt(t *testing.T) {
	objects, err := manifest.Parse([]byte("kind: Pod\nmetadata: {name: a}\nspec: {privileged: yes}\n--- # next\nkind: Service\n---\n"))
	if err != nil || len(objects) != 2 {
		t.Fatalf("%d objects, %v", len(objects), err)
	}
	if spec := objects[0]["spec"].(map[string]any); spec["privileged"] != true {
		t.Errorf("yes is %v", spec["privileged"])
	}
	if objects[0].Name() != "Pod/a" || objects[1].Name() != "Service/" {
		t.Errorf("they are called %q and %q", objects[0].Name(), objects[1].Name())
	}
}

func TestWhatCouldHideAnObjectIsRefused(t *testing.T) {
	for claim, story := range map[string]struct{ text, want string }{
		"a list":                  {"kind: List\nitems: []", "hides objects"},
		"no kind":                 {"metadata: {name: a}", "hides objects"},
		"a key twice":             {"kind: Pod\nkind: Service", "already set"},
		"a list without a kind":   {"- kind: Pod", "not a Kubernetes object"},
		"text":                    {"hello", "not a Kubernetes object"},
		"a file without end":      {strings.Repeat("#", manifest.MaxBytes+1), "larger than"},
		"more objects than bound": {strings.Repeat("---\nkind: A\n", manifest.MaxObjects+1), "more than"},
	} {
		if _, err := manifest.Read(strings.NewReader(story.text)); err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v, want %q", claim, err, story.want)
		}
	}
}

func TestArgoCDAppliesThreeKindsOfFiles(t *testing.T) {
	for name, want := range map[string]bool{"a.yaml": true, "b/a.yml": true, "a.json": true, "README.md": false, "yaml": false} {
		if manifest.Applied(name) != want {
			t.Errorf("%s is applied: %t", name, !want)
		}
	}
}
