package stats

import "fmt"

// comparison has the pairs in a form that is sorted once.
type comparison struct {
	time   []float64
	event  []bool
	order  []int // rows by rising time
	rank   []int // of the score, from 1; equal scores share one
	ranks  int
	weight []float64 // of the pairs whose first event is this row's
	events int
}

func newComparison(scores, time []float64, event []bool) (comparison, error) {
	if err := checkFollowUp(time, event); err != nil {
		return comparison{}, err
	}
	if err := checkScores(scores, event); err != nil {
		return comparison{}, err
	}
	c := comparison{time: time, event: event, order: ascending(time), weight: ones(len(scores))}
	c.rank, c.ranks = denseRanks(scores)
	for _, e := range event {
		if e {
			c.events++
		}
	}
	return c, nil
}

// weighByCensoring sets 1/G² of Kaplan-Meier's estimate for the censoring.
func (c comparison) weighByCensoring() {
	censored := newCensoring(c.time, c.event)
	for row, time := range c.time {
		uncensored := censored.justBefore(time)
		c.weight[row] = 1 / (uncensored * uncensored)
	}
}

// later visits every event together with the tree of the rows that outlived
// it, each row taken counts[row] times.
func (c comparison) later(counts []float64, visit func(row int, tree fenwick)) {
	tree := newFenwick(c.ranks)
	for end := len(c.order); end > 0; {
		start := end - 1
		for start > 0 && c.time[c.order[start-1]] == c.time[c.order[start]] {
			start--
		}
		tied := c.order[start:end]
		c.plant(tree, tied, false, counts)
		for _, row := range tied {
			if c.event[row] {
				visit(row, tree)
			}
		}
		c.plant(tree, tied, true, counts)
		end = start
	}
}

// earlier visits every row together with the tree of the events before it,
// each with the weight of its pairs.
func (c comparison) earlier(visit func(row int, tree fenwick)) {
	tree := newFenwick(c.ranks)
	for start := 0; start < len(c.order); {
		end := tieEnd(c.time, c.order, start)
		tied := c.order[start:end]
		for _, row := range tied {
			if c.event[row] {
				visit(row, tree)
			}
		}
		c.plant(tree, tied, true, c.weight)
		for _, row := range tied {
			if !c.event[row] {
				visit(row, tree)
			}
		}
		start = end
	}
}

func (c comparison) plant(tree fenwick, rows []int, events bool, amounts []float64) {
	for _, row := range rows {
		if c.event[row] == events && amounts[row] != 0 {
			tree.add(c.rank[row], amounts[row])
		}
	}
}

// value is the index when row i is taken counts[i] times.
func (c comparison) value(counts []float64) (float64, bool) {
	concordant, comparable := 0.0, 0.0
	c.later(counts, func(row int, tree fenwick) {
		weight := counts[row] * c.weight[row]
		if weight == 0 {
			return
		}
		below, upTo := tree.sum(c.rank[row]-1), tree.sum(c.rank[row])
		concordant += weight * (below + upTo) / 2
		comparable += weight * tree.sum(c.ranks)
	})
	return concordant / comparable, comparable > 0
}

// ranking adds the infinitesimal jackknife: the variance is Σ(Wᵢ-C·Pᵢ)²/P²,
// Wᵢ and Pᵢ being the concordant and comparable weight of the pairs that have
// row i in them. Two by two, the events are disjoint pairs.
func (c comparison) ranking(method string) (Ranking, error) {
	n := len(c.order)
	concordant, comparable := make([]float64, n), make([]float64, n)
	c.later(ones(n), func(row int, tree fenwick) {
		below, upTo := tree.sum(c.rank[row]-1), tree.sum(c.rank[row])
		concordant[row] += c.weight[row] * (below + upTo) / 2
		comparable[row] += c.weight[row] * tree.sum(c.ranks)
	})
	won, pairs := total(concordant), total(comparable)
	if pairs == 0 {
		return Ranking{}, fmt.Errorf("%w: nobody outlived an event", ErrNoPairs)
	}
	c.earlier(func(row int, tree fenwick) {
		all, below, upTo := tree.sum(c.ranks), tree.sum(c.rank[row]-1), tree.sum(c.rank[row])
		concordant[row] += all - (below+upTo)/2 // those above win
		comparable[row] += all
	})
	index, variance := won/pairs, 0.0
	for row := range concordant {
		influence := (concordant[row] - index*comparable[row]) / pairs
		variance += influence * influence
	}
	if variance < minVariance*minVariance {
		variance = 0 // rounding
	}
	return Ranking{Value: index, Variance: variance, Pairs: max(1, c.events/2), method: method}, nil
}
