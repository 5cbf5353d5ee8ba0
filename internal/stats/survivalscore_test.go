package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Without censoring the weights are 1, and both scores are the plain ones.
func TestWithoutCensoringSurvivalScoresArePlain(t *testing.T) {
	time, survival := []float64{1, 2, 3, 4, 5, 6}, []float64{.2, .6, .3, .7, .6, .9}
	event, early, risk := make([]bool, 6), make([]bool, 6), make([]float64, 6)
	for i := range time {
		event[i], early[i], risk[i] = true, time[i] <= 3, 1-survival[i]
	}
	plain, err := stats.Brier(risk, early)
	got, err2 := stats.BrierAt(survival, time, event, 3)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	near(t, "brier", got.Value, plain.Value, closed)
	auc := must[stats.Ranking](t)(stats.AUCAt(risk, time, event, 3))
	near(t, "auc", auc.Value, deLong(t, risk, early).Value, closed)
}

// Graf's weights by hand: G drops to 2/3 at the censored row of time 2.
func TestCensoredRowsHandTheirWeightOn(t *testing.T) {
	time, event := []float64{1, 2, 3, 4}, []bool{true, false, true, true}
	survival := []float64{.5, .5, .5, .2}
	got := must[stats.Estimate](t)(stats.BrierAt(survival, time, event, 3))
	near(t, "brier", got.Value, (.25+0+.25*1.5+.64*1.5)/4, closed)
	auc := must[stats.Ranking](t)(stats.AUCAt([]float64{.9, .5, .1, .3}, time, event, 3))
	near(t, "auc", auc.Value, 1/(1+1.5), closed) // the event at 1 wins, the heavier one at 3 loses
	whole := must[stats.Estimate](t)(stats.IntegratedBrier(
		[][]float64{{.5, .5}, {.5, .5}, {.5, .5}, {.2, .2}}, time, event, []float64{3, 3.5}))
	near(t, "integrated", whole.Value, got.Value, closed)
}

func TestHorizonBeyondFollowUpHasNoScore(t *testing.T) {
	time, event := []float64{1, 2}, []bool{true, true}
	if _, err := stats.BrierAt([]float64{.5, .5}, time, event, 2); !errors.Is(err, stats.ErrRange) {
		t.Errorf("brier: %v", err)
	}
	if _, err := stats.AUCAt([]float64{.5, .5}, time, event, .5); !errors.Is(err, stats.ErrOneClass) {
		t.Errorf("auc before the first event: %v", err)
	}
	curve := must[stats.Curve](t)(stats.KaplanMeier([]float64{1, 2}, []bool{true, false}))
	if _, err := curve.RestrictedMean(3); !errors.Is(err, stats.ErrRange) {
		t.Errorf("restricted mean: %v", err)
	}
	untouched := must[stats.RestrictedMean](t)(curve.RestrictedMean(.5))
	if interval := untouched.Interval(stats.Alpha); untouched.Value != .5 || interval.Low > .1 || interval.High != .5 {
		t.Errorf("half a day without events: %+v %v", untouched, interval)
	}
}

// Rewriting the unit of time moves times and leaves tests alone.
func TestUnitsOfTime(t *testing.T) {
	c := lung(t)
	var groups []int
	months := make([]float64, len(c.time))
	for i, x := range c.x {
		groups, months[i] = append(groups, int(x[1])), c.time[i]/32
	}
	days, inMonths := must[stats.LogRankTest](t)(stats.LogRank(c.time, c.event, groups)), must[stats.LogRankTest](t)(stats.LogRank(months, c.event, groups))
	near(t, "log-rank", inMonths.Statistic, days.Statistic, 1e-12)
	curve, scaled := must[stats.Curve](t)(stats.KaplanMeier(c.time, c.event)), must[stats.Curve](t)(stats.KaplanMeier(months, c.event))
	near(t, "median", scaled.Median().Time*32, curve.Median().Time, 1e-12)
	mean, inside := must[stats.RestrictedMean](t)(curve.RestrictedMean(365)), must[stats.RestrictedMean](t)(scaled.RestrictedMean(365./32))
	near(t, "restricted mean", inside.Value*32, mean.Value, 1e-12)
}

// Incidences of all causes and the survival from any add up to 1.
func TestIncidencesAndSurvivalShareTheWhole(t *testing.T) {
	data := readPatients(t, "melanoma_odense.csv")
	var causes []int
	var any []bool
	for _, status := range data["status"] {
		cause := map[string]int{"1": 1, "2": 2}[status]
		causes, any = append(causes, cause), append(any, cause > 0)
	}
	time := data.number(t, "time")
	first, second := must[stats.Incidence](t)(stats.CumulativeIncidence(time, causes, 1)), must[stats.Incidence](t)(stats.CumulativeIncidence(time, causes, 2))
	survival := must[stats.Curve](t)(stats.KaplanMeier(time, any))
	for _, at := range []float64{0, 500, 2000, 5000} {
		if sum := first.At(at).Incidence + second.At(at).Incidence + survival.At(at).Survival; math.Abs(sum-1) > 1e-12 {
			t.Errorf("at %v: %v", at, sum)
		}
	}
}
