package bias_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// everything measures 60 patients in all ways, and finds each number honest.
func everything(t *testing.T, values func(row int) string, score func(row int) float64) measurements {
	t.Helper()
	of := bias.Attribute{Column: "of=a\nb"}
	var scores, time []float64
	var labels []bool
	for row := range 60 {
		of.Values = append(of.Values, values(row))
		scores, time, labels = append(scores, score(row)), append(time, float64(row%7)), append(labels, row%3 == 0)
	}
	attributes := []bias.Attribute{of}
	binary, err := bias.Binary(scores, labels, .5, attributes)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := bias.Changes(at(.5, scores), at(.4, scores), labels, attributes)
	if err != nil {
		t.Fatal(err)
	}
	survival, err := bias.Survival(scores, time, labels, attributes)
	if err != nil {
		t.Fatal(err)
	}
	risks, err := bias.Horizon(scores, time, labels, 3, attributes)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(binary, changed, survival, risks)
	names := map[string]bool{}
	for _, m := range all {
		if err := m.Validate(); err != nil || m.Method == "" {
			t.Errorf("%+v: %v", m, err)
		}
		names[m.Name] = true
	}
	if len(names) < 30 {
		t.Errorf("only %d kinds of numbers", len(names))
	}
	if _, err := evidence.MarshalNumbers(all); err != nil {
		t.Error(err)
	}
	return all
}

func rising(row int) float64 { return float64(row+1) / 61 }

func TestColumnsThatNameNoCohorts(t *testing.T) {
	for name, values := range map[string]func(int) string{
		"one cohort":   func(int) string { return "a" },
		"all missing":  func(int) string { return "" },
		"all named so": func(int) string { return "(missing)" },
	} {
		all := everything(t, values, rising)
		for _, gap := range []string{"equal_opportunity_difference", "auroc_gap", "ppv_ratio", "c_index_gap"} {
			if m := all.find(t, gap, "of=a\nb"); m.Value != "" || m.Low != "0" || m.High != "1" {
				t.Errorf("%s: got %+v", name, m)
			}
		}
		if p := all.find(t, "equivalence_p", "sensitivity of=a\nb"); p.Value != "" {
			t.Errorf("%s: got %+v", name, p)
		}
	}
}

// Names are told as they are; whoever prints them sees to his own page.
func TestNamesOfCohortsAreKeptApart(t *testing.T) {
	all := everything(t, func(row int) string { return []string{"a=b", "a\nb", "a,b=c"}[row%3] }, rising)
	for _, name := range []string{"a=b", "a\nb", "a,b=c"} {
		if size := all.find(t, "group_size", "of=a\nb="+name); size.Value != "20" {
			t.Errorf("got %+v", size)
		}
	}
}

func TestIdenticalScoresDistinguishNobody(t *testing.T) {
	all := everything(t, func(row int) string { return []string{"a", "b"}[row%2] }, func(int) float64 { return .5 })
	none, half := 0., .5
	all.check(t, "auroc_gap", "of=a\nb", &none)
	all.check(t, "auroc", "of=a\nb=a", &half)
	all.check(t, "calibration_slope", "of=a\nb=a", nil)
	all.check(t, "lowest_calibration_slope", "of=a\nb", nil)
}

func TestACohortWithoutTheEventLeavesEveryBoundOpen(t *testing.T) {
	all := everything(t, func(row int) string { return []string{"none", "a", "b"}[(row+2)%3] }, rising)
	if gap, slope := all.find(t, "equal_opportunity_difference", "of=a\nb"), all.find(t, "highest_calibration_slope", "of=a\nb"); gap.High != "1" || slope.Value != "" {
		t.Errorf("got %+v and %+v", gap, slope)
	}
	if fewest := all.find(t, "fewest_positives", "of=a\nb"); fewest.Value != "0" {
		t.Errorf("got %+v", fewest)
	}
}

func TestMoreThanSixtyFourCohortsAreNone(t *testing.T) {
	values := make([]string, 65)
	labels, scores, time := make([]bool, 65), make([]float64, 65), make([]float64, 65)
	for row := range values {
		values[row], labels[row], scores[row], time[row] = fmt.Sprint(row), row%2 == 0, rising(row%60), float64(row)
	}
	attributes := []bias.Attribute{{Column: "ward", Values: values}}
	const want = `column "ward": row 65: a column of cohorts has at most 64 values`
	_, binary := bias.Binary(scores, labels, .5, attributes)
	_, changed := bias.Changes(at(.5, scores), at(.5, scores), labels, attributes)
	_, survival := bias.Survival(scores, time, labels, attributes)
	_, horizon := bias.Horizon(scores, time, labels, 3, attributes)
	for _, err := range []error{binary, changed, survival, horizon} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
