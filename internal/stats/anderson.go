package stats

import (
	"math"
	"slices"
)

// AndersonDarling is the two-sample statistic A² of Scholz and Stephens 1987
// (JASA 82:918) in its mid-rank form for ties, less its mean and over its
// standard deviation, as scipy.stats.anderson_ksamp gives it. It weighs the
// tails of the distributions more than Kolmogorov-Smirnov does. Their table
// has 0.325 for a level of 25 %, 1.226 (10 %), 1.961 (5 %), 2.718 (2.5 %) and
// 3.752 (1 %). Samples have at least two values; equal values throughout are
// ErrConstant.
func AndersonDarling(a, b []float64) (float64, error) {
	sortedA, sortedB, err := sortedSamples(a, b)
	if err != nil {
		return 0, err
	}
	if len(a) < 2 || len(b) < 2 {
		return 0, ErrEmpty
	}
	both := append(slices.Clone(sortedA), sortedB...)
	slices.Sort(both)
	if both[0] == both[len(both)-1] {
		return 0, ErrConstant
	}
	statistic := andersonSum(sortedA, both) + andersonSum(sortedB, both)
	n := float64(len(both))
	statistic *= (n - 1) / n
	return (statistic - 1) / math.Sqrt(andersonVariance(len(a), len(b))), nil
}

// andersonSum is one sample's part, over the distinct values of both.
func andersonSum(sample, both []float64) float64 {
	n, size := float64(len(both)), float64(len(sample))
	sum, in := 0.0, 0
	for start := 0; start < len(both); {
		end := start + 1
		for end < len(both) && both[end] == both[start] {
			end++
		}
		before := in
		for in < len(sample) && sample[in] == both[start] {
			in++
		}
		tied := float64(end - start)
		below, middle := float64(start)+tied/2, float64(before)+float64(in-before)/2
		gap := n*middle - size*below
		sum += tied / n * gap * gap / (below*(n-below) - n*tied/4)
		start = end
	}
	return sum / size
}

// andersonVariance is formula 4 of Scholz and Stephens for two samples.
func andersonVariance(sizeA, sizeB int) float64 {
	const k = 2
	n := float64(sizeA + sizeB)
	harmonic, double, tail := 0.0, 0.0, 0.0
	for i := 1.0; i < n; i++ {
		harmonic += 1 / i
	}
	for i := n - 1; i >= 2; i-- {
		tail += 1 / i
		double += tail / (n - i + 1)
	}
	inverse := 1/float64(sizeA) + 1/float64(sizeB)
	first := (4*double-6)*(k-1) + (10-6*double)*inverse
	second := (2*double-4)*k*k + 8*harmonic*k + (2*double-14*harmonic-4)*inverse - 8*harmonic + 4*double - 6
	third := (6*harmonic+2*double-2)*k*k + (4*harmonic-4*double+6)*k + (2*harmonic-6)*inverse + 4*harmonic
	fourth := (2*harmonic+6)*k*k - 4*harmonic*k
	return (((first*n+second)*n+third)*n + fourth) / ((n - 1) * (n - 2) * (n - 3))
}
