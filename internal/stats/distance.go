package stats

import (
	"fmt"
	"math"
	"slices"
)

// EnergyDistance is √(2·∫(Fa-Fb)²) of two samples, in the root of their unit:
// 0 for equal distributions only (Székely and Rizzo 2013, J Stat Plan
// Inference 143:1249; scipy.stats.energy_distance). Missing values are
// ErrNotFinite, an empty sample ErrEmpty.
func EnergyDistance(a, b []float64) (float64, error) {
	if err := checkSample(a); err != nil {
		return 0, err
	}
	if err := checkSample(b); err != nil {
		return 0, err
	}
	area, err := betweenDistributions(a, nil, b, nil, func(gap float64) float64 { return gap * gap })
	return math.Sqrt2 * math.Sqrt(area), err // twice the area may be no float
}

// WassersteinWeighted is [Wasserstein] of values that weigh more or less than
// one: weights are finite, not negative, and not all 0.
func WassersteinWeighted(a, weightsA, b, weightsB []float64) (float64, error) {
	if err := checkWeighted(a, weightsA); err != nil {
		return 0, err
	}
	if err := checkWeighted(b, weightsB); err != nil {
		return 0, err
	}
	return betweenDistributions(a, weightsA, b, weightsB, math.Abs)
}

func checkWeighted(values, weights []float64) error {
	if err := checkLength(len(values), len(weights)); err != nil {
		return err
	}
	for _, column := range [][]float64{values, weights} {
		if err := checkFinite(column); err != nil {
			return err
		}
	}
	for row, weight := range weights {
		if weight < 0 {
			return fmt.Errorf("row %d: %w: weight %v is negative", row+1, ErrRange, weight)
		}
	}
	switch sum := total(weights); {
	case sum == 0:
		return fmt.Errorf("%w: all weights are 0", ErrEmpty)
	case math.IsInf(sum, 0):
		return fmt.Errorf("%w: weights add up to infinity", ErrRange)
	}
	return nil
}

// betweenDistributions integrates a function of the gap between two
// distribution functions; without weights every value counts one.
func betweenDistributions(a, weightsA, b, weightsB []float64, of func(gap float64) float64) (float64, error) {
	type mass struct{ value, share float64 }
	var masses []mass
	load := func(values, weights []float64, sign float64) {
		if weights == nil {
			weights = ones(len(values))
		}
		all := total(weights)
		for i, value := range values {
			masses = append(masses, mass{value, sign * weights[i] / all})
		}
	}
	load(a, weightsA, 1)
	load(b, weightsB, -1)
	slices.SortFunc(masses, func(x, y mass) int {
		switch {
		case x.value < y.value:
			return -1
		case x.value > y.value:
			return 1
		}
		return 0
	})
	area, gap := 0.0, 0.0
	for i, m := range masses[:len(masses)-1] {
		gap += m.share
		area += of(gap) * (masses[i+1].value - m.value)
	}
	if math.IsInf(area, 0) || math.IsNaN(area) {
		return 0, ErrRange
	}
	return area, nil
}
