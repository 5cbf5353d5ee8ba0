package bias

import (
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Binary compares, attribute by attribute, the decisions that the threshold
// makes of the scores and the ranking of the scores. A score at or above the
// threshold is a positive. Labels of one class only are an error; a cohort of
// one class is not, it only has no value for some numbers.
func Binary(scores []float64, labels []bool, threshold float64, attributes []Attribute) ([]evidence.Measurement, error) {
	if err := outcome.CheckThreshold(threshold, scores); err != nil {
		return nil, err
	}
	overall, err := stats.Confuse(scores, labels, threshold)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	if _, err := stats.DeLong(scores, labels); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	_, improbable := stats.Brier(scores, labels)
	measured := []evidence.Measurement{count("group_columns", "", len(attributes), len(labels))}
	var family []primary
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(labels))
		if err != nil {
			return nil, err
		}
		table := make([]decided, len(named))
		for i, c := range named {
			table[i] = decide(c, scores, labels, threshold, improbable)
		}
		compared, err := compareCohorts(table, attribute.Column, overall)
		if err != nil {
			return nil, err
		}
		measured = append(measured, compared...)
		family = append(family, primaries(table, attribute.Column)...)
		if len(unnamed.rows) > 0 {
			table = append(table, decide(unnamed, scores, labels, threshold, improbable))
		}
		for _, d := range table {
			measured = append(measured, d.measurements(attribute.Column)...)
		}
	}
	equivalent, err := equivalence(family)
	if err != nil {
		return nil, err
	}
	crossed, err := intersections(scores, labels, threshold, attributes)
	if err != nil {
		return nil, err
	}
	return bounded(slices.Concat(measured, equivalent, crossed))
}

// compareCohorts holds the cohorts of a column against each other.
func compareCohorts(table []decided, column string, overall stats.Confusion) ([]evidence.Measurement, error) {
	lacking, err := decisionsNeeded(table, column, overall)
	if err != nil {
		return nil, err
	}
	hidden := slices.ContainsFunc(table, func(d decided) bool { return d.hidden })
	return slices.Concat(gaps(table, column), worst(table, column), lacking,
		[]evidence.Measurement{fewestPositives(sizes(table), column, hidden)}), nil
}
