package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Summary describes a sample, in the unit of its values.
type Summary struct {
	N                                      int
	Mean, SD                               float64 // SD is the sample's; 0 for one value
	Min, Quartile1, Median, Quartile3, Max float64 // quantiles by linear interpolation
}

// Summarise describes a sample of finite values; quantiles are of type 7 of
// Hyndman and Fan 1996, the default of R and NumPy. Missing and infinite
// values are ErrNotFinite, none at all ErrEmpty, and values whose squares
// leave the range of floats ErrRange.
func Summarise(values []float64) (Summary, error) {
	if err := checkSample(values); err != nil {
		return Summary{}, err
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	s := Summary{
		N: len(sorted), Mean: total(sorted) / float64(len(sorted)), SD: math.Sqrt(sampleVariance(sorted)),
		Min: sorted[0], Quartile1: quantile(sorted, .25), Median: quantile(sorted, .5), Quartile3: quantile(sorted, .75), Max: sorted[len(sorted)-1],
	}
	if math.IsInf(s.Mean, 0) || math.IsInf(s.SD, 0) || math.IsNaN(s.SD) {
		return Summary{}, fmt.Errorf("%w: values too large for a variance", ErrRange)
	}
	return s, nil
}

// TTest is Student's test that two means are equal, two-sided.
type TTest struct{ T, DegreesOfFreedom, P float64 }

// MeansTest compares the means of two samples, a less b.
type MeansTest struct {
	Welch  TTest   // variances may differ (Welch 1947, Biometrika 34:28)
	Pooled TTest   // variances are equal
	CohenD float64 // the difference over the pooled standard deviation
	SMD    float64 // the standardised mean difference: over the root of the mean variance
}

// CompareMeans wants two samples of at least two finite values each; SMD is
// that of Austin 2009 (Stat Med 28:3083), whose limit for balance is 0.1.
// Samples without any variance are ErrConstant.
func CompareMeans(a, b []float64) (MeansTest, error) {
	ofA, err := Summarise(a)
	if err != nil {
		return MeansTest{}, err
	}
	ofB, err := Summarise(b)
	if err != nil {
		return MeansTest{}, err
	}
	if ofA.N < 2 || ofB.N < 2 {
		return MeansTest{}, fmt.Errorf("%w: samples of %d and %d, at least 2", ErrEmpty, ofA.N, ofB.N)
	}
	n, m := float64(ofA.N), float64(ofB.N)
	varianceA, varianceB := ofA.SD*ofA.SD, ofB.SD*ofB.SD
	if varianceA+varianceB == 0 {
		return MeansTest{}, ErrConstant
	}
	difference := ofA.Mean - ofB.Mean
	ofMeanA, ofMeanB := varianceA/n, varianceB/m
	degrees := (ofMeanA + ofMeanB) * (ofMeanA + ofMeanB) / (ofMeanA*ofMeanA/(n-1) + ofMeanB*ofMeanB/(m-1))
	pooled := math.Sqrt(((n-1)*varianceA + (m-1)*varianceB) / (n + m - 2))
	test := MeansTest{
		Welch:  newTTest(difference/math.Sqrt(ofMeanA+ofMeanB), degrees),
		Pooled: newTTest(difference/(pooled*math.Sqrt(1/n+1/m)), n+m-2),
		CohenD: difference / pooled,
		SMD:    difference / math.Sqrt((varianceA+varianceB)/2),
	}
	if math.IsNaN(degrees) || math.IsInf(test.CohenD, 0) || math.IsInf(test.Welch.T, 0) || math.IsNaN(test.SMD) {
		return MeansTest{}, fmt.Errorf("%w: means and variances leave the range of floats", ErrRange)
	}
	return test, nil
}

func newTTest(t, degrees float64) TTest { return TTest{t, degrees, studentTwoSided(t, degrees)} }

// studentTwoSided is the chance of a t as far out.
func studentTwoSided(t, degrees float64) float64 {
	if math.IsInf(t*t, 0) {
		return 0
	}
	return mathext.RegIncBeta(degrees/2, 0.5, degrees/(degrees+t*t))
}
