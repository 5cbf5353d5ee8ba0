package judge

import (
	"reflect"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Rules see by whom, and of which commits, a release was trained; each once.
func TestRulesSeeWhoTrainedWhichCommit(t *testing.T) {
	seen := newOrigin()
	for _, story := range [][2]string{{"b", "c0ffee"}, {"a", "beef"}, {"b", "c0ffee"}, {"a", ""}} {
		seen.trained(evidence.Provenance{
			BuildDefinition: evidence.BuildDefinition{ResolvedDependencies: []evidence.ResourceDescriptor{
				{Name: "recipe", Digest: map[string]string{"gitCommit": story[1]}},
			}},
			RunDetails: evidence.RunDetails{Builder: evidence.Builder{ID: story[0]}},
		})
	}
	document := map[string]any{}
	seen.write(document)
	if want := []string{"a", "b"}; !reflect.DeepEqual(document["builders"], want) {
		t.Errorf("builders are %v", document["builders"])
	}
	if want := []string{"beef", "c0ffee"}; !reflect.DeepEqual(document["recipes"], want) {
		t.Errorf("recipes are %v", document["recipes"])
	}
	if materials := document["materials"].(map[string]any); len(materials) != 0 {
		t.Errorf("a commit is no content: %v", materials)
	}
}
