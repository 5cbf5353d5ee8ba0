package performance

import (
	"errors"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// bins of equal width, as Guo 2017 (ICML, PMLR 70:1321) has them.
const bins = 10

// distances are how far the observed risk lies from the predicted one: from a
// smooth curve (Austin and Steyerberg 2019, Stat Med 38:4051) and, last, in
// bins.
//
// They grow with noise, and more so in resamples, so that an interval may have
// to be stretched to hold the value: read its upper end.
var distances = [5]string{"ici", "e50", "e90", "emax", "ece"}

// ece is the place of the one that needs no curve.
const ece = 4

var errFewCurves = errors.New("fewer than half of the resamples have a curve")

func curves(scores []float64, labels []bool, seed [32]byte) []evidence.Measurement {
	measured := make([]evidence.Measurement, len(distances))
	whole, smoothErr := stats.MeasureCalibration(scores, labels, stats.Loess)
	binned, _, err := stats.CalibrationErrors(scores, labels, bins)
	var drawn [len(distances)][]float64
	wanted := replicates(len(labels))
	if err == nil {
		drawn, err = redraw(scores, labels, wanted, seed, smoothErr == nil)
	}
	values := [len(distances)]float64{whole.ICI, whole.E50, whole.E90, whole.Emax, binned}
	for i, name := range distances {
		why, method := err, "10 bins of equal width"
		if i != ece {
			method = string(stats.Loess)
		}
		if i != ece && smoothErr != nil {
			why = smoothErr
		}
		if why == nil && 2*len(drawn[i]) < wanted {
			why = errFewCurves
		}
		estimate := stats.Estimate{Value: values[i], Method: method + "; percentile bootstrap within classes, holding the value"}
		if why == nil {
			estimate.Interval = percentiles(drawn[i], values[i])
		}
		measured[i] = estimated(name, len(labels), estimate, why)
	}
	return measured
}

// replicates bounds the work: 200, fewer where rows are many.
func replicates(rows int) int {
	const most, fewest, draws = 200, 50, 20_000_000
	return min(most, max(fewest, draws/max(rows, 1)))
}

// redraw measures the distances in resamples.
func redraw(scores []float64, labels []bool, times int, seed [32]byte, smooth bool) (drawn [len(distances)][]float64, err error) {
	again, outcomes := make([]float64, 0, len(scores)), make([]bool, 0, len(labels))
	_, err = stats.Bootstrap(labels, times, seed, func(weights []float64) (float64, bool) {
		inBins := binnedError(scores, labels, weights)
		drawn[ece] = append(drawn[ece], inBins)
		if !smooth {
			return inBins, true
		}
		again, outcomes = again[:0], outcomes[:0]
		for row, times := range weights {
			for range int(times) {
				again, outcomes = append(again, scores[row]), append(outcomes, labels[row])
			}
		}
		if curve, err := stats.MeasureCalibration(again, outcomes, stats.Loess); err == nil {
			for i, value := range []float64{curve.ICI, curve.E50, curve.E90, curve.Emax} {
				drawn[i] = append(drawn[i], value)
			}
		}
		return inBins, true
	})
	return drawn, err
}

// percentiles are the 95 % of what was drawn, and the value.
func percentiles(drawn []float64, value float64) stats.Interval {
	slices.Sort(drawn)
	out := int(math.Floor(stats.Alpha / 2 * float64(len(drawn))))
	return stats.Interval{Low: min(drawn[out], value), High: max(drawn[len(drawn)-1-out], value)}
}

// binnedError is the expected calibration error when row i is taken weights[i]
// times.
func binnedError(scores []float64, labels []bool, weights []float64) float64 {
	var excess [bins]float64 // predicted less observed events
	rows := 0.0
	for row, score := range scores {
		bin := min(int(score*bins), bins-1)
		excess[bin] += weights[row] * score
		if labels[row] {
			excess[bin] -= weights[row]
		}
		rows += weights[row]
	}
	distance := 0.0
	for _, difference := range excess {
		distance += math.Abs(difference)
	}
	return distance / rows
}
