package curves

import (
	"cmp"
	"slices"
)

// cell is some patients of neighbouring scores.
type cell struct {
	positives, negatives int
	total                float64 // of the scores
	lowest, highest      float64
}

func (c cell) size() int { return c.positives + c.negatives }

// publishable holds when neither kind of patient is 1 to 10.
func (c cell) publishable() bool {
	return c.size() > 0 && !few(c.positives) && !few(c.negatives)
}

// few holds for a count that is not published. None is.
func few(patients int) bool { return patients > 0 && patients < fewest }

// with joins a cell of higher or of lower scores.
func (c cell) with(other cell) cell {
	if c.size() == 0 {
		return other
	}
	return cell{
		positives: c.positives + other.positives, negatives: c.negatives + other.negatives, total: c.total + other.total,
		lowest: min(c.lowest, other.lowest), highest: max(c.highest, other.highest),
	}
}

func sum(cells []cell) cell {
	var all cell
	for _, one := range cells {
		all = all.with(one)
	}
	return all
}

// gather makes the smallest cells that may be published, by rising score.
// Equal scores are never parted. Nothing comes back when even all patients
// together may not be published.
func gather(scores []float64, labels []bool) []cell {
	var cells []cell
	open := cell{}
	order := rising(scores)
	for i, row := range order {
		open = open.with(single(scores[row], labels[row]))
		tied := i+1 < len(order) && scores[order[i+1]] == scores[row]
		if !tied && open.publishable() {
			cells = append(cells, open)
			open = cell{}
		}
	}
	for open.size() > 0 && !open.publishable() && len(cells) > 0 {
		open = open.with(cells[len(cells)-1])
		cells = cells[:len(cells)-1]
	}
	if open.publishable() {
		cells = append(cells, open)
	}
	return cells
}

func single(score float64, label bool) cell {
	one := cell{negatives: 1, total: score, lowest: score, highest: score}
	if label {
		one.positives, one.negatives = 1, 0
	}
	return one
}

// rising orders the rows by score, equal scores by row.
func rising(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	return order
}
