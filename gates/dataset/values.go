package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// contractual are the violations of a contract, each measured where the
// contract promises something of the kind.
var contractual = []string{"type_violations", "required_missing", "range_violations", "domain_violations"}

// values holds each value against what the contract says of its column.
func values(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	for _, column := range s.columns {
		found = append(found, share("missing_fraction", column.name, stats.Proportion{
			Successes: s.total("missing", column.name), Trials: s.valuesOf(column),
		}))
		for _, name := range contractual {
			if _, promised := s.counted[claim{name, column.name}]; promised {
				found = append(found, s.tally(name, column))
			}
		}
	}
	return found, nil
}
