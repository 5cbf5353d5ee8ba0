package dataset

import (
	"context"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// units asks whether a column with a unit has the same one in both samples:
// most confusions (mm and cm, mg/dL and µmol/L, days and months) move all
// values by a factor of ten or more, few by less than three, and no range is
// narrow enough to catch them all. The factor is that of the medians of what
// is not 0, without sign, so that counts that are mostly 0 and changes that go
// both ways have one too.
func units(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil || len(s.samples) < 2 {
		return nil, nil
	}
	var found []evidence.Measurement
	for _, column := range s.columns {
		if !column.numeric() || unit(column) == "" || !s.everywhere(column.name) {
			continue
		}
		current, reference := sizes(column.current), sizes(column.reference)
		if len(current) == 0 || len(reference) == 0 {
			continue // nothing but 0: it has no scale
		}
		ratio := evidence.Number(median(current) / median(reference))
		if ratio == "" {
			continue // beyond all numbers, and then beyond all limits of a range
		}
		found = append(found, evidence.Measurement{
			Name: "median_ratio", Group: column.name, Value: ratio, N: len(current) + len(reference),
			Method: "of values other than 0, without sign",
		})
	}
	return append(found, count("units_compared", "", len(found), len(s.columns))), nil
}

// sizes are the numbers other than 0, without their sign.
func sizes(texts []string) []float64 {
	values, _ := present(texts)
	var found []float64
	for _, value := range values {
		if value != 0 {
			found = append(found, math.Abs(value))
		}
	}
	return found
}
