package stats

import "math"

// ROCPoint is one threshold of a ROC curve: a score at or above it is a positive.
type ROCPoint struct {
	Threshold                           float64
	TruePositiveRate, FalsePositiveRate float64
}

// ROC lists the thresholds from the highest score to the lowest, each distinct
// score once. The point (0, 0), at which nobody is selected, is left out.
func ROC(scores []float64, labels []bool) ([]ROCPoint, error) {
	curve, err := newPrecisionCurve(scores, labels)
	if err != nil {
		return nil, err
	}
	var points []ROCPoint
	found, alarms := 0.0, 0.0
	positives, negatives := float64(curve.positives), float64(len(labels)-curve.positives)
	for i, row := range curve.order {
		if labels[row] {
			found++
		} else {
			alarms++
		}
		if curve.ends[i] {
			points = append(points, ROCPoint{scores[row], found / positives, alarms / negatives})
		}
	}
	return points, nil
}

// Youden is the point of the ROC curve with the largest sensitivity +
// specificity - 1 (Youden 1950, Cancer 3:32), the highest threshold of equal
// ones. It is chosen by looking at the labels, so its rates flatter the score
// on the same rows.
func Youden(scores []float64, labels []bool) (ROCPoint, error) {
	points, err := ROC(scores, labels)
	if err != nil {
		return ROCPoint{}, err
	}
	best, largest := points[0], math.Inf(-1)
	for _, point := range points {
		if j := point.TruePositiveRate - point.FalsePositiveRate; j > largest {
			best, largest = point, j
		}
	}
	return best, nil
}

// AUROCEstimate is the AUROC with a percentile interval of 2000 stratified
// resamples (fewer above 100,000 rows), for when DeLong's normal interval is
// in doubt. A perfect or constant score keeps its area in every resample; then
// the interval is that of [Ranking].
func AUROCEstimate(scores []float64, labels []bool, seed [32]byte) (Estimate, error) {
	curve, err := newPrecisionCurve(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	ranking, err := DeLong(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	if ranking.degenerate() {
		return Estimate{ranking.Value, ranking.Interval(Alpha), ranking.Method()}, nil
	}
	replicates := replicatesFor(len(labels))
	interval, err := Bootstrap(labels, replicates, seed, func(weights []float64) (float64, bool) {
		return curve.auroc(weights), true
	})
	return Estimate{ranking.Value, interval, bootstrapMethod(replicates)}, err
}

// auroc takes row i as often as weights[i] says: a negative loses to the
// positives above it, and ties half. Resamples within classes keep sizes.
func (c precisionCurve) auroc(weights []float64) float64 {
	above, wins, positives, negatives := 0.0, 0.0, 0.0, 0.0
	for i, row := range c.order {
		if c.labels[row] {
			positives += weights[row]
		} else {
			negatives += weights[row]
		}
		if c.ends[i] {
			wins += negatives * (above + positives/2)
			above += positives
			positives, negatives = 0, 0
		}
	}
	return wins / (float64(c.positives) * float64(len(c.labels)-c.positives))
}
