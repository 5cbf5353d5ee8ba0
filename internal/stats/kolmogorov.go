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
	Tied  float64 // over all orderings of the tied values at hand; P when samples are large
	Above float64 // the largest excess of a's distribution function: values of a are smaller
	Below float64 // the largest excess of b's
}

// exactCells bounds the work of the exact probabilities: some 20 ms each.
const exactCells = 2_100_000

// KolmogorovSmirnov asks whether two samples have one distribution. Sizes may
// differ; values are in any unit. P is 2·Σ(-1)^(k-1)·exp(-2k²λ²) with
// λ = D·√(nm/(n+m)), without continuity term (Smirnov 1948, Ann Math Stat
// 19:279). Exact counts orderings (Hodges 1958, Ark Mat 3:469) while n·m is at
// most 2.1 million; ties make both conservative. Tied looks at the gap only
// where a run of equal values ends, which makes it exact given the ties
// (Schröer and Trenkler 1995, Comput Stat Data Anal 20:185). Without ties it
// equals Exact. Missing and infinite values are ErrNotFinite, an empty sample
// is ErrEmpty.
func KolmogorovSmirnov(a, b []float64) (KS, error) {
	a, b, err := sortedSamples(a, b)
	if err != nil {
		return KS{}, err
	}
	n, m := len(a), len(b)
	above, below, ends := gaps(a, b)
	steps, pairs := max(above, below), float64(n)*float64(m)
	result := KS{D: float64(steps) / pairs, Above: float64(above) / pairs, Below: float64(below) / pairs}
	result.P = kolmogorov(result.D * math.Sqrt(pairs/float64(n+m)))
	result.Exact, result.Tied = result.P, result.P
	if m <= exactCells/n {
		result.Exact = crossing(n, m, steps, nil)
		result.Tied = crossing(n, m, steps, ends)
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

// gaps are the largest excess of either distribution function, times n·m and
// so whole; ends tells after how many values, both samples taken together, a
// run of equal values ends.
func gaps(a, b []float64) (above, below int, ends []bool) {
	ends = make([]bool, len(a)+len(b)+1)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		value := math.Inf(1)
		if i < len(a) {
			value = a[i]
		}
		if j < len(b) {
			value = min(value, b[j])
		}
		for i < len(a) && a[i] == value {
			i++
		}
		for j < len(b) && b[j] == value {
			j++
		}
		gap := i*len(b) - j*len(a)
		above, below = max(above, gap), max(below, -gap)
		ends[i+j] = true
	}
	return above, below, ends
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
// reach |i·m - j·n| >= steps, looking only where ends[i+j], or everywhere
// without ends. Sums of positive terms only, so small probabilities keep their
// digits.
func crossing(n, m, steps int, ends []bool) float64 {
	if steps == 0 {
		return 1
	}
	reached := make([]float64, m+1)
	for i := 0; i <= n; i++ {
		for j := 0; j <= m; j++ {
			gap := i*m - j*n
			switch {
			case (gap >= steps || -gap >= steps) && (ends == nil || ends[i+j]):
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
