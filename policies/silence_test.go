package policies_test

import (
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// A finding that says "0 rows are wrong" of rows that nobody counted sends its
// reader the wrong way: it must say that there is no evidence.
func TestWhatNobodyMeasuredIsMissingAndNotFailed(t *testing.T) {
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	release := evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("model"))}
	statements := []evidence.Statement{evidence.Trained(release, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		statements = append(statements, evidence.Measured(release, evidence.Measurements{
			Gate: gate, Environment: "production", Model: evidence.ModelFacts{Task: "binary", Purpose: "detection"},
			Measurements: []evidence.Measurement{{Name: "weather", Value: "0"}},
		}))
	}
	verdict, err := court.Judge(t.Context(), judge.Question{
		Environment: "production", Profile: "production", Time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Model: &judge.Model{Release: release, Evidence: evidence.Opened{Statements: statements}},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Satisfied are that every envelope is believed, that every gate spoke, that
	// survival is ordered and its risks by a horizon are true, where none is
	// predicted.
	if want := len(verdict.Evaluated) - 6; len(verdict.Findings) != want {
		t.Errorf("%d of %d rules are unsatisfied, want %d", len(verdict.Findings), len(verdict.Evaluated), want)
	}
	for _, finding := range verdict.Findings {
		if finding.State != gates.Missing {
			t.Errorf("%s is %s: %s", finding.Rule, finding.State, finding.Message)
		}
	}
}
