package stats

import (
	"fmt"
	"math"
)

// MannWhitneyTest is the Wilcoxon-Mann-Whitney rank-sum test.
type MannWhitneyTest struct {
	U   float64 // pairs in which the value of a is larger, ties half
	AUC float64 // U over the number of pairs: the effect size
	P   float64 // two-sided, with continuity correction
	// Uncorrected is P without continuity correction.
	Uncorrected float64
}

// MannWhitney asks whether values of a tend to be larger than values of b
// (Mann and Whitney 1947, Ann Math Stat 18:50). P is the normal approximation
// with the variance corrected for ties and 0.5 for continuity, as in R's
// wilcox.test(exact = FALSE). Equal values throughout are ErrConstant, missing
// ones ErrNotFinite. [MannWhitneyExact] is for small samples without ties.
func MannWhitney(a, b []float64) (MannWhitneyTest, error) {
	values := make([]float64, 0, len(a)+len(b))
	values = append(append(values, a...), b...)
	fromA := make([]bool, len(values))
	for i := range a {
		fromA[i] = true
	}
	if len(a) == 0 || len(b) == 0 {
		return MannWhitneyTest{}, fmt.Errorf("%w: samples of %d and %d", ErrEmpty, len(a), len(b))
	}
	p, err := place(values, fromA)
	if err != nil {
		return MannWhitneyTest{}, err
	}
	n, m := float64(len(a)), float64(len(b))
	variance := n * m / 12 * (n + m + 1 - p.ties/((n+m)*(n+m-1)))
	if !(variance > 0) {
		return MannWhitneyTest{}, ErrConstant
	}
	u := p.u(fromA)
	distance, deviation := math.Abs(u-n*m/2), math.Sqrt(variance)
	return MannWhitneyTest{
		U: u, AUC: u / (n * m),
		P:           twoSided(max(distance-0.5, 0) / deviation),
		Uncorrected: twoSided(distance / deviation),
	}, nil
}
