package compliance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureReview says until when the model may serve without being looked at
// anew.
func measureReview(candidate gates.Candidate) []evidence.Measurement {
	return []evidence.Measurement{endOf("review_by", candidate.Governance.Spec.ReviewBy)}
}
