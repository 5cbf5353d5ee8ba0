package compliance

import (
	"context"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Gate measures compliance. It needs nothing but the candidate.
type Gate struct{}

// Name of the gate.
func (Gate) Name() string { return gates.Compliance }

// Measure counts, in the order card, approvals, data use; and says who is
// accountable for the change, who may neither approve nor waive.
func (Gate) Measure(_ context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	found = append(found, measureCard(candidate.Card)...)
	found = append(found, measureApprovals(candidate.Promotion.Spec.Approvals, candidate.Commit)...)
	found = append(found, measureDataUse(candidate.Dataset.Spec.DataUse)...)
	found = append(found, measureAuthor(candidate.Commit))
	return found, nil
}

// count is a measurement without sampling error, out of n.
func count(name string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Count(value), N: n, Method: "counted"}
}

// stated is 1 when something is declared, and 0 when not.
func stated(name string, holds bool) evidence.Measurement {
	if holds {
		return count(name, 1, 1)
	}
	return count(name, 0, 1)
}

// endOf is the last second of a day, as Unix seconds; without a date it is not
// measured, and then no rule about it is satisfied.
func endOf(name, date string) evidence.Measurement {
	found := evidence.Measurement{Name: name, Unit: "unix seconds", N: 1, Method: "end of the day, UTC"}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		found.Method = "no date is given"
		return found
	}
	found.Value = evidence.Number(float64(day.Add(24*time.Hour - time.Second).Unix()))
	return found
}
