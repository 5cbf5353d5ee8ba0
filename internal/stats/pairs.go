package stats

// PairCounts are the pairs of patients that a concordance index is made of.
type PairCounts struct {
	Concordant, Discordant int
	TiedScore              int // comparable pairs of equal scores
	TiedTime               int // two events at one time, scores differing
	TiedBoth               int // two events at one time, scores equal
}

// CountPairs counts as R's survival::concordance does. Inputs and errors are
// those of [Harrell], but no comparable pair at all is no error.
func CountPairs(scores, time []float64, event []bool) (PairCounts, error) {
	c, err := newComparison(scores, time, event)
	if err != nil {
		return PairCounts{}, err
	}
	var counts PairCounts
	c.later(ones(len(scores)), func(row int, tree fenwick) {
		below, upTo, all := tree.sum(c.rank[row]-1), tree.sum(c.rank[row]), tree.sum(c.ranks)
		counts.Concordant += int(below)
		counts.TiedScore += int(upTo - below)
		counts.Discordant += int(all - upTo)
	})
	for start := 0; start < len(c.order); {
		end := tieEnd(time, c.order, start)
		deaths, alike := 0, map[int]int{}
		for _, row := range c.order[start:end] {
			if event[row] {
				counts.TiedBoth += alike[c.rank[row]]
				counts.TiedTime += deaths - alike[c.rank[row]]
				alike[c.rank[row]]++
				deaths++
			}
		}
		start = end
	}
	return counts, nil
}
