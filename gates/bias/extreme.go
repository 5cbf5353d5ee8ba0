package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// anything stands for infinity, which evidence cannot hold: where a bound is as
// far off as this, nothing is known.
const anything = 1000

// held is a number of a cohort in an interval that holds for all cohorts of the
// attribute at once, or why there is none.
type held struct {
	value  float64
	within stats.Interval
	n      int
	err    error
}

// extremes are the lowest and the highest of some cohorts' numbers. All
// intervals hold at once, so the true extreme lies between the extremes of
// their ends. A cohort without a number may lie anywhere inside open; when none
// has one, neither has an extreme.
func extremes(name, column, method string, all []held, open stats.Interval) []evidence.Measurement {
	lowest := evidence.Measurement{Name: "lowest_" + name, Group: column, Method: noCohort}
	highest := evidence.Measurement{Name: "highest_" + name, Group: column, Method: noCohort}
	least, most := math.Inf(1), math.Inf(-1)
	below, above := stats.Interval{Low: least, High: least}, stats.Interval{Low: most, High: most}
	for _, one := range all {
		if one.err != nil {
			lowest.Method, highest.Method = one.err.Error(), one.err.Error()
			below.Low, above.High = min(below.Low, open.Low), max(above.High, open.High)
			continue
		}
		below.Low, below.High = min(below.Low, one.within.Low), min(below.High, one.within.High)
		above.Low, above.High = max(above.Low, one.within.Low), max(above.High, one.within.High)
		if one.value < least {
			least, lowest.N = one.value, one.n
		}
		if one.value > most {
			most, highest.N = one.value, one.n
		}
	}
	if math.IsInf(least, 1) {
		return []evidence.Measurement{lowest, highest}
	}
	method = fmt.Sprintf("%s, bonferroni over %d cohorts", method, len(all))
	return []evidence.Measurement{filled(lowest, least, below, method), filled(highest, most, above, method)}
}

func (h held) measurement(name, group string, n int, method string) evidence.Measurement {
	measured := evidence.Measurement{Name: name, Group: group, N: n}
	if h.err != nil {
		measured.Method = h.err.Error()
		return measured
	}
	return filled(measured, h.value, h.within, method)
}
