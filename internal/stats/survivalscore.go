package stats

import (
	"fmt"
	"slices"
)

// BrierAt is the Brier score of predicted probabilities to be without event
// beyond a horizon, every row weighed by the inverse probability of being
// uncensored (Graf 1999, Stat Med 18:2529): without censoring it is [Brier].
// Somebody must be followed beyond the horizon (ErrRange otherwise). Weights
// are Kaplan-Meier's, of all rows, and the normal interval takes them as known.
func BrierAt(survival, time []float64, event []bool, horizon float64) (Estimate, error) {
	column := make([][]float64, len(survival))
	for row := range survival {
		column[row] = survival[row : row+1]
	}
	losses, err := weightedLosses(column, time, event, []float64{horizon})
	if err != nil {
		return Estimate{}, err
	}
	return weightedMean(losses, 0), nil
}

// IntegratedBrier is the mean of [BrierAt] over rising horizons by the
// trapezoid rule; survival is rows × horizons, at least two.
func IntegratedBrier(survival [][]float64, time []float64, event []bool, horizons []float64) (Estimate, error) {
	if len(horizons) < 2 || !slices.IsSorted(horizons) || horizons[0] == horizons[len(horizons)-1] {
		return Estimate{}, fmt.Errorf("horizons: %w: at least two, rising", ErrRange)
	}
	losses, err := weightedLosses(survival, time, event, horizons)
	if err != nil {
		return Estimate{}, err
	}
	return weightedMean(losses, horizons[len(horizons)-1]-horizons[0], horizons...), nil
}

// weightedLosses are rows × horizons.
func weightedLosses(survival [][]float64, time []float64, event []bool, horizons []float64) ([][]float64, error) {
	if err := checkFollowUp(time, event); err != nil {
		return nil, err
	}
	columns, err := checkDesign(survival, len(time), 0)
	if err != nil {
		return nil, err
	}
	if err := checkLength(len(horizons), columns); err != nil {
		return nil, err
	}
	losses := make([][]float64, len(time))
	for row, predicted := range survival {
		losses[row] = make([]float64, columns)
		for _, p := range predicted {
			if p < 0 || p > 1 {
				return nil, fmt.Errorf("row %d: %w: %v is not a probability", row+1, ErrRange, p)
			}
		}
	}
	censored := newCensoring(time, event)
	for j, horizon := range horizons {
		if err := checkHorizon(time, horizon); err != nil {
			return nil, err
		}
		for row, weight := range censored.weights(time, event, horizon) {
			gap := survival[row][j] - indicator(time[row] > horizon)
			losses[row][j] = weight * gap * gap
		}
	}
	return losses, nil
}

// weightedMean integrates each row over the horizons and takes the mean.
func weightedMean(losses [][]float64, width float64, horizons ...float64) Estimate {
	values, largest := make([]float64, len(losses)), 1.0
	for row, loss := range losses {
		values[row] = loss[0]
		if width > 0 {
			values[row] = 0
			for j := 1; j < len(loss); j++ {
				values[row] += (loss[j] + loss[j-1]) / 2 * (horizons[j] - horizons[j-1]) / width
			}
		}
		largest = max(largest, values[row])
	}
	estimate := boundedMean(values, largest)
	estimate.Method += ", censoring weights fixed"
	return estimate
}

// AUCAt is the probability that a row with its event by the horizon scores
// higher than a row followed beyond it, ties half, events weighed by the
// inverse probability of being uncensored (the cumulative-dynamic AUC: Uno
// 2007, JASA 102:527; Blanche 2013, Biom J 55:687). The variance is the
// jackknife's with weights taken as known. Without an event by the horizon it
// is ErrOneClass.
func AUCAt(scores, time []float64, event []bool, horizon float64) (Ranking, error) {
	if err := checkFollowUp(time, event); err != nil {
		return Ranking{}, err
	}
	if err := checkHorizon(time, horizon); err != nil {
		return Ranking{}, err
	}
	var kept, weights []float64
	var early []bool
	if err := checkScores(scores, event); err != nil {
		return Ranking{}, err
	}
	for row, weight := range newCensoring(time, event).weights(time, event, horizon) {
		if weight > 0 {
			kept, weights, early = append(kept, scores[row]), append(weights, weight), append(early, time[row] <= horizon)
		}
	}
	p, err := place(kept, early)
	if err != nil {
		return Ranking{}, fmt.Errorf("horizon %v: %w", horizon, err)
	}
	return p.weighted(kept, weights, early), nil
}

// weighted gives positives unequal weights. What a negative loses is then a
// weighted share, which a walk down the scores adds up.
func (p placement) weighted(scores, weights []float64, labels []bool) Ranking {
	all, won := 0.0, 0.0
	for row, label := range labels {
		if label {
			all += weights[row]
			won += weights[row] * p.wins[row] / float64(p.negatives)
		}
	}
	value, variance, above := won/all, 0.0, 0.0
	order := ascending(scores)
	for end := len(order); end > 0; {
		start := end - 1
		for start > 0 && scores[order[start-1]] == scores[order[start]] {
			start--
		}
		tied := 0.0
		for _, row := range order[start:end] {
			if labels[row] {
				tied += weights[row]
				influence := weights[row] / all * (p.wins[row]/float64(p.negatives) - value)
				variance += influence * influence
			}
		}
		for _, row := range order[start:end] {
			if !labels[row] {
				influence := ((above+tied/2)/all - value) / float64(p.negatives)
				variance += influence * influence
			}
		}
		above += tied
		end = start
	}
	if variance < minVariance {
		variance = 0
	}
	return Ranking{Value: value, Variance: variance, Pairs: min(p.positives, p.negatives), method: jackknife + ", censoring weights fixed"}
}
