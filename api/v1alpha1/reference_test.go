package v1alpha1_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestReferencesAreReplacedAndTheRestStays(t *testing.T) {
	told := func(p v1alpha1.Pointer) (string, error) { return "[" + p.Measurement + "|" + p.Group + "]", nil }
	for text, want := range map[string]string{
		"":                          "",
		"no reference, $5 {braces}": "no reference, $5 {braces}",
		"it is ${performance.auroc}, and ${bias.auroc sex=not  said }": "it is [performance.auroc|], and [bias.auroc|sex=not said]",
		"${a.b}${c.d}":           "[a.b|][c.d|]",
		"${}":                    "[|]",
		"open ${performance.au":  "open [|]",
		"${a.b ${c.d}}":          "[a.b|${c.d]}",
		"told }, then ${a.b} } ": "told }, then [a.b|] } ",
	} {
		if got, err := v1alpha1.Expand(text, told); got != want || err != nil {
			t.Errorf("%q becomes %q (%v), want %q", text, got, err, want)
		}
	}
}

func TestANumberThatIsNotThereStopsTheText(t *testing.T) {
	absent := errors.New("not measured")
	_, err := v1alpha1.Expand("${a.b}", func(v1alpha1.Pointer) (string, error) { return "", absent })
	if !errors.Is(err, absent) {
		t.Errorf("got %v", err)
	}
}

// FuzzExpand: no reference is left, unless what was told holds one, and nothing
// outside of references is lost.
func FuzzExpand(f *testing.F) {
	f.Add("a ${b.c d} e")
	f.Add("${${}")
	f.Fuzz(func(t *testing.T, text string) {
		references := 0
		got, err := v1alpha1.Expand(text, func(v1alpha1.Pointer) (string, error) { references++; return "", nil })
		if err != nil || strings.Contains(got, "${") && references == 0 {
			t.Errorf("%q becomes %q (%v)", text, got, err)
		}
		if references == 0 && got != text {
			t.Errorf("%q has no reference and becomes %q", text, got)
		}
	})
}

func TestACardIsFilledAndStaysItself(t *testing.T) {
	card := v1alpha1.CardSpec{Summary: "of ${a.b}", Keywords: []string{"${a.b}"}}
	card.KeyMetrics.Safety.Results = []v1alpha1.Pointer{{Label: "as ${a.b}", Measurement: "a.b"}}
	var places []string
	filled, err := card.Fill(func(path string, _ v1alpha1.Pointer) (string, error) {
		places = append(places, path)
		return "7", nil
	})
	if err != nil || filled.Summary != "of 7" || filled.Keywords[0] != "7" || filled.KeyMetrics.Safety.Results[0].Label != "as 7" {
		t.Errorf("filled: %+v, %v", filled, err)
	}
	if card.Keywords[0] != "${a.b}" || card.KeyMetrics.Safety.Results[0].Label != "as ${a.b}" {
		t.Error("the card itself was changed")
	}
	if got := strings.Join(places, " "); got != "summary keywords[0] keyMetrics.safety.results[0].label" {
		t.Errorf("references stand at %s", got)
	}
	for _, text := range card.Texts() {
		if strings.Contains(text.Path, "measurement") {
			t.Errorf("%s is no text that people read", text.Path)
		}
		if text.Path == "trust.security" && !text.Optional || text.Path == "summary" && text.Optional {
			t.Errorf("%s: optional is %v", text.Path, text.Optional)
		}
	}
}
