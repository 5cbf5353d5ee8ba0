package bias

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Gate measures gaps between the cohorts of the holdout.
type Gate struct{}

var _ gates.Gate = Gate{}

// Name is "bias".
func (Gate) Name() string { return gates.Bias }

// Measure reads outcome and cohorts from the holdout. Without declared group
// columns the only measurements are group_columns, 0, and champions: whether
// that will do is for a rule to say. Of cohorts of fewer than 11 patients
// nothing is told.
func (Gate) Measure(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	frame, err := table.Read(ctx, candidate.Holdout)
	if err != nil {
		return nil, fmt.Errorf("reading the holdout: %w", err)
	}
	holdout := outcome.Table{File: filepath.Base(candidate.Holdout), Source: frame}
	happened, err := outcome.Holdout(holdout, candidate.Model.Spec.Task, candidate.Dataset.Spec, len(candidate.Scores))
	if err != nil {
		return nil, err
	}
	attributes, err := readAttributes(holdout, candidate.Dataset.Spec.Groups)
	if err != nil {
		return nil, err
	}
	measured, err := measure(candidate, happened, attributes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", holdout.File, err)
	}
	return suppress(measured), nil
}

func measure(candidate gates.Candidate, happened outcome.Outcome, attributes []Attribute) ([]evidence.Measurement, error) {
	if candidate.Model.Spec.Task == v1alpha1.Survival {
		return Survival(candidate.Scores, happened.Time, happened.Event, attributes)
	}
	threshold := candidate.Model.Spec.DecisionThreshold
	measured, err := Binary(candidate.Scores, happened.Event, threshold, attributes)
	if err != nil {
		return nil, err
	}
	changed, err := Changes(candidate.Scores, candidate.ChampionScores, happened.Event, threshold, attributes)
	if err != nil {
		return nil, err
	}
	return bounded(append(measured, changed...))
}

func readAttributes(holdout outcome.Table, columns []string) ([]Attribute, error) {
	attributes := make([]Attribute, len(columns))
	for i, column := range columns {
		values, err := holdout.Cohorts(column)
		if err != nil {
			return nil, err
		}
		attributes[i] = Attribute{Column: column, Values: values}
	}
	return attributes, nil
}
