package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// nobody says why a ratio of rates has no value.
const nobody = "0/0: the rate is 0 in every cohort"

// ratioGap is the smallest over the largest of some proportions. Wilson's
// intervals at a level that holds for all cohorts at once span a box; the
// interval is what the ratio can be inside it. A proportion of which nothing
// is known, such as the PPV where nobody is selected, may be 0: low is 0.
func ratioGap(rates []stats.Proportion, alpha float64) gap {
	g := gap{smallest: math.MaxInt}
	level := alpha / float64(max(1, len(rates)))
	smallest, largest, known := math.Inf(1), 0.0, 0
	g.Low, g.High = 1, 1
	for i, rate := range rates {
		g.smallest = min(g.smallest, rate.Trials)
		if value, err := rate.Value(); err == nil {
			smallest, largest, known = min(smallest, value), max(largest, value), known+1
		}
		of := rate.Wilson(level)
		for j := range rates {
			if i != j {
				over := rates[j].Wilson(level)
				g.Low = min(g.Low, of.Low/over.High)
				g.High = min(g.High, of.High/over.Low) // over 0 it is infinite
			}
		}
	}
	if known < 2 {
		return g.unknown(tooFew)
	}
	if largest == 0 {
		return g.unknown(nobody)
	}
	g.Value, g.defined = smallest/largest, true
	g.Method = fmt.Sprintf("wilson, bonferroni over %d cohorts", len(rates))
	return g
}
