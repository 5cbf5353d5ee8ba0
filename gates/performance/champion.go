package performance

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Champion is the serving model's scores for the same rows, and the threshold
// at which it decides. No scores say that there is no champion.
type Champion struct {
	Scores    []float64
	Threshold float64
}

// againstChampion compares the candidate with the champion on the same
// patients. Every difference is candidate less champion, so that a loss is
// negative, except in the Brier score, of which less is better.
func againstChampion(scores []float64, threshold float64, champion Champion, labels []bool) ([]evidence.Measurement, error) {
	test, err := stats.DeLongPaired(scores, champion.Scores, labels)
	if err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	if err := outcome.CheckThreshold(champion.Threshold, champion.Scores); err != nil {
		return nil, fmt.Errorf("champion: %w", err)
	}
	brier, brierErr := brierDifference(scores, champion.Scores, labels)
	return []evidence.Measurement{
		estimated("auroc_difference", len(labels), test.Estimate, nil),
		ranking("champion_auroc", len(labels), test.B),
		decidedDifferently("sensitivity_difference", scores, threshold, champion, labels, true),
		decidedDifferently("specificity_difference", scores, threshold, champion, labels, false),
		estimated("brier_difference", len(labels), brier, brierErr),
	}, nil
}

// decidedDifferently is the difference in sensitivity (of the rows with the
// event) or specificity (of those without), each model deciding at its own
// threshold. Only rows on which the models disagree tell, as in McNemar's test:
// the difference is won/n - lost/n, which is a net benefit at even odds, and
// has its interval (for paired proportions: Tang 2010, Stat Med 29:46).
//
// Equal scores cut at one threshold are one rule of decision, whose difference
// is exactly 0. Nothing less is: of scores that order patients alike and
// decide alike on n of them, as after recalibration, no score of the sample
// lies between the two thresholds, but the next patient's may. That none of n
// was decided otherwise bounds the share who would be at about 4/n, which is
// what Wilson's limits say.
func decidedDifferently(name string, scores []float64, threshold float64, champion Champion, labels []bool, event bool) evidence.Measurement {
	var c stats.Confusion
	for row, label := range labels {
		right, rival := scores[row] >= threshold == event, champion.Scores[row] >= champion.Threshold == event
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
	if threshold == champion.Threshold && slices.Equal(scores, champion.Scores) {
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
