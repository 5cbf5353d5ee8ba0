package bias

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"

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
// columns there are only group_columns, 0, champions and, for survival,
// horizons: whether that will do is for a rule to say. Of cohorts of fewer than
// 11 patients nothing is told.
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
	parts := decisions
	if candidate.Model.Spec.Task == v1alpha1.Survival {
		parts = orderings
	}
	measured, err := parts(candidate, happened, attributes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", holdout.File, err)
	}
	return bounded(measured)
}

func decisions(candidate gates.Candidate, happened outcome.Outcome, attributes []Attribute) ([]evidence.Measurement, error) {
	ours := Scored{candidate.Scores, candidate.Model.Spec.DecisionThreshold}
	theirs := Scored{candidate.ChampionScores, candidate.ChampionThreshold}
	if theirs.Threshold == 0 { // nobody knows another
		theirs.Threshold = ours.Threshold
	}
	measured, err := Binary(ours.Scores, happened.Event, ours.Threshold, attributes)
	if err != nil {
		return nil, err
	}
	changed, err := Changes(ours, theirs, happened.Event, attributes)
	return append(measured, changed...), err
}

func orderings(candidate gates.Candidate, happened outcome.Outcome, attributes []Attribute) ([]evidence.Measurement, error) {
	time, event := happened.Time, happened.Event
	measured, err := Survival(candidate.Scores, time, event, attributes)
	if err != nil {
		return nil, err
	}
	fulfilled, err := Horizon(candidate.Risks, time, event, candidate.Model.Spec.Horizon, attributes)
	if err != nil {
		return nil, err
	}
	changed, err := SurvivalChanges(candidate.Scores, candidate.ChampionScores, time, event, seedOf(candidate), attributes)
	return slices.Concat(measured, fulfilled, changed), err
}

// seedOf makes resampling a function of both artifacts.
func seedOf(candidate gates.Candidate) [32]byte {
	return sha256.Sum256([]byte("bias\n" + string(candidate.Artifact.Digest) + "\n" + string(candidate.Champion.Digest)))
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
