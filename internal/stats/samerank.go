package stats

import "slices"

// oneRanking holds for two scores that order all rows alike, ties included,
// as the scores of one model before and after recalibration do: a rising
// function turns the one into the other, so whatever depends on order alone
// differs by exactly 0, in this sample and in every other.
//
// That the function goes on rising between the rows is inferred, so the order
// has to be one that two models would hardly share: of ten distinct scores one
// order in 3.6 million is the same. Fewer are believed only when they are equal
// as numbers. Equal placements (the rows of the other class that a row beats)
// would not do: all models that part the classes have the same.
func oneRanking(a, b []float64) (same bool, method string) {
	const fewest = 10
	if slices.Equal(a, b) {
		return true, "equal scores in every row"
	}
	ranksA, distinct := denseRanks(a)
	ranksB, _ := denseRanks(b)
	return distinct >= fewest && slices.Equal(ranksA, ranksB), "equal ranks in every row"
}
