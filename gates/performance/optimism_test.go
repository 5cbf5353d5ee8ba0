package performance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// rowsFile writes patients of whom every third has the event.
func rowsFile(t *testing.T, name string, n int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("patient,died\n")
	for row := range n {
		fmt.Fprintf(&text, "p%d,%d\n", row, b2i(row%3 == 0))
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func b2i(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// risks are scores that are right for all but every eighth patient or so.
func risks(n, wrongEvery int) []float64 {
	scores := make([]float64, n)
	for row := range scores {
		high := (row%3 == 0) != (row%wrongEvery == 0)
		scores[row] = 0.1 + 0.7*float64(b2i(high)) + float64(row%7)/100
	}
	return scores
}

func overfitted(t *testing.T) gates.Candidate {
	candidate := gates.Candidate{
		Train: rowsFile(t, "train.csv", 120), Holdout: rowsFile(t, "holdout.csv", 120),
		Scores: risks(120, 4), RepeatedScores: risks(120, 4), TrainScores: risks(120, 1000),
		Artifact: evidence.Subject{Name: "m", Digest: evidence.Sum([]byte("m"))},
	}
	candidate.Model.Spec.Task, candidate.Model.Spec.DecisionThreshold = v1alpha1.Binary, 0.5
	candidate.Dataset.Spec.Label = "died"
	return candidate
}

func value(t *testing.T, candidate gates.Candidate, name string) evidence.Measurement {
	t.Helper()
	measured, err := performance.Gate{}.Measure(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range measured {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measurement %s", name)
	return evidence.Measurement{}
}

func TestWhatIsLostOnNewPatientsIsOptimism(t *testing.T) {
	lost := value(t, overfitted(t), "optimism")
	if lost.Value.Float() < 0.2 || lost.Low.Float() >= lost.Value.Float() || lost.High.Float() <= lost.Value.Float() {
		t.Errorf("%+v", lost)
	}
	unscored := overfitted(t)
	unscored.TrainScores = nil
	if none := value(t, unscored, "optimism"); none.Value != "" {
		t.Errorf("optimism without training scores: %+v", none)
	}
}

func TestAModelThatChangesItsMindIsCounted(t *testing.T) {
	if m := value(t, overfitted(t), "unstable_scores"); m.Value != "0" || m.N != 120 {
		t.Errorf("%+v", m)
	}
	changing := overfitted(t)
	changing.RepeatedScores[3] += 1e-15
	changing.RepeatedScores[9] = 0.5
	if m := value(t, changing, "unstable_scores"); m.Value != "2" {
		t.Errorf("%+v", m)
	}
	changing.RepeatedScores = nil
	if m := value(t, changing, "unstable_scores"); m.Value != "120" {
		t.Errorf("never asked again: %+v", m)
	}
}
