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
// columns the only measurement is group_columns, 0: whether that will do is
// for a rule to say.
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
	var measured []evidence.Measurement
	if candidate.Model.Spec.Task == v1alpha1.Survival {
		measured, err = Survival(candidate.Scores, happened.Time, happened.Event, attributes)
	} else {
		measured, err = Binary(candidate.Scores, happened.Event, candidate.Model.Spec.DecisionThreshold, attributes)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", holdout.File, err)
	}
	return measured, nil
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
