package dataset

import (
	"context"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// outcome measures what the model is to predict. Survival has an event
// indicator for a label, and a time beside it.
func outcome(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	if label, has := s.label(); has {
		found = append(found, s.labelled(label)...)
		found = append(found, balance(label)...)
	}
	if duration, has := s.time(); has {
		found = append(found,
			s.tally("label_missing", duration, func(text string) bool { return text == "" }),
			s.tally("label_invalid", duration, func(text string) bool {
				_, ok := table.Number(text)
				return text != "" && !ok
			}),
			s.tally("negative_times", duration, func(text string) bool {
				value, ok := table.Number(text)
				return ok && value < 0
			}))
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

func (s *study) labelled(label column) []evidence.Measurement {
	return []evidence.Measurement{
		s.tally("label_missing", label, func(text string) bool { return text == "" }),
		s.tally("label_invalid", label, func(text string) bool {
			return text != "" && math.IsNaN(class(text))
		}),
	}
}

// balance counts both classes of the current sample: precision there depends
// on the smaller one (Vergouwe 2005, J Clin Epidemiol 58:475).
func balance(label column) []evidence.Measurement {
	events, others := 0, 0
	for _, text := range label.current {
		switch class(text) {
		case 1:
			events++
		case 0:
			others++
		}
	}
	return []evidence.Measurement{
		count("events", "", events, events+others),
		count("non_events", "", others, events+others),
	}
}

// class reads a label: 1, 0, or NaN for anything else.
func class(text string) float64 {
	if value, ok := table.Number(text); ok && (value == 0 || value == 1) {
		return value
	}
	return math.NaN()
}
