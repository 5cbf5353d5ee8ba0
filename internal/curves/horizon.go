package curves

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// AtHorizon compares predicted risks of an event by a time with Kaplan and
// Meier's estimates, in fifths of risk, or fewer where a fifth would have fewer
// than eleven events by then or fewer than eleven patients beyond. No bins come
// back where even halves would. Intervals are those of the curves.
func AtHorizon(risks []float64, happened outcome.Outcome, horizon float64) ([]figure.CalibrationBin, error) {
	if len(risks) != len(happened.Event) || len(happened.Time) != len(risks) {
		return nil, fmt.Errorf("%d risks of %d outcomes: %w", len(risks), len(happened.Event), stats.ErrLength)
	}
	order := rising(risks)
	for parts := 5; parts > 1; parts-- {
		groups := portions(order, risks, parts)
		if len(groups) != parts || !followed(groups, happened, horizon) {
			continue
		}
		bins := make([]figure.CalibrationBin, parts)
		for i, rows := range groups {
			var err error
			if bins[i], err = observed(rows, risks, happened, horizon); err != nil {
				return nil, fmt.Errorf("calibration at the horizon: %w", err)
			}
		}
		return bins, nil
	}
	return nil, nil
}

// followed holds where each group may be published on either side.
func followed(groups [][]int, happened outcome.Outcome, horizon float64) bool {
	for _, rows := range groups {
		before, beyond := 0, 0
		for _, row := range rows {
			switch {
			case happened.Time[row] > horizon:
				beyond++
			case happened.Event[row]:
				before++
			}
		}
		if before < fewest || beyond < fewest {
			return false
		}
	}
	return true
}

func observed(rows []int, risks []float64, happened outcome.Outcome, horizon float64) (figure.CalibrationBin, error) {
	times, events, predicted := make([]float64, len(rows)), make([]bool, len(rows)), 0.0
	for i, row := range rows {
		times[i], events[i] = happened.Time[row], happened.Event[row]
		predicted += risks[row] / float64(len(rows))
	}
	curve, err := stats.KaplanMeier(times, events)
	if err != nil {
		return figure.CalibrationBin{}, err
	}
	step := curve.At(horizon)
	alive := step.Interval(stats.LogLogBand, stats.Alpha)
	return figure.CalibrationBin{
		N: len(rows), Predicted: predicted, Observed: 1 - step.Survival, Low: 1 - alive.High, High: 1 - alive.Low,
	}, nil
}
