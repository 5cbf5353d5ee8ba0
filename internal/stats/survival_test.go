package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func TestConcordanceOfAgeAlone(t *testing.T) {
	data := readPatients(t, "lung_ncctg.csv")
	got, err := stats.Harrell(data.number(t, "age"), data.number(t, "time"), data.is("status", "2"))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "concordance", got.Value, .5502398, printed)
	near(t, "se", math.Sqrt(got.Variance), .02514211, printed)
}

func TestNobodyIsLostBeforeTheFirstEvent(t *testing.T) {
	curve, err := stats.KaplanMeier([]float64{5, 9}, []bool{true, false})
	if err != nil {
		t.Fatal(err)
	}
	if start := curve.At(1); start.Survival != 1 || start.AtRisk != 2 {
		t.Errorf("got %+v", start)
	}
}

func TestDifferenceOfTwoSurvivalModels(t *testing.T) {
	c := lung(t)
	fit, err := stats.Cox(c.x, c.time, c.event, 0)
	if err != nil {
		t.Fatal(err)
	}
	full, age := c.risk(fit.Coef), c.risk([]float64{1, 0, 0})
	first, err := stats.HarrellDifference(full, age, c.time, c.event, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := stats.HarrellDifference(full, age, c.time, c.event, [32]byte{1})
	if err != nil || first != again {
		t.Errorf("the same seed gave %+v and %+v (%v)", first, again, err)
	}
	if !(0 < first.Low && first.Low < first.Value && first.Value < first.High) {
		t.Errorf("the full model is better than age alone: %+v", first)
	}
	none, err := stats.HarrellDifference(full, full, c.time, c.event, [32]byte{1})
	if err != nil || none.Value != 0 || none.Interval != (stats.Interval{}) {
		t.Errorf("a model less itself: %+v, %v", none, err)
	}
}

func TestPerfectConcordanceStaysUncertain(t *testing.T) {
	time, event := []float64{1, 2, 3, 4}, []bool{true, true, true, true}
	got, err := stats.Harrell([]float64{4, 3, 2, 1}, time, event)
	if err != nil || got.Value != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	near(t, "low", got.Interval(stats.Alpha).Low, math.Sqrt(.025), closed)
}

func TestSurvivalOfHopelessInput(t *testing.T) {
	scores := []float64{1, 2}
	for name, test := range map[string]struct {
		time  []float64
		event []bool
		want  error
	}{
		"no events":          {[]float64{1, 2}, []bool{false, false}, stats.ErrOneClass},
		"negative time":      {[]float64{-1, 2}, []bool{true, true}, stats.ErrRange},
		"missing time":       {[]float64{math.NaN(), 2}, []bool{true, true}, stats.ErrNotFinite},
		"all at one time":    {[]float64{2, 2}, []bool{true, true}, stats.ErrNoPairs},
		"event after censor": {[]float64{2, 1}, []bool{true, false}, stats.ErrNoPairs},
	} {
		for _, index := range []func(a, b []float64, c []bool) (stats.Ranking, error){stats.Harrell, stats.Uno} {
			if _, err := index(scores, test.time, test.event); !errors.Is(err, test.want) {
				t.Errorf("%s: got %v, want %v", name, err, test.want)
			}
		}
	}
}
