package performance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Survival measures risk scores (any scale, larger is sooner) against
// follow-up that may be censored. champion holds the serving model's scores
// for the same rows, or nothing. The seed drives the resampling of
// c_index_difference.
func Survival(scores, time []float64, event []bool, champion []float64, seed [32]byte) ([]evidence.Measurement, error) {
	harrell, err := stats.Harrell(scores, time, event)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	uno, err := stats.Uno(scores, time, event)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	n, events := len(event), 0
	for _, happened := range event {
		if happened {
			events++
		}
	}
	measured := []evidence.Measurement{
		ranking("c_index", n, harrell),
		ranking("uno_c", n, uno),
		hazardSlope(scores, time, event),
		medianFollowUp(time, event),
		proportion("censored_fraction", stats.Proportion{Successes: n - events, Trials: n}),
		count("events", events, n),
		champions(champion, n),
	}
	if len(champion) == 0 {
		return measured, nil
	}
	difference, err := stats.HarrellDifference(scores, champion, time, event, seed)
	if err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	return append(measured,
		estimated("c_index_difference", n, difference.Estimate, nil),
		ranking("champion_c_index", n, difference.B),
	), nil
}
