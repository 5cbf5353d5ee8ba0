package stats_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func testKaplanMeier(t *testing.T, section entry) {
	for _, e := range section.each() {
		e.text("id")
		timeColumn, group := e.text("time"), e.text("group_column")
		eventColumn, eventValue, ok := strings.Cut(e.text("event"), " == ")
		if !ok {
			eventValue = "1"
		}
		data := study(t, e.text("dataset"), e.text("filter")).complete(timeColumn, eventColumn)
		var time []float64
		var event []bool
		var groups []int
		for number, wanted := range e.at("groups").each() {
			name := wanted.text("group")
			part := data.where(func(row int) bool { return group == "" || data[group][row] == name })
			times, events := part.number(t, timeColumn), part.is(eventColumn, eventValue)
			testCurve(t, wanted, times, events)
			time, event = append(time, times...), append(event, events...)
			groups = append(groups, slices.Repeat([]int{number}, len(times))...)
		}
		if e.has("logrank") {
			testLogRank(t, e, time, event, groups)
		}
	}
}

func testCurve(t *testing.T, e entry, time []float64, event []bool) {
	curve := must[stats.Curve](t)(stats.KaplanMeier(time, event))
	e.near(float64(len(time)), 0, "n")
	e.near(float64(count(event)), 0, "events")
	var survival, se, hazard, atRisk, low, high []float64
	for _, at := range e.numbers("times") {
		step := curve.At(at)
		interval := step.Interval(stats.LogBand, stats.Alpha)
		if step.Survival == 1 { // R has no interval there; ours says what nobody's event tells
			if interval.Low > .99 || interval.High != 1 {
				t.Errorf("%s: %v at %v", e.path, interval, at)
			}
			interval.Low = 1
		}
		survival, se, hazard = append(survival, step.Survival), append(se, step.SE), append(hazard, step.CumulativeHazard)
		low, high, atRisk = append(low, interval.Low), append(high, interval.High), append(atRisk, float64(curve.AtRisk(at)))
	}
	e.nearAll(survival, closed, "surv")
	e.nearAll(se, closed, "greenwood_se")
	e.nearAll(hazard, closed, "nelson_aalen_cumhaz")
	e.nearAll(atRisk, 0, "n_risk")
	e.nearAll(low, closed, "ci95_log_lower")
	e.nearAll(high, closed, "ci95_log_upper")
	horizon := e.number("rmst_tau")
	mean := must[stats.RestrictedMean](t)(curve.RestrictedMean(horizon))
	e.near(mean.Value, closed, "rmst")
	e.near(mean.SE, closed, "rmst_se")
	moments(t, e.path+" median", []stats.Moment{curve.Median()}, []float64{e.optional("median")})
	first, last := curve.MedianInterval(stats.LogBand, stats.Alpha)
	moments(t, e.path+" log", []stats.Moment{first, last}, e.numbers("median_ci95_log"))
	first, last = curve.MedianInterval(stats.LogLogBand, stats.Alpha)
	moments(t, e.path+" log-log", []stats.Moment{first, last}, e.numbers("median_ci95_loglog"))
}

// moments compares times of which NaN was not reached.
func moments(t *testing.T, what string, got []stats.Moment, want []float64) {
	t.Helper()
	for i, moment := range got {
		if moment.Reached == math.IsNaN(want[i]) || moment.Reached && math.Abs(moment.Time-want[i]) > closed*want[i] {
			t.Errorf("%s: got %+v, want %v", what, got, want)
		}
	}
}

func testLogRank(t *testing.T, e entry, time []float64, event []bool, groups []int) {
	got := must[stats.LogRankTest](t)(stats.LogRank(time, event, groups))
	e.near(got.Statistic, closed, "logrank", "chi2")
	e.near(float64(got.DegreesOfFreedom), 0, "logrank", "df")
	e.near(got.P, closed, "logrank", "p")
	e.nearAll(got.Observed, closed, "logrank", "observed")
	e.nearAll(got.Expected, closed, "logrank", "expected")
	peto := must[stats.LogRankTest](t)(stats.PetoPeto(time, event, groups))
	e.near(peto.Statistic, closed, "peto_peto_rho1", "chi2")
	e.near(peto.P, closed, "peto_peto_rho1", "p")
}

func testCompetingRisks(t *testing.T, section entry) {
	for _, e := range section.each() {
		if e.text("id") != "melanoma" {
			t.Fatalf("no design %q", e.path)
		}
		data := study(t, e.text("dataset"), "")
		var causes []int
		for _, status := range data["status"] {
			causes = append(causes, map[string]int{"1": 1, "2": 2}[status])
		}
		for cause, key := range []string{"cause1", "cause2"} {
			curve := must[stats.Incidence](t)(stats.CumulativeIncidence(data.number(t, "time"), causes, cause+1))
			var incidence, se []float64
			for _, at := range e.numbers("times") {
				incidence, se = append(incidence, curve.At(at).Incidence), append(se, curve.At(at).SE)
			}
			e.nearAll(incidence, closed, "cif_"+key)
			e.nearAll(se, closed, "se_"+key)
		}
	}
}
