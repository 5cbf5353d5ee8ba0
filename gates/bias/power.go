package bias

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// settledGap is the gap in sensitivity that must not go unseen.
const settledGap = 0.10

// power is the chance to see it.
const power = 0.80

// positivesFor is how many positive patients each cohort needs so that a
// two-sided 5 % test of two proportions sees a gap of 0.10 with 80 % power:
// (z₁+z₂)²·(p(1-p)+q(1-q))/0.10² (Fleiss, Levin and Paik 2003, chapter 4,
// without continuity correction). q lies 0.10 towards one half, where rates
// vary most. At a sensitivity of 0.85 it is 248.
func positivesFor(sensitivity float64) int {
	other := sensitivity - settledGap
	if sensitivity < 0.5 {
		other = sensitivity + settledGap
	}
	z := distuv.UnitNormal.Quantile(1-stats.Alpha/2) + distuv.UnitNormal.Quantile(power)
	spread := sensitivity*(1-sensitivity) + other*(1-other)
	return int(math.Ceil(z * z * spread / (settledGap * settledGap)))
}
