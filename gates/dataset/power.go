package dataset

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// worthSeeing is the drift that a comparison should be able to see: a distance
// of the two distribution functions, or a Cramér's V, of 0.2. Both are the
// limits above which a column counts as drifted.
const worthSeeing = 0.2

// usualPower is what drift_rows_needed is foretold for, and largeSample where
// it is read off: what can be seen shrinks with the root of the rows.
const (
	usualPower  = 0.8
	largeSample = 1_000_000
)

// numberPower says what chance alone does to the distances of a number column,
// and whether the comparison could have seen a drift.
func numberPower(name string, n, m, bins int) []evidence.Measurement {
	critical, err := stats.KSCritical(n, m, stats.Alpha)
	if err != nil {
		return nil
	}
	return []evidence.Measurement{
		{Name: "ks_null_95", Group: name, Value: evidence.Number(critical), N: n + m, Method: "Smirnov, first term"},
		psiNull(name, n, m, bins),
		{Name: "drift_power", Group: name, Value: evidence.Number(ksPower(critical, n, m)), N: n + m,
			Method: "to see a Kolmogorov-Smirnov distance of 0.2 at 0.05, lower bound (Massey)"},
		rowsNeeded(name, n+m, largeSample, func() (float64, error) { return stats.KSDetectable(largeSample, largeSample, usualPower) }),
	}
}

// ksPower is a lower bound: it looks only where the functions are farthest
// apart, with the largest variance there is (Massey 1950, Ann Math Stat
// 21:440). It is the inverse of [stats.KSDetectable].
func ksPower(critical float64, n, m int) float64 {
	deviation := math.Sqrt(1/float64(n)+1/float64(m)) / 2
	return distuv.UnitNormal.CDF((worthSeeing - critical) / deviation)
}

// textPower is the same of a text column, with Cramér's V beside it.
func textPower(name string, counted histogram) []evidence.Measurement {
	n, m, levels := sum(counted.current), sum(counted.reference), len(counted.current)
	kinds := max(2, levels) // of one level, another one is what could appear
	return []evidence.Measurement{
		cramersV(name, counted), psiNull(name, n, m, levels), chiSquarePower(name, n, m, kinds),
		rowsNeeded(name, n+m, largeSample/2, func() (float64, error) {
			return stats.CramersVDetectable(largeSample, 2, kinds, usualPower)
		}),
	}
}

// rowsNeeded says of how many rows each sample must be for drift_power to be
// 0.8, if both are equally large.
func rowsNeeded(name string, n, rows int, detectable func() (float64, error)) evidence.Measurement {
	effect, err := detectable()
	if err != nil {
		return unmeasured("drift_rows_needed", name, err.Error())
	}
	needed := count("drift_rows_needed", name, int(math.Ceil(float64(rows)*effect*effect/(worthSeeing*worthSeeing))), n)
	needed.Method = "of each sample, for a drift_power of 0.8"
	return needed
}

// chiSquarePower borrows the power of the index: both are the tail of one
// non-central chi-square, here with noncentrality (n+m)·V².
func chiSquarePower(name string, n, m, levels int) evidence.Measurement {
	null, err := stats.NewPSINull(n, m, levels)
	if err != nil {
		return unmeasured("drift_power", name, err.Error())
	}
	index := worthSeeing * worthSeeing * float64(n+m) * (1/float64(n) + 1/float64(m))
	return evidence.Measurement{Name: "drift_power", Group: name, Value: evidence.Number(null.Power(index)), N: n + m,
		Method: "to see a Cramér's V of 0.2 at 0.05"}
}

func psiNull(name string, n, m, bins int) evidence.Measurement {
	null, err := stats.NewPSINull(n, m, bins)
	if err != nil {
		return unmeasured("psi_null_95", name, err.Error())
	}
	return evidence.Measurement{Name: "psi_null_95", Group: name, Value: evidence.Number(null.Quantile(1 - stats.Alpha)), N: n + m,
		Method: "(1/n+1/m) chi-square, one degree of freedom less than bins"}
}

func cramersV(name string, counted histogram) evidence.Measurement {
	if len(counted.current) < 2 {
		return evidence.Measurement{Name: "cramers_v", Group: name, Value: "0", N: counted.total(), Method: "all values are equal"}
	}
	value, err := stats.CramersVCorrected([][]int{counted.current, counted.reference})
	if err != nil {
		return unmeasured("cramers_v", name, err.Error())
	}
	return evidence.Measurement{Name: "cramers_v", Group: name, Value: evidence.Number(value), N: counted.total(), Method: "bias-corrected (Bergsma)"}
}
