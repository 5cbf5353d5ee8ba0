package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// The diagnoses of skin conditions by two dermatologists, in the manual of SAS
// PROC FREQ: kappa 0.3449 with a standard error of 0.0724.
func TestKappaOfTheManualOfSAS(t *testing.T) {
	got, err := stats.KappaEstimate([][]int{{10, 4, 1, 0}, {5, 10, 12, 2}, {2, 4, 12, 5}, {0, 2, 6, 13}})
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]float64{"kappa": {got.Value, .3449}, "low": {got.Low, .2030}, "high": {got.High, .4868}} {
		if math.Abs(pair[0]-pair[1]) > 5e-5 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
}

// In a fourfold table without disagreement the usual variance is 0. Twenty of
// twenty agree with a probability of at least 0.8316 (Clopper and Pearson);
// chance agrees in one half.
func TestPerfectAgreementOfFewIsNotCertain(t *testing.T) {
	got, err := stats.KappaEstimate([][]int{{10, 0}, {0, 10}})
	if err != nil {
		t.Fatal(err)
	}
	low := 2*math.Pow(.025, 1./20) - 1
	if got.Value != 1 || got.High != 1 || math.Abs(got.Low-low) > 1e-12 {
		t.Errorf("%+v, want 1 (%v to 1)", got, low)
	}
}

func TestRatersWhoOnlyDisagreeStayInRange(t *testing.T) {
	got, err := stats.KappaEstimate([][]int{{0, 10}, {10, 0}})
	if err != nil || got.Value != -1 || got.Low != -1 || !(got.High > -1 && got.High < 0) {
		t.Errorf("%+v, %v", got, err)
	}
}

// The order of words and of raters is nobody's business.
func TestKappaIsSymmetric(t *testing.T) {
	table := [][]int{{20, 5, 1}, {3, 30, 2}, {0, 4, 9}}
	one, err := stats.KappaEstimate(table)
	if err != nil {
		t.Fatal(err)
	}
	for name, turned := range map[string][][]int{
		"raters": {{20, 3, 0}, {5, 30, 4}, {1, 2, 9}},
		"words":  {{9, 4, 0}, {2, 30, 3}, {1, 5, 20}},
	} {
		other, err := stats.KappaEstimate(turned)
		if err != nil || math.Abs(other.Value-one.Value) > 1e-12 || math.Abs(other.Low-one.Low) > 1e-12 {
			t.Errorf("%s turned: %+v, was %+v, %v", name, other, one, err)
		}
	}
}

func TestKappaThatDoesNotExist(t *testing.T) {
	for name, test := range map[string]struct {
		table [][]int
		want  error
	}{
		"nobody":   {nil, stats.ErrEmpty},
		"one word": {[][]int{{7}}, stats.ErrUndefined},
		"ragged":   {[][]int{{1, 2}, {3}}, stats.ErrLength},
		"negative": {[][]int{{1, -1}, {0, 1}}, stats.ErrRange},
	} {
		if got, err := stats.KappaEstimate(test.table); !errors.Is(err, test.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
