package compliance

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// decisions are those of a review board that let research go on (45 CFR 46.104,
// 46.109 and 46.116(f)).
var decisions = []string{"approved", "exempt", "waived"}

// measureEthics looks at the decision of the review board: who took it, from
// when to when it holds, and about which data.
func measureEthics(candidate gates.Candidate) []evidence.Measurement {
	ethics := candidate.Dataset.Spec.DataUse.Ethics
	return []evidence.Measurement{
		stated("ethics_decision", slices.Contains(decisions, ethics.Decision) && written(ethics.Board) && written(ethics.Id)),
		stated("ethics_covers", covered(ethics.Covers, candidate)),
		beginningOf("ethics_approved", ethics.Approved),
		endOf("ethics_expires", ethics.Expires),
	}
}
