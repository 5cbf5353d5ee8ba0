package dataset

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// values holds each value against what the contract says of its column.
func values(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	for _, column := range s.columns {
		found = append(found, missingFraction(column))
		if column.promise != nil {
			found = append(found, s.violations(column)...)
		}
	}
	return found, nil
}

func missingFraction(c column) evidence.Measurement {
	texts := c.texts()
	missing := stats.Proportion{Trials: len(texts)}
	for _, text := range texts {
		if text == "" {
			missing.Successes++
		}
	}
	return share("missing_fraction", c.name, missing)
}

func (s *study) violations(c column) []evidence.Measurement {
	promise := c.promise
	found := []evidence.Measurement{s.tally("type_violations", c, func(text string) bool {
		return text != "" && !ofType(promise.Type, text)
	})}
	if promise.Required {
		found = append(found, s.tally("required_missing", c, func(text string) bool { return text == "" }))
	}
	if promise.Min != nil || promise.Max != nil {
		found = append(found, s.tally("range_violations", c, func(text string) bool {
			value, ok := table.Number(text)
			return ok && (promise.Min != nil && value < *promise.Min || promise.Max != nil && value > *promise.Max)
		}))
	}
	if len(promise.Values) > 0 {
		found = append(found, s.tally("domain_violations", c, func(text string) bool {
			return text != "" && !slices.ContainsFunc(promise.Values, func(allowed string) bool { return same(c, allowed, text) })
		}))
	}
	return found
}

// tally counts the values that violate, and says where the first one stands.
func (s *study) tally(name string, c column, violates func(text string) bool) evidence.Measurement {
	result := evidence.Measurement{Name: name, Group: c.name, N: len(c.current) + len(c.reference)}
	found := 0
	for i, texts := range [][]string{c.current, c.reference} {
		for row, text := range texts {
			if !violates(text) {
				continue
			}
			if found == 0 {
				result.Method = fmt.Sprintf("first in %s, row %d", s.samples[i].name, row+1)
			}
			found++
		}
	}
	result.Value = evidence.Count(found)
	return result
}

// ofType reports whether text is of a contract's type. Nothing is of a type
// that no contract should name.
func ofType(kind, text string) bool {
	switch kind {
	case word:
		return true
	case date:
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case number, integer:
		value, ok := table.Number(text)
		return ok && (kind == number || value == math.Trunc(value))
	}
	return false
}

// same compares numbers as numbers, so that 1.0 is the 1 of the contract.
func same(c column, allowed, text string) bool {
	if allowed == text || !c.numeric() {
		return allowed == text
	}
	want, wanted := table.Number(allowed)
	got, ok := table.Number(text)
	return wanted && ok && want == got
}
