package dataset

import (
	"context"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// ask puts questions that few contracts raise to one sample: aggregates in SQL
// over the named columns, in one pass that reads no others.
func (s *study) ask(ctx context.Context, i int, columns []column, questions ...string) ([]float64, error) {
	answers, err := s.view.Aggregate(ctx, "SELECT "+strings.Join(questions, ", ")+" FROM "+s.read(i, columns))
	if err != nil {
		return nil, err
	}
	return answers[0], nil
}

// countAll asks every sample how often each condition holds, and sums up.
func (s *study) countAll(ctx context.Context, columns []column, conditions ...string) ([]int, error) {
	totals := make([]int, len(conditions))
	if len(conditions) == 0 {
		return totals, nil
	}
	questions := make([]string, len(conditions))
	for at, condition := range conditions {
		questions[at] = "count(*) FILTER (WHERE " + condition + ")" // of no rows 0, where count_if is NULL
	}
	for i := range s.samples {
		answers, err := s.ask(ctx, i, columns, questions...)
		if err != nil {
			return nil, err
		}
		for at, answer := range answers {
			totals[at] += int(answer)
		}
	}
	return totals, nil
}

// declared says whether the contract names something: 1 or 0.
func declared(name string, is bool) evidence.Measurement {
	if is {
		return count(name, "", 1, 1)
	}
	return count(name, "", 0, 1)
}
