package compliance

import (
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Scales of a hazard (ISO 14971:2019; ISO/TR 24971:2020, tables 1 and 2).
var (
	severities    = []string{"negligible", "minor", "serious", "critical", "catastrophic"}
	probabilities = []string{"improbable", "remote", "occasional", "probable", "frequent"}
)

// measureRisks looks at the risk management file (EU AI Act, article 9).
func measureRisks(candidate gates.Candidate) []evidence.Measurement {
	governance := candidate.Governance.Spec
	var fields []answer
	var found []evidence.Measurement
	for i, risk := range governance.Risks {
		at := fmt.Sprintf("risks[%d]", i)
		fields = append(fields,
			prose(at+".hazard", risk.Hazard),
			answer{at + ".severity", slices.Contains(severities, risk.Severity)},
			answer{at + ".probability", slices.Contains(probabilities, risk.Probability)},
			prose(at+".mitigation", risk.Mitigation),
			answer{at + ".evidence", len(risk.Evidence) > 0},
		)
		found = append(found, pointers("risk_pointer", at+".evidence", risk.Evidence)...)
	}
	found = append(found, count("risk_pointers", len(found), len(governance.Risks)))
	found = append(found, unanswered("risk", fields...)...)
	found = append(found, accepted(governance.ResidualRisk, candidate.Platform.Spec.People)...)
	return append(found, count("risks", len(governance.Risks), len(governance.Risks)))
}

// accepted is who answers for the risk that stays (article 9(5)). Where the
// platform knows its people, it is one of them, in a role that they have.
func accepted(given v1alpha1.Acceptance, people []v1alpha1.Person) []evidence.Measurement {
	known := slices.ContainsFunc(people, func(person v1alpha1.Person) bool {
		return address(person.Email) == address(given.Email) && slices.Contains(person.Roles, given.Role)
	})
	found := unanswered("acceptance", prose("residualRisk.reason", given.Reason), word("residualRisk.name", given.Name), word("residualRisk.email", given.Email))
	return append(found,
		about(given.Role, stated("acceptance_role", written(given.Role))),
		stated("acceptance_by_one_of_the_people", known || len(people) == 0),
		beginningOf("acceptance_date", given.Date),
	)
}
