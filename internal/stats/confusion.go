package stats

import (
	"fmt"
	"math"
)

// Confusion counts what a decision at a threshold does.
type Confusion struct {
	TruePositives, FalsePositives, TrueNegatives, FalseNegatives int
}

// Confuse decides at a threshold: a score at or above it is a positive.
func Confuse(scores []float64, labels []bool, threshold float64) (Confusion, error) {
	if err := checkScores(scores, labels); err != nil {
		return Confusion{}, err
	}
	if math.IsNaN(threshold) {
		return Confusion{}, fmt.Errorf("threshold: %w", ErrNotFinite)
	}
	var c Confusion
	for row, score := range scores {
		switch positive := score >= threshold; {
		case positive && labels[row]:
			c.TruePositives++
		case positive:
			c.FalsePositives++
		case labels[row]:
			c.FalseNegatives++
		default:
			c.TrueNegatives++
		}
	}
	return c, nil
}

// Positives counts the rows with the event.
func (c Confusion) Positives() int { return c.TruePositives + c.FalseNegatives }

// Negatives counts the rows without it.
func (c Confusion) Negatives() int { return c.TrueNegatives + c.FalsePositives }

// Selected counts the rows at or above the threshold.
func (c Confusion) Selected() int { return c.TruePositives + c.FalsePositives }

// N counts the rows.
func (c Confusion) N() int { return c.Positives() + c.Negatives() }

// Sensitivity is the share of the positives that is found.
func (c Confusion) Sensitivity() Proportion { return Proportion{c.TruePositives, c.Positives()} }

// Specificity is the share of the negatives that is left alone.
func (c Confusion) Specificity() Proportion { return Proportion{c.TrueNegatives, c.Negatives()} }

// FalsePositiveRate is the share of the negatives that is selected.
func (c Confusion) FalsePositiveRate() Proportion {
	return Proportion{c.FalsePositives, c.Negatives()}
}

// PPV, the positive predictive value, is the share of the selected that is positive.
func (c Confusion) PPV() Proportion { return Proportion{c.TruePositives, c.Selected()} }

// NPV, the negative predictive value, is the share of the others that is negative.
func (c Confusion) NPV() Proportion { return Proportion{c.TrueNegatives, c.N() - c.Selected()} }

// SelectionRate is the share of all that is selected.
func (c Confusion) SelectionRate() Proportion { return Proportion{c.Selected(), c.N()} }

// Accuracy is the share of all that is decided rightly.
func (c Confusion) Accuracy() Proportion {
	return Proportion{c.TruePositives + c.TrueNegatives, c.N()}
}
