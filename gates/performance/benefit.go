package performance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// benefits measures what decisions are worth.
func benefits(scores []float64, labels []bool, threshold float64) []evidence.Measurement {
	over, err := gain(scores, labels, threshold, stats.Alpha)
	n := len(labels)
	return []evidence.Measurement{
		estimated("net_benefit", n, over.none, err),
		estimated("net_benefit_over_all", n, over.all, err),
		estimated("net_benefit_gain", n, over.both, err),
	}
}

// gains are over treating none, over treating all, and over the better of them.
type gains struct{ none, all, both stats.Estimate }

// gain decides at a threshold. Only a probability has a net benefit: its
// exchange rate of false for true positives is the threshold's odds.
func gain(scores []float64, labels []bool, threshold, alpha float64) (gains, error) {
	if _, err := stats.Brier(scores, labels); err != nil {
		return gains{}, err
	}
	c, err := stats.Confuse(scores, labels, threshold)
	if err != nil {
		return gains{}, err
	}
	none, err := c.NetBenefitAt(threshold, alpha)
	if err != nil {
		return gains{}, err
	}
	all, err := overTreatAll(c, threshold, alpha)
	return gains{none, all, lesser(none, all)}, err
}

// overTreatAll is the net benefit less that of selecting everybody. What is
// gained are the negatives that are left alone, w each for the threshold's odds
// w, and what is lost are the positives that are missed: w·(TN/n - FN/n·1/w),
// which is the net benefit of selecting for the non-event, at 1-t.
func overTreatAll(c stats.Confusion, threshold, alpha float64) (stats.Estimate, error) {
	spared, err := stats.Confusion{
		TruePositives: c.TrueNegatives, FalsePositives: c.FalseNegatives,
		TrueNegatives: c.FalsePositives, FalseNegatives: c.TruePositives,
	}.NetBenefitAt(1-threshold, alpha)
	odds := threshold / (1 - threshold)
	return stats.Estimate{
		Value:    odds * spared.Value,
		Interval: stats.Interval{Low: odds * spared.Low, High: odds * spared.High},
		Method:   "wilson limits of TN/n and FN/n, square-and-add",
	}, err
}

// lesser is the gain over the better of two rivals. It exceeds a limit when
// both gains do, so each needs only its own interval (an intersection-union
// test: Berger 1982, Technometrics 24:295).
func lesser(a, b stats.Estimate) stats.Estimate {
	if b.Value < a.Value {
		a, b = b, a
	}
	a.Low, a.High = min(a.Low, b.Low), min(a.High, b.High)
	a.Method = "over the better of treat all and treat none; " + a.Method
	return a
}
