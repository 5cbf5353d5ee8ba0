package compliance

import (
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// registered are the ids that registries give: ClinicalTrials.gov, ISRCTN, and
// the EU's (CTIS: year, five to nine and five digits, two, and a check of two).
var registered = regexp.MustCompile(`^(NCT\d{8}|ISRCTN\d{8}|20\d{2}-5\d{5}-\d{2}-\d{2})$`)

// measureRegistration looks at where the study is registered (TRIPOD+AI items
// 18c and 18d; CONSORT-AI).
func measureRegistration(candidate gates.Candidate) []evidence.Measurement {
	study := candidate.Governance.Spec.Registration
	return []evidence.Measurement{
		stated("registration_given", strings.TrimSpace(study.Id) != ""),
		stated("registration_id", registered.MatchString(study.Id)),
		stated("registration_version", written(study.Version)),
		stated("registration_reason", explains(study.Reason)),
	}
}
