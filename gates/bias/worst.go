package bias

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// noCohort says why there is no worst one.
const noCohort = "no row names a cohort"

// worst tells of the cohorts that are served worst. Each cohort's interval
// holds at alpha over their number, so all hold at once.
func worst(table []decided, column string) []evidence.Measurement {
	level := stats.Alpha / float64(max(1, len(table)))
	ratios, slopes := make([]held, len(table)), make([]held, len(table))
	for i, d := range table {
		ratios[i] = d.ratio.at(level)
		slopes[i] = d.slope.at(level, d.N())
	}
	measured := []evidence.Measurement{worstSensitivity(table, column)}
	measured = append(measured, extremes("oe_ratio", column, expectedMethod, ratios, anyRatio)...)
	return append(measured, extremes("calibration_slope", column, "wald", slopes, stats.Interval{Low: -anything, High: anything})...)
}

// at widens a normal interval of 95 % to another level.
func (e estimated) at(level float64, n int) held {
	if e.err != nil {
		return held{err: e.err}
	}
	wider := distuv.UnitNormal.Quantile(1-level/2) / distuv.UnitNormal.Quantile(1-stats.Alpha/2)
	return held{value: e.Value, n: n, within: stats.Interval{
		Low:  e.Value - (e.Value-e.Low)*wider,
		High: e.Value + (e.High-e.Value)*wider,
	}}
}

// worstSensitivity is that of the cohort in which the fewest are found. Of a
// cohort in which nobody has the event nothing is known: low is 0.
func worstSensitivity(table []decided, column string) evidence.Measurement {
	measured := evidence.Measurement{Name: "worst_sensitivity", Group: column, Method: "no row of any cohort has the event"}
	value, within := math.Inf(1), stats.Interval{Low: 1, High: 1}
	for _, d := range table {
		rate := d.Sensitivity()
		own := rate.Wilson(stats.Alpha / float64(len(table)))
		within.Low, within.High = min(within.Low, own.Low), min(within.High, own.High)
		if found, err := rate.Value(); err == nil && found < value {
			value, measured.N = found, rate.Trials
		}
	}
	if math.IsInf(value, 1) {
		return measured
	}
	return filled(measured, value, within, fmt.Sprintf("wilson, bonferroni over %d cohorts", len(table)))
}
