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
	measured, err = bias.Gate{}.Measure(context.Background(), candidate(t, repeated(6), v1alpha1.Survival, slices.Repeat([]float64{.9, .2, .8, .1, .3, .4}, 6)...))
	if err != nil {
		t.Fatal(err)
	}
	third, none := 1./3, 0.
	measurements(measured).check(t, "c_index_gap", "sex", &third)
	measurements(measured).check(t, "champions", "", &none)
	measurements(measured).check(t, "horizons", "", &none)
}

func TestGateWithoutGroupColumns(t *testing.T) {
	c := candidate(t, holdout, v1alpha1.Binary, .9, .2, .8, .1, .3, .4)
	c.Dataset.Spec.Groups = nil
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil || len(measured) != 2 || measured[0].Value != "0" || measured[1].Name != "champions" {
		t.Errorf("got %+v, %v", measured, err)
	}
}

func TestGateNamesTheFileTheColumnAndTheRow(t *testing.T) {
	for want, c := range map[string]gates.Candidate{
		`holdout.csv: row 2, column "died"`:                     candidate(t, "sex,died\nfemale,1\nmale,\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: 2 rows, but 1 scores`:                     candidate(t, "sex,died\nfemale,1\nmale,0\n", v1alpha1.Binary, .1),
		`holdout.csv: there is no column "sex"`:                 candidate(t, "died\n1\n0\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: column "died": all rows are of one class`: candidate(t, "sex,died\nfemale,1\nmale,1\n", v1alpha1.Binary, .1, .2),
		`holdout.csv: row 1, column "days": a follow-up`:        candidate(t, "sex,died,days\nfemale,1,\nmale,1,3\n", v1alpha1.Survival, .1, .2),
		`task "ranking" is neither binary nor survival`:         candidate(t, holdout, "ranking", .9, .2, .8, .1, .3, .4),
		`row 2, column "died": 2 is neither 0 nor 1`:            candidate(t, "sex,died\nfemale,1\nmale,2\n", v1alpha1.Binary, .1, .2),
		`column "died": "yes" is not a number`:                  candidate(t, "sex,died\nfemale,yes\nmale,0\n", v1alpha1.Binary, .1, .2),
	} {
		if _, err := (bias.Gate{}).Measure(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// Of 79 patients five are black, 20 of another race and six give none. Nothing
// is told of the five, nor of the 20, who would give them away; the gaps say
// that of both nothing is known.
func TestNothingIsToldOfFewerThanElevenPatients(t *testing.T) {
	rows := header + strings.Repeat("white,1,10\nasian,0,20\nwhite,0,10\nasian,1,10\n", 12) + strings.Repeat("other,1,10\nother,0,10\n", 10) +
		strings.Repeat("black,1,40\n", 5) + strings.Repeat(",0,30\n", 6)
	c := candidate(t, rows, v1alpha1.Binary, slices.Concat(slices.Repeat([]float64{.9, .1, .2, .8}, 17), slices.Repeat([]float64{.3}, 11))...)
	c.ChampionScores = slices.Repeat([]float64{.7}, 79)
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, m := range measured {
		if m.Value != "" || m.Low != "" || m.N != 0 {
			told[m.Group]++
		} else if strings.HasPrefix(m.Method, "not told: fewer than 11 patients") {
			told["not "+m.Group]++
		}
	}
	for _, cohort := range []string{"black", "other", "(missing)"} {
		if group := "sex=" + cohort; told[group] != 0 || told["not "+group] < 10 {
			t.Errorf("%s: %d told, %d not", group, told[group], told["not "+group])
		}
	}
	all := measurements(measured)
	if told["sex=white"] < 10 || told["sex=asian"] < 10 {
		t.Errorf("got %v", told)
	}
	for name, open := range map[string]string{"equal_opportunity_difference": "1", "auroc_gap": "1", "highest_oe_ratio": "1000", "highest_calibration_slope": ""} {
		if m := all.find(t, name, "sex"); string(m.High) != open {
			t.Errorf("got %+v", m)
		}
	}
	if worst, fewest := all.find(t, "worst_sensitivity_change", "sex"), all.find(t, "fewest_positives", "sex"); worst.Low != "-1" || fewest.Value != "10" || fewest.N != 0 {
		t.Errorf("got %+v and %+v", worst, fewest)
	}
}

// The champion finds everybody at its own threshold, and nobody at the
// candidate's.
func TestTheChampionIsDecidedAtItsOwnThreshold(t *testing.T) {
	c := candidate(t, repeated(6), v1alpha1.Binary, slices.Repeat([]float64{.9, .2, .8, .1, .3, .4}, 6)...)
	c.ChampionScores = slices.Repeat([]float64{.3, .1, .3, .3, .1, .1}, 6)
	for threshold, want := range map[float64]float64{0: .5, .25: -.5} {
		c.ChampionThreshold = threshold
		measured, err := bias.Gate{}.Measure(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		measurements(measured).check(t, "sensitivity_change", "sex=male", &want)
	}
	c.ChampionThreshold = .25
	c.ChampionScores = c.Scores
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	if same := measurements(measured).find(t, "sensitivity_change", "sex=male"); same.Method == "equal scores in every row" {
		t.Errorf("another threshold makes another decision: %+v", same)
	}
}
