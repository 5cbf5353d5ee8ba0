package dataset

import (
	"context"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// schema counts rows and compares the columns there are with those agreed on.
func schema(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	for _, sample := range s.samples {
		found = append(found,
			count("rows", sample.name, sample.rows, sample.rows),
			count("rows_held", sample.name, sample.frame.Rows(), sample.rows))
	}
	if s.contract == nil {
		return found, nil
	}
	expected := s.expected()
	missing := s.absent(expected)
	unexpected := s.unexpected(expected)
	found = append(found,
		count("columns_missing", "", len(missing), len(expected)),
		count("columns_unexpected", "", len(unexpected), len(s.columns)))
	for _, name := range missing {
		found = append(found, count("column_missing", name, 1, 1))
	}
	for _, name := range unexpected {
		found = append(found, count("column_unexpected", name, 1, 1))
	}
	return found, nil
}

// expected names the columns that the contract speaks of. The split column is
// none of them: it has done its work once the samples are two files.
func (s *study) expected() []string {
	var names []string
	for _, promise := range s.contract.Columns {
		names = append(names, promise.Name)
	}
	names = append(names, s.contract.Key, s.contract.Label, s.contract.Time, s.contract.Event)
	names = append(names, s.contract.Groups...)
	var once []string
	for _, name := range names {
		if name != "" && name != s.contract.Split.Column && !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

func (s *study) absent(expected []string) []string {
	return slices.DeleteFunc(slices.Clone(expected), func(name string) bool {
		return !slices.ContainsFunc(s.samples, func(sample sample) bool { return !slices.Contains(sample.columns, name) })
	})
}

func (s *study) unexpected(expected []string) []string {
	var names []string
	for _, column := range s.columns {
		if column.name != s.contract.Split.Column && !slices.Contains(expected, column.name) {
			names = append(names, column.name)
		}
	}
	return names
}
