package stats

import (
	"fmt"
	"math"
	"slices"
)

// Kendall is the rank correlation τ-b of two columns: pairs of rows ordered
// alike, less pairs ordered apart, over the root of the pairs not tied in
// either (Kendall 1945, Biometrika 33:239). O(n log n). A constant column is
// ErrConstant; missing values are ErrNotFinite.
func Kendall(x, y []float64) (float64, error) {
	if err := checkLength(len(x), len(y)); err != nil {
		return 0, err
	}
	for _, column := range [][]float64{x, y} {
		if err := checkFinite(column); err != nil {
			return 0, err
		}
		if slices.Min(column) == slices.Max(column) {
			return 0, ErrConstant
		}
	}
	rank, ranks := denseRanks(y)
	order := ascending(x)
	tree, seen, alike, apart := newFenwick(ranks), 0.0, 0.0, 0.0
	for start := 0; start < len(order); {
		end := tieEnd(x, order, start)
		for _, row := range order[start:end] {
			alike += tree.sum(rank[row] - 1)
			apart += seen - tree.sum(rank[row])
		}
		for _, row := range order[start:end] {
			tree.add(rank[row], 1)
			seen++
		}
		start = end
	}
	pairs := seen * (seen - 1) / 2
	tau := (alike - apart) / math.Sqrt(pairs-tiedPairs(x)) / math.Sqrt(pairs-tiedPairs(y))
	if math.IsNaN(tau) {
		return 0, fmt.Errorf("%w: no pair is untied", ErrUndefined)
	}
	return min(max(tau, -1), 1), nil
}

// denseRanks numbers the distinct values from 1, in rising order.
func denseRanks(values []float64) (rank []int, ranks int) {
	rank = make([]int, len(values))
	order := ascending(values)
	for start := 0; start < len(order); {
		end := tieEnd(values, order, start)
		ranks++
		for _, row := range order[start:end] {
			rank[row] = ranks
		}
		start = end
	}
	return rank, ranks
}

func tiedPairs(values []float64) float64 {
	order, pairs := ascending(values), 0.0
	for start := 0; start < len(order); {
		end := tieEnd(values, order, start)
		tied := float64(end - start)
		pairs += tied * (tied - 1) / 2
		start = end
	}
	return pairs
}
