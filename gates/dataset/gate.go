package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Gate measures the training and holdout rows of a candidate.
type Gate struct{}

var _ gates.Gate = Gate{}

// Name is the gate's name in evidence and rules.
func (Gate) Name() string { return gates.Dataset }

// Measure holds both files of the candidate against its contract.
func (Gate) Measure(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	if candidate.Train == "" || candidate.Holdout == "" {
		return nil, errors.New("measuring the dataset: the candidate has no file of training or of holdout rows")
	}
	measurements, err := measure(ctx, request{
		memory: memory, contract: &candidate.Dataset.Spec, features: candidate.Model.Spec.Features, horizon: candidate.Model.Spec.Horizon,
		sources: []table.Source{{Name: "holdout", Path: candidate.Holdout}, {Name: "train", Path: candidate.Train}},
	})
	if err != nil {
		return nil, err
	}
	if len(measurements) > evidence.MaxMeasurements {
		return nil, fmt.Errorf("measuring the dataset: %d measurements are more than the %d a statement may hold; leave out columns that no model needs", len(measurements), evidence.MaxMeasurements)
	}
	return measurements, nil
}

// MeasureFiles measures a file, against a reference and under a contract where
// these are given. Samples are named "data" and "reference". Without contract
// a column is a number when all its values are, and what needs a contract
// (key, label, types, ranges) is not measured.
func MeasureFiles(ctx context.Context, data, reference string, contract *v1alpha1.DatasetSpec) ([]evidence.Measurement, error) {
	asked := request{memory: memory, contract: contract, sources: []table.Source{{Name: "data", Path: data}}}
	if reference != "" {
		asked.sources = append(asked.sources, table.Source{Name: "reference", Path: reference})
	}
	return measure(ctx, asked)
}

// memory bounds the database; what is held beside it is bounded by heldValues.
const memory = 1 << 30

// request says what to measure: the current sample first, then the reference
// if there is one.
type request struct {
	memory   int
	contract *v1alpha1.DatasetSpec
	features []string
	horizon  float64 // of the model, in the unit of its time; 0 without one
	sources  []table.Source
}

func measure(ctx context.Context, request request) ([]evidence.Measurement, error) {
	opened, err := open(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("measuring the dataset: %w", err)
	}
	defer opened.view.Close()
	measurements, err := opened.measure(ctx,
		schema, values, softLimits, missingDifferences, repetition, dates, sites, outcome, adjudication, extraction,
		size, followUp, followed, leakage, shape, collinearity, units, drift, cohorts, strata, diversity, identifiers)
	if err != nil {
		return nil, fmt.Errorf("measuring the dataset: %w", err)
	}
	return measurements, nil
}

// part measures one property of the data. Parts change nothing in the study.
type part func(context.Context, *study) ([]evidence.Measurement, error)

// sideBySide is how many parts are at work at once.
const sideBySide = 4

// measure asks all parts, and answers in their order.
func (s *study) measure(ctx context.Context, parts ...part) ([]evidence.Measurement, error) {
	found, failed := make([][]evidence.Measurement, len(parts)), make([]error, len(parts))
	turns := make(chan struct{}, sideBySide)
	var all sync.WaitGroup
	for i, part := range parts {
		turns <- struct{}{}
		all.Go(func() {
			found[i], failed[i] = part(ctx, s)
			<-turns
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(found...), nil
}
