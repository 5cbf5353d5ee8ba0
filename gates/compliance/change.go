package compliance

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureChange looks at the record of why the model changes and how to go back
// (SOC 2 CC8.1). A change that could not wait is reviewed afterwards: the two
// days are told, and how far apart they may lie is for the rule.
func measureChange(candidate gates.Candidate) []evidence.Measurement {
	change := candidate.Governance.Spec.Change
	declared, reviewed := change.Emergency.Declared, change.Emergency.Reviewed
	found := []evidence.Measurement{
		stated("change_record", written(change.Record)),
		stated("change_risk_class", slices.Contains([]string{"low", "moderate", "high"}, change.RiskClass)),
		stated("change_tests", explains(change.Tests)),
		stated("change_rollback", explains(change.Rollback)),
		stated("emergency", declared != "" || reviewed != ""),
	}
	if declared != "" || reviewed != "" {
		found = append(found, dayOf("emergency_declared", declared), stated("emergency_review", reviewed != ""))
	}
	if reviewed != "" {
		found = append(found, dayOf("emergency_reviewed", reviewed))
	}
	return found
}
