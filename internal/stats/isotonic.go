package stats

import "slices"

// Isotonic is a rising step-wise map from scores to risks.
type Isotonic struct {
	scores, risks []float64
}

// FitIsotonic finds the rising risks nearest to the labels in squares by
// pooling adjacent violators (Ayer 1955, Ann Math Stat 26:641; Zadrozny and
// Elkan 2002 for calibration). Scores may have any scale; rows with equal
// scores are one point. One class alone is fitted by a constant.
func FitIsotonic(scores []float64, labels []bool) (Isotonic, error) {
	if err := checkScores(scores, labels); err != nil {
		return Isotonic{}, err
	}
	type block struct {
		sum, weight float64
		points      int
	}
	var blocks []block
	var fit Isotonic
	order := ascending(scores)
	for start := 0; start < len(order); {
		end := tieEnd(scores, order, start)
		next := block{points: 1, weight: float64(end - start)}
		for _, row := range order[start:end] {
			next.sum += indicator(labels[row])
		}
		for len(blocks) > 0 && blocks[len(blocks)-1].sum*next.weight >= next.sum*blocks[len(blocks)-1].weight {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			next = block{last.sum + next.sum, last.weight + next.weight, last.points + next.points}
		}
		blocks = append(blocks, next)
		fit.scores = append(fit.scores, scores[order[start]])
		start = end
	}
	for _, b := range blocks {
		for range b.points {
			fit.risks = append(fit.risks, b.sum/b.weight)
		}
	}
	return fit, nil
}

// At is the risk of a score, linear between the scores of the fit and constant
// beyond them, as scikit-learn's IsotonicRegression(out_of_bounds="clip").
// The zero value and a missing score have risk 0.
func (f Isotonic) At(score float64) float64 {
	if len(f.scores) == 0 || score != score {
		return 0
	}
	above, found := slices.BinarySearch(f.scores, score)
	switch {
	case found || above == 0:
		return f.risks[above]
	case above == len(f.scores):
		return f.risks[above-1]
	}
	low, high := f.scores[above-1], f.scores[above]
	share := (score - low) / (high - low)
	return (1-share)*f.risks[above-1] + share*f.risks[above]
}
