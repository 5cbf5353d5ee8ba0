package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// KolmogorovSmirnovOne asks whether a sample comes from a distribution that is
// known beforehand, given by its continuous distribution function with values
// in [0, 1]. Exact and Tied are [KolmogorovTail]; P is Kolmogorov's limit. A
// distribution whose parameters were estimated from the same sample makes the
// probabilities too large (Lilliefors 1967, JASA 62:399). Ties are allowed;
// missing values are ErrNotFinite.
func KolmogorovSmirnovOne(sample []float64, distribution func(float64) float64) (KS, error) {
	if err := checkSample(sample); err != nil {
		return KS{}, err
	}
	sorted := slices.Clone(sample)
	slices.Sort(sorted)
	n := float64(len(sorted))
	var result KS
	for i, value := range sorted {
		expected := distribution(value)
		if !(expected >= 0 && expected <= 1) {
			return KS{}, fmt.Errorf("distribution at %v: %w: %v is not a probability", value, ErrRange, expected)
		}
		result.Above = max(result.Above, float64(i+1)/n-expected)
		result.Below = max(result.Below, expected-float64(i)/n)
	}
	result.D = max(result.Above, result.Below)
	result.P = kolmogorov(result.D * math.Sqrt(n))
	result.Exact = KolmogorovTail(len(sorted), result.D)
	result.Tied = result.Exact
	return result, nil
}

// exactOneSample bounds the matrices of the exact one-sample probability.
const exactOneSample = 3000

// KolmogorovTail is the probability that n values of a continuous distribution
// lie at least d from it. Up to 3000 values it is exact: by Marsaglia, Tsang
// and Wang 2003 (J Stat Softw 8:18) where d²·n < 4, and beyond that twice the
// one-sided probability, which there has 10 digits (Simard and L'Ecuyer 2011,
// J Stat Softw 39:11). Above 3000 values it is Kolmogorov's limit.
func KolmogorovTail(n int, d float64) float64 {
	size := float64(n)
	switch {
	case n < 1 || !(d > 0) || 2*size*d <= 1:
		return 1
	case d >= 1:
		return 0
	case n > exactOneSample:
		return kolmogorov(d * math.Sqrt(size))
	case d*d*size >= 4:
		return min(1, 2*smirnov(n, d))
	}
	return min(max(1-marsaglia(n, d), 0), 1)
}

// smirnov is the one-sided probability, a sum of positive terms (Birnbaum and
// Tingey 1951, Ann Math Stat 22:592).
func smirnov(n int, d float64) float64 {
	size, sum := float64(n), 0.0
	logFactorial, _ := math.Lgamma(size + 1)
	for j := 0; float64(j) < size*(1-d); j++ {
		at := float64(j)
		inner, _ := math.Lgamma(at + 1)
		outer, _ := math.Lgamma(size - at + 1)
		sum += math.Exp(logFactorial - inner - outer + (at-1)*math.Log(d+at/size) + (size-at)*math.Log1p(-d-at/size))
	}
	return d * sum
}

// marsaglia is n!/nⁿ times the middle of the n-th power of a matrix.
func marsaglia(n int, d float64) float64 {
	k := int(float64(n)*d) + 1
	middle, exponent := powerMiddle(marsagliaMatrix(k, float64(k)-float64(n)*d), n, k-1)
	logFactorial, _ := math.Lgamma(float64(n) + 1)
	return middle * math.Exp(logFactorial-float64(n)*math.Log(float64(n))+float64(exponent)*math.Ln2)
}

func marsagliaMatrix(k int, h float64) *mat.Dense {
	size := 2*k - 1
	matrix := mat.NewDense(size, size, nil)
	for i := range size {
		for j := range min(size, i+2) {
			matrix.Set(i, j, 1)
		}
	}
	for i := range size {
		matrix.Set(i, 0, matrix.At(i, 0)-math.Pow(h, float64(i+1)))
		matrix.Set(size-1, i, matrix.At(size-1, i)-math.Pow(h, float64(size-i)))
	}
	if h > 0.5 {
		matrix.Set(size-1, 0, matrix.At(size-1, 0)+math.Pow(2*h-1, float64(size)))
	}
	for i := range size {
		for j := range min(size, i+2) {
			matrix.Set(i, j, matrix.At(i, j)/math.Gamma(float64(i-j+2)))
		}
	}
	return matrix
}

// powerMiddle is one diagonal entry of the n-th power, as a mantissa and a
// power of two: the entries themselves leave the range of floats.
func powerMiddle(matrix *mat.Dense, n, at int) (mantissa float64, exponent int) {
	size, _ := matrix.Dims()
	row := mat.NewDense(1, size, nil)
	row.Set(0, at, 1)
	squareExponent := 0
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			row.Mul(row, matrix)
			exponent += squareExponent + rescale(row)
		}
		if n > 1 {
			matrix.Mul(matrix, matrix)
			squareExponent = 2*squareExponent + rescale(matrix)
		}
	}
	return row.At(0, at), exponent
}

// rescale divides by a power of two, which it gives.
func rescale(matrix *mat.Dense) int {
	_, exponent := math.Frexp(mat.Norm(matrix, math.Inf(1)))
	matrix.Scale(math.Ldexp(1, -exponent), matrix)
	return exponent
}
