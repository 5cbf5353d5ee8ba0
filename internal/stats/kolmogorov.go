package stats

import (
	"math"
	"slices"
)

// KS is the two-sample Kolmogorov-Smirnov test.
type KS struct {
	D     float64 // the largest distance of the two distribution functions
	P     float64 // Kolmogorov's limit for large samples
	Exact float64 // over all orderings, as if there were no ties; P when samples are large
}

// exactCells bounds the work of the exact probability.
const exactCells = 1_000_000

// KolmogorovSmirnov asks whether two samples have one distribution. Sizes may
// differ; values are in any unit. P is 2·Σ(-1)^(k-1)·exp(-2k²λ²) with
// λ = D·√(nm/(n+m)), without continuity term (Smirnov 1948, Ann Math Stat
// 19:279). Exact counts orderings (Hodges 1958, Ark Mat 3:469) while n·m is at
// most a million; ties make both conservative.
func KolmogorovSmirnov(a, b []float64) (KS, error) {
	a, b, err := sortedSamples(a, b)
	if err != nil {
		return KS{}, err
	}
	n, m := len(a), len(b)
	steps := largestGap(a, b)
	d := float64(steps) / (float64(n) * float64(m))
	result := KS{D: d, P: kolmogorov(d * math.Sqrt(float64(n)*float64(m)/float64(n+m)))}
	result.Exact = result.P
	if n*m <= exactCells {
		result.Exact = crossing(n, m, steps)
	}
	return result, nil
}

func sortedSamples(a, b []float64) (sortedA, sortedB []float64, err error) {
	if err := checkSample(a); err != nil {
		return nil, nil, err
	}
	if err := checkSample(b); err != nil {
		return nil, nil, err
	}
	sortedA, sortedB = slices.Clone(a), slices.Clone(b)
	slices.Sort(sortedA)
	slices.Sort(sortedB)
	return sortedA, sortedB, nil
}

// largestGap is D·n·m, a whole number.
func largestGap(a, b []float64) int {
	i, j, largest := 0, 0, 0
	for i < len(a) && j < len(b) {
		value := min(a[i], b[j])
		for i < len(a) && a[i] == value {
			i++
		}
		for j < len(b) && b[j] == value {
			j++
		}
		gap := i*len(b) - j*len(a)
		largest = max(largest, gap, -gap)
	}
	return largest
}

// kolmogorov is the upper tail of Kolmogorov's distribution. Below 1 the
// alternating series converges slowly, and its theta transform at once.
func kolmogorov(lambda float64) float64 {
	if lambda <= 0 {
		return 1
	}
	sum := 0.0
	if lambda < 1 {
		for k := 1.0; k < 20; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * lambda * lambda))
		}
		return 1 - math.Sqrt(2*math.Pi)/lambda*sum
	}
	for k, sign := 1.0, 1.0; k < 20; k, sign = k+1, -sign {
		sum += sign * math.Exp(-2*k*k*lambda*lambda)
	}
	return 2 * sum
}

// crossing is the share of lattice paths from (0,0) to (n,m) that somewhere
// reach |i·m - j·n| >= steps. Sums of positive terms only, so small
// probabilities keep their digits.
func crossing(n, m, steps int) float64 {
	if steps == 0 {
		return 1
	}
	reached := make([]float64, m+1)
	for i := 0; i <= n; i++ {
		for j := 0; j <= m; j++ {
			gap := i*m - j*n
			switch {
			case gap >= steps || -gap >= steps:
				reached[j] = 1
			case i == 0 && j == 0:
				reached[j] = 0
			default:
				fromLeft := 0.0
				if j > 0 {
					fromLeft = float64(j) * reached[j-1]
				}
				reached[j] = (float64(i)*reached[j] + fromLeft) / float64(i+j)
			}
		}
	}
	return reached[m]
}
