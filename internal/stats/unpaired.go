package stats

import (
	"fmt"
	"math"
)

// UnpairedTest is a Difference of two rankings of different patients with the
// tests that it is 0, both two-sided.
type UnpairedTest struct {
	Difference
	Z, P    float64 // normal
	Student TTest   // with the degrees of freedom of Welch, as pROC's roc.test does
}

// DeLongUnpaired compares the AUROCs of two samples that share no patient:
// A-B, with DeLong's variances. Each sample needs both classes. Scores may
// have different scales. When a sample shows no variance the interval is that
// of [RankingDifference], which then takes exact binomial limits, and the
// tests are those of the variance that is left; with none left they say 1 for
// equal areas, and for others nothing can be tested: Z is 0 and P is 1.
func DeLongUnpaired(a []float64, labelsA []bool, b []float64, labelsB []bool) (UnpairedTest, error) {
	ofA, err := DeLong(a, labelsA)
	if err != nil {
		return UnpairedTest{}, err
	}
	ofB, err := DeLong(b, labelsB)
	if err != nil {
		return UnpairedTest{}, err
	}
	test := UnpairedTest{Difference: Difference{A: ofA, B: ofB}, P: 1, Student: TTest{P: 1}}
	test.Value = ofA.Value - ofB.Value
	test.Interval = RankingDifference(ofA, ofB, Alpha)
	test.Method = "unpaired delong"
	if ofA.degenerate() || ofB.degenerate() {
		test.Method = "unpaired delong, exact binomial limits where a sample shows no variance, square-and-add"
	}
	spread := ofA.Variance + ofB.Variance
	if spread <= minVariance {
		return test, nil
	}
	test.Z = test.Value / math.Sqrt(spread)
	test.P = twoSided(test.Z)
	shares := ofA.Variance*ofA.Variance/float64(len(a)-1) + ofB.Variance*ofB.Variance/float64(len(b)-1)
	test.Student = newTTest(test.Z, spread*spread/shares)
	return test, nil
}

// HanleyMcNeil is the standard error of an AUROC that assumes exponential
// scores (Hanley and McNeil 1982, Radiology 143:29): it needs the area and the
// sizes of the classes alone, which serves for planning. The area is in
// [0, 1]; an empty class is ErrOneClass.
func HanleyMcNeil(area float64, positives, negatives int) (float64, error) {
	if !(area >= 0 && area <= 1) {
		return 0, fmt.Errorf("%w: area %v", ErrRange, area)
	}
	if positives < 1 || negatives < 1 {
		return 0, fmt.Errorf("%w: %d events, %d non-events", ErrOneClass, positives, negatives)
	}
	n1, n0, square := float64(positives), float64(negatives), area*area
	twoPositives, twoNegatives := area/(2-area), 2*square/(1+area)
	variance := area*(1-area) + (n1-1)*(twoPositives-square) + (n0-1)*(twoNegatives-square)
	return math.Sqrt(max(variance, 0) / (n1 * n0)), nil
}
