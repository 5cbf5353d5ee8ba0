package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// SizeForRates is how many rows each of two equal groups needs so that a
// two-sided test at [Alpha] sees the difference of two proportions with the
// given power: (z₁₋α/₂ + z_power)²·(p(1-p) + q(1-q))/(p-q)², normal with
// unpooled variances (Fleiss, Levin and Paik 2003, section 4.2). For a
// sensitivity they are positives, not patients. Proportions lie in [0, 1] and
// differ; the power lies in (0.5, 1).
func SizeForRates(a, b, power float64) (perGroup int, err error) {
	if !(a >= 0 && a <= 1 && b >= 0 && b <= 1) || a == b || !(power > 0.5 && power < 1) {
		return 0, fmt.Errorf("%w: proportions %v and %v with power %v", ErrRange, a, b, power)
	}
	reach := critical(Alpha) + distuv.UnitNormal.Quantile(power)
	needed := math.Ceil(reach * reach * (a*(1-a) + b*(1-b)) / ((a - b) * (a - b)))
	if !(needed < 1e15) {
		return 0, fmt.Errorf("%w: proportions %v and %v are too near", ErrRange, a, b)
	}
	return max(int(needed), 1), nil
}

// PowerForRates is the power of that test with groups of n and m rows. Groups
// have at least one row. Two proportions without variance that differ are
// seen for certain.
func PowerForRates(a, b float64, n, m int) (float64, error) {
	if !(a >= 0 && a <= 1 && b >= 0 && b <= 1) {
		return 0, fmt.Errorf("%w: proportions %v and %v", ErrRange, a, b)
	}
	if n < 1 || m < 1 {
		return 0, fmt.Errorf("%w: groups of %d and %d", ErrEmpty, n, m)
	}
	if a == b {
		return Alpha, nil
	}
	deviation := math.Sqrt(a*(1-a)/float64(n) + b*(1-b)/float64(m))
	effect := math.Abs(a-b) / deviation // +Inf without variance
	z := critical(Alpha)
	return distuv.UnitNormal.CDF(effect-z) + distuv.UnitNormal.CDF(-effect-z), nil
}

// SizeForMargin is how many rows show that a rate is within a margin of
// another of the same value, two-sided at [Alpha] (equivalence by interval;
// Julious 2004, Stat Med 23:1921, with a true difference of 0).
func SizeForMargin(rate, margin, power float64) (perGroup int, err error) {
	if !(rate > 0 && rate < 1) || !(margin > 0 && margin < 1) || !(power > 0.5 && power < 1) {
		return 0, fmt.Errorf("%w: rate %v, margin %v, power %v", ErrRange, rate, margin, power)
	}
	reach := critical(Alpha) + distuv.UnitNormal.Quantile((1+power)/2)
	needed := math.Ceil(reach * reach * 2 * rate * (1 - rate) / (margin * margin))
	if !(needed < 1e15) {
		return 0, fmt.Errorf("%w: margin %v", ErrRange, margin)
	}
	return int(needed), nil
}
