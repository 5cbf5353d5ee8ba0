package stats

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Deciles gives the inner edges that cut a reference sample into tenths:
// quantiles by linear interpolation, rounded to 12 significant digits so that
// the edges can be written down and read back, duplicates removed. A reference
// of few distinct values has fewer than nine; a constant one has none.
func Deciles(reference []float64) ([]float64, error) {
	if err := checkSample(reference); err != nil {
		return nil, err
	}
	sorted := slices.Clone(reference)
	slices.Sort(sorted)
	edges := make([]float64, 11)
	for tenth := range edges {
		edges[tenth] = round12(quantile(sorted, float64(tenth)/10))
	}
	edges = slices.Compact(edges)
	if len(edges) < 3 {
		return nil, nil
	}
	return edges[1 : len(edges)-1], nil
}

// EqualWidth gives the inner edges that cut the range of a reference sample
// into bins of equal width. A constant reference has none. The number of bins
// is between 1 and a million.
func EqualWidth(reference []float64, bins int) ([]float64, error) {
	if err := checkSample(reference); err != nil {
		return nil, err
	}
	if bins < 1 || bins > 1_000_000 {
		return nil, fmt.Errorf("%w: %d bins", ErrRange, bins)
	}
	low, high := slices.Min(reference), slices.Max(reference)
	if low == high {
		return nil, nil
	}
	edges := make([]float64, bins-1)
	for i := range edges {
		share := float64(i+1) / float64(bins)
		edges[i] = round12((1-share)*low + share*high)
	}
	return slices.Compact(edges), nil
}

func round12(value float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 12, 64), 64)
	if err != nil {
		return value // only at the very end of the float64 range
	}
	return rounded
}

// BinCounts counts the values in the bins between ascending inner edges; a
// value on an edge belongs to the bin below it, and the outer bins are open.
// There is one bin more than edges.
func BinCounts(values, edges []float64) ([]int, error) {
	if err := checkSample(values); err != nil {
		return nil, err
	}
	counts := make([]int, len(edges)+1)
	for _, value := range values {
		bin, _ := slices.BinarySearch(edges, value)
		counts[bin]++
	}
	return counts, nil
}

// psiFloor keeps an empty bin from making the index infinite.
const psiFloor = 1e-4

// PSI is the population stability index Σ(q-p)·ln(q/p) over the shares p of a
// reference and q of a current sample, shares floored at 1e-4. It is the
// symmetrised Kullback-Leibler divergence, in nats. With n and m rows in B
// bins and no change its mean is about (B-1)(1/n+1/m), so a fixed limit
// misfires on small samples (Yurdakul 2018).
func PSI(reference, current []int) (float64, error) {
	p, q, err := shares(reference, current)
	if err != nil {
		return 0, err
	}
	index := 0.0
	for bin := range p {
		from, to := max(p[bin], psiFloor), max(q[bin], psiFloor)
		index += (to - from) * math.Log(to/from)
	}
	return index, nil
}

// JensenShannon is the square root of the Jensen-Shannon divergence in bits of
// two binned samples (Endres and Schindelin 2003, IEEE Trans Inf Theory
// 49:1858): a distance, 0 for equal shares and 1 for disjoint ones.
func JensenShannon(reference, current []int) (float64, error) {
	p, q, err := shares(reference, current)
	if err != nil {
		return 0, err
	}
	divergence := 0.0
	for bin := range p {
		middle := (p[bin] + q[bin]) / 2
		for _, share := range []float64{p[bin], q[bin]} {
			if share > 0 {
				divergence += share / 2 * math.Log2(share/middle)
			}
		}
	}
	return math.Sqrt(min(max(divergence, 0), 1)), nil
}

func shares(reference, current []int) (p, q []float64, err error) {
	if err := checkLength(len(reference), len(current)); err != nil {
		return nil, nil, err
	}
	if p, err = share(reference); err != nil {
		return nil, nil, fmt.Errorf("reference: %w", err)
	}
	if q, err = share(current); err != nil {
		return nil, nil, fmt.Errorf("current: %w", err)
	}
	return p, q, nil
}

func share(counts []int) ([]float64, error) {
	total := 0.0
	for bin, count := range counts {
		if count < 0 {
			return nil, fmt.Errorf("bin %d: %w: count %d", bin+1, ErrRange, count)
		}
		total += float64(count)
	}
	if total == 0 {
		return nil, ErrEmpty
	}
	result := make([]float64, len(counts))
	for bin, count := range counts {
		result[bin] = float64(count) / total
	}
	return result, nil
}
