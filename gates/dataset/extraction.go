package dataset

import (
	"context"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// extraction tells when the data was taken from its source, as the last second
// of that day. How old it is depends on who asks, and when: rules compare.
func extraction(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	day, err := time.Parse(time.DateOnly, s.contract.Extracted)
	if err != nil {
		return []evidence.Measurement{declared("extracted_declared", false)}, nil
	}
	end := day.Add(24*time.Hour - time.Second).Unix()
	return []evidence.Measurement{declared("extracted_declared", true), {
		Name: "extracted", Value: evidence.Number(float64(end)), N: 1, Unit: "unix seconds", Method: "end of the day, UTC",
	}}, nil
}
