package argocd

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"sigs.k8s.io/yaml"
)

// Git equals live only if going through the types loses and changes nothing of
// what we wrote.
func TestOurObjectsGoThroughTheTypesUnchanged(t *testing.T) {
	for name, object := range map[string]any{
		"project.yaml":        strictly[v1alpha1.AppProject](t, "project.yaml"),
		"applicationset.yaml": strictly[v1alpha1.ApplicationSet](t, "applicationset.yaml"),
	} {
		typed, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		var before, after any
		if err := yaml.Unmarshal(content(t, filepath.Join(ours, name)), &before); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(typed, &after); err != nil {
			t.Fatal(err)
		}
		if lost := missing(before, after); lost != "" {
			t.Errorf("%s: %s is not what we wrote", name, lost)
		}
	}
}

// missing is the path of something that is not the same on the other side. The
// other side may say more: the types write empty fields.
func missing(before, after any) string {
	switch before := before.(type) {
	case map[string]any:
		other, _ := after.(map[string]any)
		for name, value := range before {
			if lost := missing(value, other[name]); lost != "" {
				return "." + name + lost
			}
		}
		return ""
	case []any:
		other, _ := after.([]any)
		if len(other) != len(before) {
			return "[]"
		}
		for i, value := range before {
			if lost := missing(value, other[i]); lost != "" {
				return fmt.Sprintf("[%d]%s", i, lost)
			}
		}
		return ""
	}
	if before != after {
		return fmt.Sprintf(": %v", before)
	}
	return ""
}

func TestTheProjectIsValid(t *testing.T) {
	ours := project(t)
	if err := ours.ValidateProject(); err != nil {
		t.Error(err)
	}
}
