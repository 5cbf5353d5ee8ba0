package performance_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

func candidate(t *testing.T, holdout string, task v1alpha1.Task, scores ...float64) gates.Candidate {
	t.Helper()
	path := filepath.Join(t.TempDir(), "holdout.csv")
	if err := os.WriteFile(path, []byte(holdout), 0o600); err != nil {
		t.Fatal(err)
	}
	var c gates.Candidate
	c.Holdout, c.Scores = path, scores
	c.Model.Spec.Task = task
	c.Model.Spec.DecisionThreshold = .5
	c.Dataset.Spec.Label = "died"
	c.Dataset.Spec.Time, c.Dataset.Spec.Event = "days", "died"
	c.Artifact = evidence.Subject{Name: "lung-risk", Digest: evidence.Sum([]byte("weights"))}
	return c
}

func TestGateMeasuresTheHoldout(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "asah.csv"))
	if err != nil {
		t.Fatal(err)
	}
	scores, _ := asah(t)
	c := candidate(t, string(content), v1alpha1.Binary, scores...)
	c.Dataset.Spec.Label = "y"
	first, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	near(t, first, "auroc", .7690058479, 1e-9)
	again, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil || !slices.Equal(first, again) {
		t.Errorf("the same candidate gave other numbers: %v", err)
	}
	c.Artifact.Digest = evidence.Sum([]byte("other weights"))
	other, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil || find(t, other, "auprc") == find(t, first, "auprc") {
		t.Errorf("another artifact was resampled with the same seed: %v", err)
	}
}

func TestGateFollowsPatients(t *testing.T) {
	c := candidate(t, "days,died\n10,1\n20,1\n30,0\n40,1\n", v1alpha1.Survival, 4, 3, 2, 1)
	measured, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "c_index", 1, 0)
	near(t, measured, "events", 3, 0)
	near(t, measured, "champions", 0, 0)
}

func TestAModelIsNeverItsOwnChampion(t *testing.T) {
	c := candidate(t, "died\n1\n0\n", v1alpha1.Binary, .9, .1)
	c.Champion, c.ChampionScores, c.ChampionThreshold = c.Artifact, c.Scores, .4
	if _, err := (performance.Gate{}).Measure(context.Background(), c); err == nil || !strings.Contains(err.Error(), "is the candidate itself") {
		t.Errorf("got %v", err)
	}
	c.Champion.Digest = evidence.Sum([]byte("other weights"))
	if _, err := (performance.Gate{}).Measure(context.Background(), c); err != nil {
		t.Error(err)
	}
}

func TestGateNamesTheFileTheColumnAndTheRow(t *testing.T) {
	for want, c := range map[string]gates.Candidate{
		`holdout.csv: row 2, column "died"`:                     candidate(t, "age,died\n50,1\n60,\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: 2 rows, but 1 scores`:                     candidate(t, "age,died\n50,1\n60,0\n", v1alpha1.Binary, .1),
		`holdout.csv: there is no column "died"`:                candidate(t, "age,dead\n50,1\n60,0\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: column "died": all rows are of one class`: candidate(t, "age,died\n50,1\n60,1\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: row 2, column "days"`:                     candidate(t, "days,died\n50,1\n-1,1\n", v1alpha1.Survival, .1, .2),
	} {
		if _, err := (performance.Gate{}).Measure(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	missing := candidate(t, "died\n1\n", v1alpha1.Binary, .1)
	missing.Holdout += ".not"
	if _, err := (performance.Gate{}).Measure(context.Background(), missing); err == nil || !strings.Contains(err.Error(), "reading the holdout") {
		t.Errorf("got %v", err)
	}
}

func TestGateMeasuresRisksByTheHorizon(t *testing.T) {
	c := candidate(t, "days,died\n10,1\n20,1\n30,0\n40,1\n50,0\n60,1\n", v1alpha1.Survival, 6, 4, 5, 3, 1, 2)
	undeclared, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	near(t, undeclared, "horizons", 0, 0)
	c.Model.Spec.Horizon, c.Risks = 35, []float64{.9, .7, .6, .2, .3, .1}
	measured, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "horizons", 1, 0)
	near(t, measured, "oe_ratio_at_horizon", (2./6)/(2.8/6), 1e-12)
	near(t, measured, "auroc_at_horizon", 1, 0)
	// Squared errors of .1, .3 and, of those beyond, .2, .3 and .1; the last three
	// count 4/3, since of four who were followed to day 30 one left.
	near(t, measured, "brier_at_horizon", (.01+.09+4./3*(.04+.09+.01))/6, 1e-12)
	near(t, measured, "scaled_brier_at_horizon", 1-(.01+.09+4./3*(.04+.09+.01))/(6*2./3/3), 1e-12)
	c.Risks = nil
	measured, err = performance.Gate{}.Measure(context.Background(), c)
	if m := find(t, measured, "oe_ratio_at_horizon"); err != nil || m.Value != "" || m.Method != "the model gives no risks by its horizon" {
		t.Errorf("got %+v, %v", m, err)
	}
}
