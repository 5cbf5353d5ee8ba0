package stats

import "fmt"

// AveragePrecision is Σ (Rₙ-Rₙ₋₁)·Pₙ over the distinct scores from high to
// low, without interpolation (scikit-learn's average_precision_score). Rows
// with equal scores are taken together. Its floor is the prevalence.
func AveragePrecision(scores []float64, labels []bool) (float64, error) {
	curve, err := newPrecisionCurve(scores, labels)
	if err != nil {
		return 0, err
	}
	return curve.area(ones(len(labels))), nil
}

// AveragePrecisionEstimate adds an interval: percentiles of a bootstrap within
// each class. A perfect score stays perfect in every resample; then the
// interval is the binomial one over the positives (Boyd, Eng and Page 2013,
// ECML PKDD, LNAI 8190:451), in its exact form.
func AveragePrecisionEstimate(scores []float64, labels []bool, seed [32]byte) (Estimate, error) {
	curve, err := newPrecisionCurve(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	estimate := Estimate{Value: curve.area(ones(len(labels)))}
	if estimate.Value == 1 {
		estimate.Interval = boundedInterval(1, curve.positives, Alpha)
		estimate.Method = "perfect in every resample; exact binomial of the positives"
		return estimate, nil
	}
	replicates := replicatesFor(len(labels))
	estimate.Interval, err = Bootstrap(labels, replicates, seed, func(weights []float64) (float64, bool) {
		return curve.area(weights), true
	})
	estimate.Method = bootstrapMethod(replicates)
	return estimate, err
}

func bootstrapMethod(replicates int) string {
	return fmt.Sprintf("stratified bootstrap, %d replicates, percentile", replicates)
}

// precisionCurve is sorted once and walked once per resample.
type precisionCurve struct {
	order     []int // rows by falling score
	ends      []bool
	labels    []bool
	positives int
}

func newPrecisionCurve(scores []float64, labels []bool) (precisionCurve, error) {
	if err := checkScores(scores, labels); err != nil {
		return precisionCurve{}, err
	}
	positives, _, err := countClasses(labels)
	if err != nil {
		return precisionCurve{}, err
	}
	up := ascending(scores)
	curve := precisionCurve{order: make([]int, len(up)), ends: make([]bool, len(up)), labels: labels, positives: positives}
	for i := range up {
		curve.order[i] = up[len(up)-1-i]
	}
	for i, row := range curve.order {
		curve.ends[i] = i == len(up)-1 || scores[row] != scores[curve.order[i+1]]
	}
	return curve, nil
}

// area takes row i as often as weights[i] says. Resamples within classes keep
// the number of positives.
func (c precisionCurve) area(weights []float64) float64 {
	found, taken, before, area := 0.0, 0.0, 0.0, 0.0
	for i, row := range c.order {
		taken += weights[row]
		if c.labels[row] {
			found += weights[row]
		}
		if c.ends[i] && found > before {
			area += (found - before) * found / taken
			before = found
		}
	}
	return area / float64(c.positives)
}
