package performance

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func decisions(c stats.Confusion) []evidence.Measurement {
	n := c.N()
	f1, f1Err := c.F1()
	mcc, mccErr := c.MCC()
	balanced, balancedErr := c.BalancedAccuracy()
	return []evidence.Measurement{
		proportion("sensitivity", c.Sensitivity()),
		proportion("specificity", c.Specificity()),
		proportion("ppv", c.PPV()),
		proportion("npv", c.NPV()),
		estimated("f1", n, f1, f1Err),
		estimated("mcc", n, mcc, mccErr),
		proportion("accuracy", c.Accuracy()),
		estimated("balanced_accuracy", n, balanced, balancedErr),
		proportion("no_information_rate", stats.Proportion{Successes: commoner(c), Trials: n}),
		uninformed(c),
		proportion("prevalence", stats.Proportion{Successes: c.Positives(), Trials: n}),
		count("events", c.Positives(), n),
		count("non_events", c.Negatives(), n),
	}
}

// commoner counts the rows of the more frequent class: what one gets right who
// always says the same.
func commoner(c stats.Confusion) int { return max(c.Positives(), c.Negatives()) }

// uninformed is the chance that somebody who always says the same is right at
// least as often as the model: P(X ≥ right) for X binomial, which is the
// regularised incomplete beta function of right and n-right+1 (Clopper and
// Pearson 1934, Biometrika 26:404). The rate is taken as known.
func uninformed(c stats.Confusion) evidence.Measurement {
	right, n := c.Accuracy().Successes, c.N()
	rate := float64(commoner(c)) / float64(n)
	chance := 1.0
	if right > 0 {
		chance = distuv.Beta{Alpha: float64(right), Beta: float64(n - right + 1)}.CDF(rate)
	}
	return evidence.Measurement{
		Name: "no_information_rate_p", Value: evidence.Number(chance), N: n,
		Method: fmt.Sprintf("exact binomial, one-sided: accuracy against %d of %d", commoner(c), n),
	}
}
