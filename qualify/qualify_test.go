package qualify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/qualify"
)

// One candidate of each strength proves little about a rate, but none may be
// missed, and no clean one denied: rates are for a full run.
func TestTheGatesNoticeWhatTheyAreThereFor(t *testing.T) {
	result, err := qualify.Run(t.Context(), qualify.Small(1))
	if err != nil {
		t.Fatal(err)
	}
	if missed := result.Missed(); len(missed) > 0 {
		t.Errorf("missed: %q", missed)
	}
	for _, population := range result.Performance {
		if population.N != 1 || len(population.Denied) > 0 {
			t.Errorf("%s: %d clean candidates, denied by %v", population.Data, population.N, population.Denied)
		}
	}
	for _, vector := range result.Installation.Vectors {
		if vector.Got != vector.Want {
			t.Errorf("%s is %s, and published as %s (%s)", vector.Name, vector.Got, vector.Want, vector.Source)
		}
	}
	for _, gate := range result.Gates {
		if gate.Sensitivity.N < 10 || gate.Specificity.N != 3 {
			t.Errorf("%s: %d defects and %d clean candidates", gate.Name, gate.Sensitivity.N, gate.Specificity.N)
		}
	}
	told(t, result)
}

// told holds when text and JSON say what the result says.
func told(t *testing.T, result qualify.Qualification) {
	t.Helper()
	var text, statement strings.Builder
	if err := result.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"qualified: profile production", "GATE", "leakage in text", "Performance: clean candidates", "ncctg-lung"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	if err := result.JSON(&statement); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Type          string `json:"_type"`
		Subject       []struct{ Digest map[string]string }
		PredicateType string
		Predicate     qualify.Qualification
	}
	if err := json.Unmarshal([]byte(statement.String()), &read); err != nil {
		t.Fatal(err)
	}
	if read.Type != "https://in-toto.io/Statement/v1" || read.PredicateType != qualify.PredicateType ||
		"sha256:"+read.Subject[0].Digest["sha256"] != result.Installation.Policy || len(read.Predicate.Operational) != len(result.Operational) {
		t.Errorf("the statement says %.400s", statement.String())
	}
}
