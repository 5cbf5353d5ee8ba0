package compliance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureDataGovernance looks at EU AI Act, article 10(2) to (5): where the data
// comes from, what was done to it, which biases were looked for, what it lacks,
// and why data of special categories may be used.
func measureDataGovernance(candidate gates.Candidate) []evidence.Measurement {
	data := candidate.Governance.Spec.Data
	return unanswered("data_governance",
		prose("data.origin", data.Origin), prose("data.preparation", data.Preparation),
		prose("data.biasExamination", data.BiasExamination), prose("data.gaps", data.Gaps),
		prose("data.specialCategory", data.SpecialCategory),
	)
}
