package stats

import (
	"fmt"
	"math"
	"slices"
)

// Quantile is a quantile of a sample with limits that are values of the sample
// themselves, whatever the distribution (Hahn and Meeker 1991, Statistical
// Intervals, section 5.2). A sample too small to have an upper limit has
// HasHigh false, and Enough says how many values it takes.
type Quantile struct {
	Value, Low, High float64
	HasHigh          bool
	Enough           int
}

// QuantileLimits gives the quantile, the smallest value at or below which a
// share of the sample lies, with two-sided 95 % limits. Without a lower limit in
// the sample Low is floor, the least that a value can be. The share is inside
// (0, 1).
func QuantileLimits(values []float64, share, floor float64) (Quantile, error) {
	if err := checkSample(values); err != nil {
		return Quantile{}, err
	}
	if !(share > 0 && share < 1) {
		return Quantile{}, fmt.Errorf("%w: a quantile of %v", ErrRange, share)
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	low, high := orderLimits(n, share)
	at := min(max(int(math.Ceil(share*float64(n))), 1), n)
	quantile := Quantile{Value: sorted[at-1], Low: floor, Enough: int(math.Ceil(math.Log(Alpha/2) / math.Log(share)))}
	if low > 0 {
		quantile.Low = sorted[low-1]
	}
	if high <= n {
		quantile.High, quantile.HasHigh = sorted[high-1], true
	}
	return quantile, nil
}

// orderLimits are the ranks, from 1, of the values that hold the quantile with
// an error of at most Alpha/2 at either side: how many values lie below it is
// binomial. 0 and n+1 say that no value does.
func orderLimits(n int, share float64) (low, high int) {
	below := 0.0 // P(B < rank), B being the number of values below the quantile
	high = n + 1
	for rank := 1; rank <= n; rank++ {
		below += math.Exp(logBinomial(rank-1, n, share))
		if below <= Alpha/2 {
			low = rank
		}
		if 1-below <= Alpha/2 {
			return low, rank
		}
	}
	return low, high
}
