package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// gap is the largest difference of a number between any two cohorts.
type gap struct {
	stats.Estimate
	smallest int // the smallest denominator
	defined  bool
}

// tooFew says why a gap has no value.
const tooFew = "fewer than two cohorts have a value"

// pairwise makes a gap from the values of the cohorts and an interval for the
// difference of any two of them. known tells whether a cohort has a value.
// compare's intervals hold for all pairs at once, so the largest true
// difference is at least the largest lower bound and at most the largest upper
// one. A cohort without a value may be anywhere: high is 1.
func pairwise(values []float64, known []bool, compare func(i, j int) stats.Interval) gap {
	var g gap
	largest, smallest := math.Inf(-1), math.Inf(1)
	compared := 0
	for i := range values {
		if !known[i] {
			g.High = 1
			continue
		}
		compared++
		largest, smallest = max(largest, values[i]), min(smallest, values[i])
		for j := range i {
			if known[j] {
				difference := compare(i, j)
				g.Low = max(g.Low, difference.Low, -difference.High)
				g.High = max(g.High, difference.High, -difference.Low)
			}
		}
	}
	if compared < 2 {
		return g.unknown(tooFew)
	}
	g.defined = true
	g.Value, g.High = largest-smallest, min(g.High, 1)
	return g
}

// unknown is the gap that may be anything.
func (g gap) unknown(why string) gap {
	g.Estimate = stats.Estimate{Interval: stats.Interval{Low: 0, High: 1}, Method: why}
	g.defined = false
	return g
}

// pairLevel shares alpha among all pairs of cohorts.
func pairLevel(alpha float64, cohorts int) float64 {
	return alpha / float64(max(1, cohorts*(cohorts-1)/2))
}

// rateGap is the gap of a proportion, by Newcombe's intervals.
func rateGap(rates []stats.Proportion, alpha float64) gap {
	level := pairLevel(alpha, len(rates))
	values, known := make([]float64, len(rates)), make([]bool, len(rates))
	smallest := math.MaxInt
	for i, rate := range rates {
		value, err := rate.Value()
		values[i], known[i] = value, err == nil
		smallest = min(smallest, rate.Trials)
	}
	g := pairwise(values, known, func(i, j int) stats.Interval {
		return stats.Newcombe(rates[i], rates[j], level)
	})
	g.smallest = smallest
	if g.defined {
		g.Method = fmt.Sprintf("newcombe, bonferroni over %d cohorts", len(rates))
	}
	return g
}

// ranked is the ranking within a cohort, or why there is none.
type ranked struct {
	stats.Ranking
	rows  int
	known bool
	why   string
}

func rank(ranking stats.Ranking, err error, rows int) ranked {
	if err != nil {
		return ranked{rows: rows, why: err.Error()}
	}
	return ranked{Ranking: ranking, rows: rows, known: true}
}

// rankingGap is the gap of an AUROC or concordance index, by unpaired
// differences.
func rankingGap(rankings []ranked, alpha float64) gap {
	level := pairLevel(alpha, len(rankings))
	values, known := make([]float64, len(rankings)), make([]bool, len(rankings))
	smallest := math.MaxInt
	for i, r := range rankings {
		values[i], known[i] = r.Value, r.known
		smallest = min(smallest, r.rows)
	}
	g := pairwise(values, known, func(i, j int) stats.Interval {
		return stats.RankingDifference(rankings[i].Ranking, rankings[j].Ranking, level)
	})
	g.smallest = smallest
	if g.defined {
		g.Method = fmt.Sprintf("unpaired difference, bonferroni over %d cohorts", len(rankings))
	}
	return g
}

// worse joins two gaps that hold together: the larger of both.
func worse(a, b gap) gap {
	joined := gap{smallest: min(a.smallest, b.smallest), defined: true}
	if !a.defined || !b.defined {
		return joined.unknown(tooFew)
	}
	joined.Value, joined.Low, joined.High = max(a.Value, b.Value), max(a.Low, b.Low), max(a.High, b.High)
	joined.Method = "the worse of both rates; " + a.Method
	return joined
}
