package dataset

import (
	"context"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// outcome measures what the model is to predict. Survival has an event
// indicator for a label, and a time beside it.
func outcome(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	for _, ask := range []struct {
		of    func() (column, bool)
		names []string
	}{
		{s.label, []string{"label_missing", "label_invalid"}},
		{s.time, []string{"label_missing", "label_invalid", "negative_times"}},
	} {
		column, has := ask.of()
		for _, name := range ask.names {
			if !has {
				break
			}
			found = append(found, s.tally(name, column))
		}
	}
	if label, has := s.label(); has {
		found = append(found, s.balance(label)...)
	}
	return found, nil
}

func (s *study) label() (column, bool) {
	if s.contract == nil {
		return column{}, false
	}
	if s.contract.Label != "" {
		return s.find(s.contract.Label)
	}
	return s.find(s.contract.Event)
}

func (s *study) time() (column, bool) {
	if s.contract == nil {
		return column{}, false
	}
	return s.find(s.contract.Time)
}

// outcomes are the events among the rows of a sample that have an outcome.
func (s *study) outcomes(i int, label column) stats.Proportion {
	counted := func(name string) int {
		if counts := s.counted[claim{name, label.name}]; counts != nil && counts[i] > 0 {
			return int(counts[i])
		}
		return 0
	}
	events := counted("events")
	return stats.Proportion{Successes: events, Trials: events + counted("non_events")}
}

// balance counts both classes of the current sample: precision there depends
// on the smaller one (Vergouwe 2005, J Clin Epidemiol 58:475).
func (s *study) balance(label column) []evidence.Measurement {
	current := s.outcomes(0, label)
	found := []evidence.Measurement{
		count("events", "", current.Successes, current.Trials),
		count("non_events", "", current.Trials-current.Successes, current.Trials),
	}
	for i, sample := range s.samples {
		found = append(found, share("prevalence", sample.name, s.outcomes(i, label)))
	}
	return found
}

// class reads a label: 1, 0, or NaN for anything else.
func class(text string) float64 {
	if value, ok := table.Number(text); ok && (value == 0 || value == 1) {
		return value
	}
	return math.NaN()
}
