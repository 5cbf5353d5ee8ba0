package stats

import "fmt"

// Ranking says how well a score orders patients: the share of comparable pairs
// that it orders rightly, ties half. An AUROC and a concordance index are both
// rankings. 0.5 is what a coin gets.
type Ranking struct {
	Value    float64
	Variance float64 // 0 when the sample shows none
	Pairs    int     // disjoint pairs, for when Variance tells nothing

	method string
}

// Interval is normal and clipped to [0, 1], as pROC's ci.auc does. When the
// sample shows no variance (all pairs ordered alike, or a class of one row),
// that formula would give a point; then the disjoint pairs, which are
// independent, bound the share by Clopper and Pearson's exact interval.
func (r Ranking) Interval(alpha float64) Interval { return r.unclipped(alpha).clip(0, 1) }

func (r Ranking) unclipped(alpha float64) Interval {
	if r.degenerate() {
		return boundedInterval(r.Value, r.Pairs, alpha)
	}
	return normalInterval(r.Value, r.Variance, alpha)
}

func (r Ranking) degenerate() bool { return r.Variance <= 0 }

// Method names the interval.
func (r Ranking) Method() string {
	if r.degenerate() {
		return fmt.Sprintf("%s shows no variance; exact binomial of %d disjoint pairs", r.method, r.Pairs)
	}
	return r.method
}

// RankingDifference is an interval for a-b, rankings of different patients.
func RankingDifference(a, b Ranking, alpha float64) Interval {
	return squareAndAdd(a.Value, a.unclipped(alpha), b.Value, b.unclipped(alpha)).clip(-1, 1)
}
