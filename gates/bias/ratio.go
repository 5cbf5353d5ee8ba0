package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// nobody says why a ratio of selection rates has no value.
const nobody = "0/0: nobody is selected in any cohort"

// ratioGap is the smallest over the largest of some proportions of at least
// one row each. Wilson's intervals at a level that holds for all cohorts at
// once span a box; the interval is what the ratio can be inside it.
func ratioGap(rates []stats.Proportion, alpha float64) gap {
	g := gap{smallest: math.MaxInt}
	if len(rates) < 2 {
		return g.unknown(tooFew)
	}
	level := alpha / float64(len(rates))
	smallest, largest := math.Inf(1), 0.0
	g.Low, g.High = 1, 1
	for i, rate := range rates {
		g.smallest = min(g.smallest, rate.Trials)
		value, _ := rate.Value()
		smallest, largest = min(smallest, value), max(largest, value)
		of := rate.Wilson(level)
		for j := range rates {
			if i != j {
				over := rates[j].Wilson(level)
				g.Low = min(g.Low, of.Low/over.High)
				g.High = min(g.High, of.High/over.Low) // over 0 it is infinite
			}
		}
	}
	if largest == 0 {
		return g.unknown(nobody)
	}
	g.Value, g.defined = smallest/largest, true
	g.Method = fmt.Sprintf("wilson, bonferroni over %d cohorts", len(rates))
	return g
}
