package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// PSINull is the distribution of the population stability index of samples of
// n and m rows in a number of bins while nothing has changed: (1/n + 1/m)
// times a chi-square with bins-1 degrees of freedom (Yurdakul 2018). It holds
// for bins with several expected rows; the floor of [PSI] raises sparse ones.
type PSINull struct{ scale, degrees float64 }

// NewPSINull wants at least two bins, at most a million, and one row each.
func NewPSINull(n, m, bins int) (PSINull, error) {
	if n < 1 || m < 1 {
		return PSINull{}, fmt.Errorf("%w: samples of %d and %d", ErrEmpty, n, m)
	}
	if bins < 2 || bins > 1_000_000 {
		return PSINull{}, fmt.Errorf("%w: %d bins", ErrRange, bins)
	}
	return PSINull{1/float64(n) + 1/float64(m), float64(bins - 1)}, nil
}

// Mean is the index to be expected of no change at all.
func (d PSINull) Mean() float64 { return d.scale * d.degrees }

// Quantile is the index that no change stays below with a probability inside
// (0, 1); outside it is 0 or that of the nearest representable probability.
func (d PSINull) Quantile(probability float64) float64 {
	if !(probability > 0) {
		return 0
	}
	return d.scale * distuv.ChiSquared{K: d.degrees}.Quantile(min(probability, 1-1e-16))
}

// Tail is the probability of an index at least as large without any change.
func (d PSINull) Tail(index float64) float64 {
	if !(index > 0) {
		return 1
	}
	return mathext.GammaIncRegComp(d.degrees/2, index/d.scale/2)
}

// Power is the probability that an index beyond the 95 % quantile is seen when
// the populations differ by the given index: a noncentral chi-square.
func (d PSINull) Power(index float64) float64 {
	return noncentralTail(d.Quantile(1-Alpha)/d.scale, d.degrees, index/d.scale)
}

// Detectable is the smallest index of the populations that is seen with the
// given power, inside (0.05, 1). A drift below it would be missed too often,
// so its absence is not shown.
func (d PSINull) Detectable(power float64) (float64, error) {
	return smallestEffect(power, d.scale, d.Power)
}

// smallestEffect bisects a power that rises with the effect.
func smallestEffect(power, unit float64, of func(effect float64) float64) (float64, error) {
	if !(power > Alpha && power < 1) {
		return 0, fmt.Errorf("%w: power %v", ErrRange, power)
	}
	low, high := 0.0, unit
	for of(high) < power {
		if high *= 2; high > 1e6*unit {
			return 0, fmt.Errorf("%w: power %v is out of reach", ErrRange, power)
		}
	}
	for range 100 {
		middle := (low + high) / 2
		if of(middle) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

// noncentralTail is the upper tail of a noncentral chi-square: central ones
// with 2k degrees more, mixed by a Poisson of half the noncentrality. The sum
// covers 10 standard deviations of the Poisson on either side.
func noncentralTail(x, degrees, noncentrality float64) float64 {
	mean := max(noncentrality, 0) / 2
	if mean > 1e8 {
		return distuv.UnitNormal.CDF((degrees + 2*mean - x) / math.Sqrt(2*(degrees+4*mean)))
	}
	spread := 10*math.Sqrt(mean) + 30
	sum := 0.0
	for k := math.Floor(max(0, mean-spread)); k <= mean+spread; k++ {
		logWeight := -mean - logFactorial(k)
		if k > 0 {
			logWeight += k * math.Log(mean)
		}
		sum += math.Exp(logWeight) * mathext.GammaIncRegComp(degrees/2+k, x/2)
	}
	return min(sum, 1)
}

// KSCritical is the distance that two samples of one distribution exceed with
// probability alpha: √(-ln(α/2)/2·(1/n+1/m)), the first term of Smirnov's
// series, which from 50 rows on is a little too large and so conservative. It
// is at most 1.
func KSCritical(n, m int, alpha float64) (float64, error) {
	if n < 1 || m < 1 {
		return 0, fmt.Errorf("%w: samples of %d and %d", ErrEmpty, n, m)
	}
	if !(alpha > 0 && alpha < 1) {
		return 0, fmt.Errorf("%w: alpha %v", ErrRange, alpha)
	}
	return min(1, math.Sqrt(-math.Log(alpha/2)/2*(1/float64(n)+1/float64(m)))), nil
}

// KSDetectable is a distance of the populations that the test at [Alpha] sees
// with at least the given power, inside (0.5, 1): at the widest point alone the
// samples differ by a normal whose variance is at most (1/n+1/m)/4 (Massey
// 1950, Ann Math Stat 21:440). Above 1 no distance is sure to be seen.
func KSDetectable(n, m int, power float64) (float64, error) {
	limit, err := KSCritical(n, m, Alpha)
	if err != nil {
		return 0, err
	}
	if !(power > 0.5 && power < 1) {
		return 0, fmt.Errorf("%w: power %v", ErrRange, power)
	}
	return limit + distuv.UnitNormal.Quantile(power)*math.Sqrt(1/float64(n)+1/float64(m))/2, nil
}

// CramersVDetectable is the smallest association of the population that the
// chi-square test at [Alpha] of n rows in a table of rows × columns sees with
// the given power: noncentrality n·V²·(k-1), k the smaller side (Cohen 1988,
// chapter 7). Above 1 no association is sure to be seen.
func CramersVDetectable(n, rows, columns int, power float64) (float64, error) {
	if n < 1 {
		return 0, ErrEmpty
	}
	if rows < 2 || columns < 2 || rows > 100_000 || columns > 100_000 {
		return 0, fmt.Errorf("%w: a table of %d × %d", ErrRange, rows, columns)
	}
	degrees := float64((rows - 1) * (columns - 1))
	limit := distuv.ChiSquared{K: degrees}.Quantile(1 - Alpha)
	noncentrality, err := smallestEffect(power, 1, func(effect float64) float64 { return noncentralTail(limit, degrees, effect) })
	return math.Sqrt(noncentrality / float64(n) / float64(min(rows, columns)-1)), err
}
