package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Alpha is the two-sided error of the intervals that gates report.
const Alpha = 0.05

// Interval is a two-sided confidence interval.
type Interval struct{ Low, High float64 }

// Estimate is a number, its interval (95 %) and how the interval was made.
type Estimate struct {
	Value float64
	Interval
	Method string
}

func (i Interval) clip(low, high float64) Interval {
	return Interval{min(max(i.Low, low), high), max(min(i.High, high), low)}
}

// critical is the normal quantile that a two-sided error of alpha asks for.
func critical(alpha float64) float64 { return distuv.UnitNormal.Quantile(1 - alpha/2) }

// twoSided is the probability that a standard normal lies as far out as z.
func twoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

func normalInterval(value, variance, alpha float64) Interval {
	half := critical(alpha) * math.Sqrt(variance)
	return Interval{value - half, value + half}
}

// squareAndAdd is an interval for a-b made of the intervals of both, taken as
// independent: Newcombe 1998 (Stat Med 17:873) for proportions; Zou and Donner
// 2008 (Stat Med 27:1693) show it for any two estimates. For symmetric normal
// intervals it is the usual a-b ± z√(var a + var b).
func squareAndAdd(a float64, ofA Interval, b float64, ofB Interval) Interval {
	return Interval{
		a - b - math.Hypot(a-ofA.Low, ofB.High-b),
		a - b + math.Hypot(ofA.High-a, b-ofB.Low),
	}
}

// boundedInterval is for the mean of n independent values of [0, 1] when their
// variance cannot be estimated, for instance because all are equal. A mean of
// 0/1 values is the least certain of all such means, so the interval is that
// of Clopper and Pearson 1934 with mean·n successes in n trials (beta
// quantiles take fractions). All n equal to 1 gives Low = (α/2)^(1/n), which
// is the rule of three told two-sidedly.
func boundedInterval(mean float64, n int, alpha float64) Interval {
	trials := float64(max(n, 1))
	successes := min(max(mean, 0), 1) * trials
	interval := Interval{0, 1}
	if successes > 0 {
		interval.Low = distuv.Beta{Alpha: successes, Beta: trials - successes + 1}.Quantile(alpha / 2)
	}
	if successes < trials {
		interval.High = distuv.Beta{Alpha: successes + 1, Beta: trials - successes}.Quantile(1 - alpha/2)
	}
	return interval
}
