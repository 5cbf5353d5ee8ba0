package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// noCohort says why there is no worst one.
const noCohort = "no row names a cohort"

// worst tells of the cohorts that are served worst. Each cohort's interval
// holds at alpha over their number, so all hold at once, and the true extreme
// lies between the extremes of their ends.
func worst(table []decided, column string) []evidence.Measurement {
	lowest, highest := ratioExtremes(table, column)
	return []evidence.Measurement{worstSensitivity(table, column), lowest, highest}
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

// ratioExtremes are the lowest and the highest ratio of observed over expected
// events. Where one cohort has none, neither has a bound.
func ratioExtremes(table []decided, column string) (lowest, highest evidence.Measurement) {
	lowest = evidence.Measurement{Name: "lowest_oe_ratio", Group: column, Method: noCohort}
	highest = evidence.Measurement{Name: "highest_oe_ratio", Group: column, Method: noCohort}
	if len(table) == 0 {
		return lowest, highest
	}
	least, most := math.Inf(1), math.Inf(-1)
	below, above := stats.Interval{Low: least, High: least}, stats.Interval{Low: most, High: most}
	for _, d := range table {
		if d.ratio.err != nil {
			lowest.Method, highest.Method = d.ratio.err.Error(), d.ratio.err.Error()
			return lowest, highest
		}
		own := d.ratio.interval(stats.Alpha / float64(len(table)))
		below.Low, below.High = min(below.Low, own.Low), min(below.High, own.High)
		above.Low, above.High = max(above.Low, own.Low), max(above.High, own.High)
		if ratio := d.ratio.value(); ratio < least {
			least, lowest.N = ratio, d.N()
		}
		if ratio := d.ratio.value(); ratio > most {
			most, highest.N = ratio, d.N()
		}
	}
	method := fmt.Sprintf("wilson, expected events fixed, bonferroni over %d cohorts", len(table))
	return filled(lowest, least, below, method), filled(highest, most, above, method)
}
