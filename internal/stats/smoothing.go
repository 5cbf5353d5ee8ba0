package stats

import (
	"fmt"
	"math"
	"slices"
)

// Smoother names how observed risk is smoothed over predicted risk. The same
// scores have different calibration indices by different smoothers, so a
// number without its smoother's name says little.
type Smoother string

const (
	Loess  Smoother = "loess, span 0.75, degree 2"      // R's loess with its defaults
	Lowess Smoother = "lowess, span 2/3, no robustness" // R's lowess(iter = 0), as rms::val.prob
)

// CalibrationDistance sums up the distance of predicted from smoothed risk over
// the rows: the integrated calibration index and quantiles of Austin and
// Steyerberg 2019 (Stat Med 38:4051). All are 0 for perfect calibration, and
// none can be below, so small samples look worse than they are.
type CalibrationDistance struct {
	ICI, E50, E90, Emax float64
	Smoother            Smoother
}

// MeasureCalibration smooths the labels over scores in [0, 1]. It wants both
// classes and at least ten rows (ErrEmpty below); equal scores throughout are
// ErrConstant. Smoothed risks are not clipped to [0, 1], as in R.
func MeasureCalibration(scores []float64, labels []bool, smoother Smoother) (CalibrationDistance, error) {
	smoothed, err := SmoothedRisks(scores, labels, smoother)
	if err != nil {
		return CalibrationDistance{}, err
	}
	distances := make([]float64, len(scores))
	for row, score := range scores {
		distances[row] = math.Abs(smoothed[row] - score)
	}
	ici := total(distances) / float64(len(distances))
	slices.Sort(distances)
	return CalibrationDistance{
		ICI: ici, E50: quantile(distances, .5), E90: quantile(distances, .9), Emax: distances[len(distances)-1],
		Smoother: smoother,
	}, nil
}

// SmoothedRisks is the observed risk at every row's score, in row order: the
// calibration curve. Errors are those of [MeasureCalibration].
func SmoothedRisks(scores []float64, labels []bool, smoother Smoother) ([]float64, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return nil, err
	}
	if _, _, err := countClasses(labels); err != nil {
		return nil, err
	}
	if slices.Min(scores) == slices.Max(scores) {
		return nil, ErrConstant
	}
	const fewest = 10
	if len(scores) < fewest {
		return nil, fmt.Errorf("%w to smooth: %d, at least %d", ErrEmpty, len(scores), fewest)
	}
	outcomes := make([]float64, len(labels))
	for row, label := range labels {
		outcomes[row] = indicator(label)
	}
	switch smoother {
	case Loess:
		return newLoess(scores, outcomes).smooth(scores), nil
	case Lowess:
		smoothed := make([]float64, len(scores))
		fitted := newLowess(scores, outcomes).smooth()
		for i, row := range ascending(scores) {
			smoothed[row] = fitted[i]
		}
		return smoothed, nil
	}
	return nil, fmt.Errorf("smoother: %w: %q is neither %q nor %q", ErrRange, smoother, Loess, Lowess)
}

// ICIEstimate is the integrated calibration index with a percentile interval of
// 200 resamples within each class.
func ICIEstimate(scores []float64, labels []bool, smoother Smoother, seed [32]byte) (Estimate, error) {
	measured, err := MeasureCalibration(scores, labels, smoother)
	if err != nil {
		return Estimate{}, err
	}
	const replicates = 200
	drawnScores, drawnLabels := make([]float64, 0, len(scores)), make([]bool, 0, len(scores))
	interval, err := Bootstrap(labels, replicates, seed, func(weights []float64) (float64, bool) {
		drawnScores, drawnLabels = drawnScores[:0], drawnLabels[:0]
		for row, times := range weights {
			for range int(times) {
				drawnScores, drawnLabels = append(drawnScores, scores[row]), append(drawnLabels, labels[row])
			}
		}
		drawn, err := MeasureCalibration(drawnScores, drawnLabels, smoother)
		return drawn.ICI, err == nil
	})
	return Estimate{measured.ICI, interval, bootstrapMethod(replicates) + "; " + string(smoother)}, err
}
