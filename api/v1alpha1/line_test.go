package v1alpha1_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestALineIsThatOfTheFieldOrOfWhatIsAboveIt(t *testing.T) {
	content := "# a comment\nkind: Model\nspec:\n  trainer:\n    kind: logistic\n  features: [age]\n"
	for field, want := range map[string]int{
		"spec": 3, "spec.trainer": 4, "spec.trainer.kind": 5, "spec.trainer.seed": 4, "spec.features": 6, "spec.features.x": 6, "nothing": 1, "": 1,
	} {
		if line := v1alpha1.Line([]byte(content), field); line != want {
			t.Errorf("%s stands in line %d, want %d", field, line, want)
		}
	}
	for _, broken := range []string{"", "a: [", "a: 1\n---\nb: 2\n", strings.Repeat("#", 2<<20)} {
		if line := v1alpha1.Line([]byte(broken), "spec"); line != 0 {
			t.Errorf("line %d of what is no object", line)
		}
	}
}

// FuzzALineIsOneOfTheFile: whatever is asked of whatever file.
func FuzzALineIsOneOfTheFile(f *testing.F) {
	f.Add("spec: {a: &x [*x]}", "spec.a")
	f.Add("---\n", "spec")
	f.Add("a: &a {a: *a}\n", "a.a.a")
	f.Fuzz(func(t *testing.T, content, field string) {
		lines := strings.Count(content, "\n") + strings.Count(content, "\r") + strings.Count(content, "\u2028") + strings.Count(content, "\u2029") + strings.Count(content, "\u0085") + 1
		if line := v1alpha1.Line([]byte(content), field); line < 0 || line > lines {
			t.Errorf("line %d of %d", line, lines)
		}
	})
}
