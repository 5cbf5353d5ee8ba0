package stats

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Bootstrap gives the 95 % percentile interval of a statistic over resamples
// of the rows, drawn with replacement within each class (Efron and Tibshirani
// 1993, chapter 13), so that every resample has both classes.
//
// statistic sees how often each row was drawn, in a slice that it must not
// keep; false says that the statistic is undefined for that resample, which
// then does not count. When more than half do not count the answer is
// ErrUndefined. All draws are one stream of ChaCha8 keyed by the seed, so the
// interval depends on nothing but the arguments.
func Bootstrap(classes []bool, replicates int, seed [32]byte, statistic func(weights []float64) (float64, bool)) (Interval, error) {
	if len(classes) == 0 || replicates < 1 {
		return Interval{}, ErrEmpty
	}
	strata := stratify(classes)
	random := rand.NewChaCha8(seed)
	weights := make([]float64, len(classes))
	values := make([]float64, 0, replicates)
	for range replicates {
		draw(weights, strata, random)
		if value, ok := statistic(weights); ok {
			values = append(values, value)
		}
	}
	if 2*len(values) < replicates {
		return Interval{}, fmt.Errorf("%w in %d of %d resamples", ErrUndefined, replicates-len(values), replicates)
	}
	slices.Sort(values)
	return Interval{quantile(values, Alpha/2), quantile(values, 1-Alpha/2)}, nil
}

// replicatesFor bounds the draws: 2000 replicates where rows allow, and never
// fewer than 200.
func replicatesFor(rows int) int {
	const most, fewest, draws = 2000, 200, 200_000_000
	return min(most, max(fewest, draws/max(rows, 1)))
}

func stratify(classes []bool) [2][]int {
	var strata [2][]int
	for row, class := range classes {
		if class {
			strata[1] = append(strata[1], row)
		} else {
			strata[0] = append(strata[0], row)
		}
	}
	return strata
}

// draw maps 64 random bits to a row by multiplication; with fewer than 2³²
// rows the bias is below 2⁻³².
func draw(weights []float64, strata [2][]int, random *rand.ChaCha8) {
	clear(weights)
	for _, rows := range strata {
		for range rows {
			at, _ := bits.Mul64(random.Uint64(), uint64(len(rows)))
			weights[rows[at]]++
		}
	}
}

// quantile of sorted values by linear interpolation: type 7 of Hyndman and Fan
// 1996 (Am Stat 50:361), the default of R and NumPy.
func quantile(sorted []float64, probability float64) float64 {
	at := probability * float64(len(sorted)-1)
	below := int(math.Floor(at))
	above := min(below+1, len(sorted)-1)
	share := at - float64(below)
	return (1-share)*sorted[below] + share*sorted[above] // neither product overflows
}

func ones(n int) []float64 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}
