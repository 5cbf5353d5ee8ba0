package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// strata counts the cohorts that the contract names and that nobody in the
// current sample belongs to: about them nothing was shown (TRIPOD+AI 20b).
// cohort_rows names them.
func strata(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	named, absent := 0, 0
	for _, name := range s.contract.Groups {
		column, has := s.find(name)
		if !has || column.promise == nil {
			continue
		}
		sizes := column.levels()
		for _, allowed := range column.promise.Values {
			named++
			if sizes[allowed] == 0 {
				absent++
			}
		}
	}
	return []evidence.Measurement{count("cohorts_absent", "", absent, named)}, nil
}
