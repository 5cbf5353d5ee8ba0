package stats

import (
	"fmt"
	"math"
)

// Labels reads a column of 0 and 1 as classes, 1 being the event.
// A missing value is ErrNotFinite, any other number ErrRange.
func Labels(column []float64) ([]bool, error) {
	labels := make([]bool, len(column))
	for i, value := range column {
		switch {
		case math.IsNaN(value):
			return nil, fmt.Errorf("row %d: %w", i+1, ErrNotFinite)
		case value != 0 && value != 1:
			return nil, fmt.Errorf("row %d: %w: %v is neither 0 nor 1", i+1, ErrRange, value)
		}
		labels[i] = value == 1
	}
	return labels, nil
}

func checkFinite(values []float64) error {
	for i, value := range values {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return fmt.Errorf("row %d: %w", i+1, ErrNotFinite)
		}
	}
	return nil
}

func checkLength(want, got int) error {
	if want == 0 {
		return ErrEmpty
	}
	if want != got {
		return fmt.Errorf("%w: %d and %d rows", ErrLength, want, got)
	}
	return nil
}

// checkScores accepts finite scores, one per label.
func checkScores(scores []float64, labels []bool) error {
	if err := checkLength(len(labels), len(scores)); err != nil {
		return err
	}
	return checkFinite(scores)
}

// checkProbabilities accepts scores in [0, 1], one per label.
func checkProbabilities(scores []float64, labels []bool) error {
	if err := checkScores(scores, labels); err != nil {
		return err
	}
	for i, score := range scores {
		if score < 0 || score > 1 {
			return fmt.Errorf("row %d: %w: %v is not a probability", i+1, ErrRange, score)
		}
	}
	return nil
}

// checkSample accepts a sample of finite values with at least one row.
func checkSample(values []float64) error {
	if len(values) == 0 {
		return ErrEmpty
	}
	return checkFinite(values)
}

// countClasses demands that both classes occur.
func countClasses(labels []bool) (positives, negatives int, err error) {
	for _, label := range labels {
		if label {
			positives++
		}
	}
	negatives = len(labels) - positives
	if positives == 0 || negatives == 0 {
		return positives, negatives, fmt.Errorf("%w: %d events, %d non-events", ErrOneClass, positives, negatives)
	}
	return positives, negatives, nil
}
