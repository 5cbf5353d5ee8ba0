package dataset

import (
	"context"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// softLimits counts numbers beyond low and high. Outside min and max no honest
// value lies; outside these few do, and many of them are another unit, another
// population or a decimal point in the wrong place.
func softLimits(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	var bounded []column
	var conditions []string
	for _, column := range s.columns {
		if condition := column.unusual(); condition != "" {
			bounded, conditions = append(bounded, column), append(conditions, condition)
		}
	}
	found := []evidence.Measurement{count("soft_limits_declared", "", len(bounded), len(s.columns))}
	beyond, err := s.countAll(ctx, bounded, conditions...)
	if err != nil {
		return nil, err
	}
	for at, column := range bounded {
		present := s.valuesOf(column) - s.total("missing", column.name)
		found = append(found, count("soft_range_violations", column.name, beyond[at], present))
	}
	return found, nil
}

// unusual holds, in SQL, for numbers beyond the soft limits; empty without any.
func (c column) unusual() string {
	if c.promise == nil || c.promise.Low == nil && c.promise.High == nil {
		return ""
	}
	low, high := math.Inf(-1), math.Inf(1)
	if c.promise.Low != nil {
		low = *c.promise.Low
	}
	if c.promise.High != nil {
		high = *c.promise.High
	}
	return c.number() + " < " + double(low) + " OR " + c.number() + " > " + double(high)
}
