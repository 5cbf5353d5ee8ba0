package bias_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
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
	c.Dataset.Spec.Groups = []string{"sex"}
	return c
}

const (
	header  = "sex,died,days\n"
	six     = "female,1,10\nfemale,0,90\nmale,1,20\nmale,1,30\nmale,0,80\n,0,70\n"
	holdout = header + six
)

func repeated(times int) string { return header + strings.Repeat(six, times) }

func TestGateReadsOutcomeAndCohorts(t *testing.T) {
	measured, err := bias.Gate{}.Measure(context.Background(), candidate(t, repeated(6), v1alpha1.Binary, slices.Repeat([]float64{.9, .2, .8, .1, .3, .4}, 6)...))
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	half := .5
	all.check(t, "equal_opportunity_difference", "sex", &half)
	all.check(t, "sensitivity", "sex=male", &half)
	if columns := all.find(t, "group_columns", ""); columns.Value != "1" || columns.N != 36 {
		t.Errorf("got %+v", columns)
	}
	if champions := all.find(t, "champions", ""); champions.Value != "0" {
		t.Errorf("got %+v", champions)
	}
	measured, err = bias.Gate{}.Measure(context.Background(), candidate(t, holdout, v1alpha1.Survival, .9, .2, .8, .1, .3, .4))
	if err != nil {
		t.Fatal(err)
	}
	third := 1. / 3
	measurements(measured).check(t, "c_index_gap", "sex", &third)
}

func TestGateWithoutGroupColumns(t *testing.T) {
	c := candidate(t, holdout, v1alpha1.Binary, .9, .2, .8, .1, .3, .4)
	c.Dataset.Spec.Groups = nil
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil || len(measured) != 2 || measured[0].Value != "0" || measured[1].Name != "champions" {
		t.Errorf("got %+v, %v", measured, err)
	}
}

// Of 30 patients five are men and six give no sex. Nothing is told of either,
// but the gap counts the men.
func TestNothingIsToldOfFewerThanElevenPatients(t *testing.T) {
	few := header + strings.Repeat("female,1,10\nfemale,0,20\n", 12) + strings.Repeat(",0,30\n", 6) + strings.Repeat("male,1,40\n", 5)
	c := candidate(t, few, v1alpha1.Binary, slices.Repeat([]float64{.9, .1, .8, .2, .7}, 7)...)
	c.ChampionScores = slices.Repeat([]float64{.8, .2, .9, .3, .1}, 7)
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, m := range measured {
		switch m.Group {
		case "sex=male", "sex=(missing)":
			if m.Value != "" || m.Low != "" || m.N != 0 || m.Method != "fewer than 11 patients" {
				t.Errorf("got %+v", m)
			}
		case "sex=female":
			told++
		}
	}
	if gap := measurements(measured).find(t, "equal_opportunity_difference", "sex"); told < 10 || gap.Value == "" || gap.N != 5 {
		t.Errorf("%d told; got %+v", told, gap)
	}
}

func TestGateNamesTheFileTheColumnAndTheRow(t *testing.T) {
	for want, c := range map[string]gates.Candidate{
		`holdout.csv: row 2, column "died"`:              candidate(t, "sex,died\nfemale,1\nmale,\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: 2 rows, but 1 scores`:              candidate(t, "sex,died\nfemale,1\nmale,0\n", v1alpha1.Binary, .1),
		`holdout.csv: there is no column "sex"`:          candidate(t, "died\n1\n0\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: scores: all rows are of one class`: candidate(t, "sex,died\nfemale,1\nmale,1\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: row 1, column "days": a follow-up`: candidate(t, "sex,died,days\nfemale,1,\nmale,1,3\n", v1alpha1.Survival, .1, .2),
		`task "ranking" is neither binary nor survival`:  candidate(t, holdout, "ranking", .9, .2, .8, .1, .3, .4),
		`row 2, column "died": 2 is neither 0 nor 1`:     candidate(t, "sex,died\nfemale,1\nmale,2\n", v1alpha1.Binary, .1, .2),
		`column "died": "yes" is not a number`:           candidate(t, "sex,died\nfemale,yes\nmale,0\n", v1alpha1.Binary, .1, .2),
	} {
		if _, err := (bias.Gate{}).Measure(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
