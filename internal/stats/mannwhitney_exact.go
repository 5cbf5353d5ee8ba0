package stats

import (
	"fmt"
	"slices"
)

// ExactP are exact probabilities of a test.
type ExactP struct {
	TwoSided float64 // twice the smaller side, at most 1
	Greater  float64 // values of a are larger
	Less     float64
}

// exactRanks is where R's wilcox.test stops counting.
const exactRanks = 50

// MannWhitneyExact counts all orderings of two samples without ties, each of
// fewer than 50 values (Mann and Whitney 1947, Ann Math Stat 18:50; R's
// wilcox.test(exact = TRUE)). Ties are ErrTied and larger samples ErrRange:
// use [MannWhitney] for both.
func MannWhitneyExact(a, b []float64) (ExactP, error) {
	if len(a) >= exactRanks || len(b) >= exactRanks {
		return ExactP{}, fmt.Errorf("%w: samples of %d and %d, at most %d", ErrRange, len(a), len(b), exactRanks-1)
	}
	sortedA, sortedB, err := sortedSamples(a, b)
	if err != nil {
		return ExactP{}, err
	}
	both := append(slices.Clone(sortedA), sortedB...)
	slices.Sort(both)
	if len(slices.Compact(both)) < len(a)+len(b) {
		return ExactP{}, ErrTied
	}
	u := 0
	for _, value := range sortedA {
		below, _ := slices.BinarySearch(sortedB, value)
		u += below
	}
	chances := rankSumChances(len(a), len(b))
	p := ExactP{Greater: min(1, total(chances[u:])), Less: min(1, total(chances[:u+1]))}
	p.TwoSided = min(1, 2*min(p.Greater, p.Less))
	return p, nil
}

// rankSumChances is the distribution of U. The largest of all values is from
// either sample with the odds of their sizes; from a, it beats all of b.
func rankSumChances(n, m int) []float64 {
	chances := make([][]float64, m+1) // by the size of b
	for j := range chances {
		chances[j] = []float64{1}
	}
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			next := make([]float64, i*j+1)
			fromA, fromB := float64(i)/float64(i+j), float64(j)/float64(i+j)
			for u, chance := range chances[j] {
				next[u+j] += fromA * chance
			}
			for u, chance := range chances[j-1] {
				next[u] += fromB * chance
			}
			chances[j] = next
		}
	}
	return chances[m]
}
