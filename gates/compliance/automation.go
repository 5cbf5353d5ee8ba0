package compliance

import (
	"regexp"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// basis is one of GDPR, article 9(2)(a) to (j).
var basis = regexp.MustCompile(`^[a-j]$`)

// assisting are the roles of a card that leave the decision to a person.
var assisting = []string{"informs", "augments"}

// measureAutomation looks at GDPR, articles 9, 22 and 35. Whether the model
// decides by itself is not measured until somebody says so.
func measureAutomation(candidate gates.Candidate) []evidence.Measurement {
	privacy := candidate.Governance.Spec.Privacy
	alone := evidence.Measurement{Name: "solely_automated", N: 1, Method: "nobody has said"}
	if privacy.SolelyAutomated != nil {
		alone = stated("solely_automated", *privacy.SolelyAutomated)
	}
	return []evidence.Measurement{
		stated("impact_assessment", written(privacy.ImpactAssessment)),
		stated("special_category_basis", basis.MatchString(privacy.Basis)),
		alone,
		stated("automation_safeguard", explains(privacy.Safeguard)),
		stated("person_decides", slices.Contains(assisting, candidate.Card.Spec.Uses.DecisionRole)),
	}
}
