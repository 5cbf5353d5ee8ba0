package performance

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// againstChampion compares the candidate with the champion on the same
// patients. Every difference is candidate less champion, so that a loss is
// negative, except in the Brier score, of which less is better.
func againstChampion(scores, champion []float64, labels []bool, threshold float64) ([]evidence.Measurement, error) {
	test, err := stats.DeLongPaired(scores, champion, labels)
	if err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	brier, brierErr := brierDifference(scores, champion, labels)
	return []evidence.Measurement{
		estimated("auroc_difference", len(labels), test.Estimate, nil),
		ranking("champion_auroc", len(labels), test.B),
		decidedDifferently("sensitivity_difference", scores, champion, labels, threshold, true),
		decidedDifferently("specificity_difference", scores, champion, labels, threshold, false),
		estimated("brier_difference", len(labels), brier, brierErr),
	}, nil
}

// decidedDifferently is the difference in sensitivity (of the rows with the
// event) or specificity (of those without). Only rows on which the models
// disagree tell, as in McNemar's test: the difference is won/n - lost/n, which
// is a net benefit at even odds, and has its interval (for paired proportions:
// Tang 2010, Stat Med 29:46).
func decidedDifferently(name string, scores, champion []float64, labels []bool, threshold float64, event bool) evidence.Measurement {
	var c stats.Confusion
	for row, label := range labels {
		right, rival := scores[row] >= threshold == event, champion[row] >= threshold == event
		switch {
		case label != event:
		case right && !rival:
			c.TruePositives++
		case rival && !right:
			c.FalsePositives++
		default:
			c.TrueNegatives++
		}
	}
	if slices.Equal(scores, champion) {
		return estimated(name, c.N(), noDifference, nil)
	}
	difference, err := c.NetBenefit(0.5)
	difference.Method = "paired: wilson limits of won/n and lost/n, square-and-add"
	return estimated(name, c.N(), difference, err)
}

// noSpread is what rounding leaves of a variance of 0.
const noSpread = 1e-12

var noDifference = stats.Estimate{Method: "equal scores in every row"}

// brierDifference is the mean of the differences of the squared errors. Its
// interval is normal, from their variance over rows. Where that is 0 although
// the scores differ, the intervals of both scores are squared and added as if
// they were independent, which is the wider answer.
func brierDifference(scores, champion []float64, labels []bool) (stats.Estimate, error) {
	own, err := stats.Brier(scores, labels)
	if err != nil {
		return stats.Estimate{}, err
	}
	rival, err := stats.Brier(champion, labels)
	if err != nil {
		return stats.Estimate{}, fmt.Errorf("champion's scores: %w", err)
	}
	if slices.Equal(scores, champion) {
		return noDifference, nil
	}
	difference := own.Value - rival.Value
	squares, n := 0.0, float64(len(labels))
	for row, label := range labels {
		deviation := squaredError(scores[row], label) - squaredError(champion[row], label) - difference
		squares += deviation * deviation
	}
	half := distuv.UnitNormal.Quantile(1-stats.Alpha/2) * math.Sqrt(squares/(n*max(1, n-1)))
	if half > noSpread {
		return stats.Estimate{Value: difference, Interval: stats.Interval{Low: difference - half, High: difference + half},
			Method: "paired: normal, variance of the differences over rows"}, nil
	}
	return stats.Estimate{Value: difference, Method: "square-and-add of both intervals: the differences show no variance", Interval: stats.Interval{
		Low:  difference - math.Hypot(own.Value-own.Low, rival.High-rival.Value),
		High: difference + math.Hypot(own.High-own.Value, rival.Value-rival.Low),
	}}, nil
}

func squaredError(score float64, label bool) float64 {
	if label {
		score = 1 - score
	}
	return score * score
}
