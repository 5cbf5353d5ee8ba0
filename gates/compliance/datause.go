package compliance

import (
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Methods of de-identification (45 CFR 164.514(a)-(b) and (e)), and decisions
// of a review board (45 CFR 46).
var (
	deidentifications = []string{"safe_harbor", "expert_determination", "limited_dataset"}
	decisions         = []string{"approved", "exempt", "waived"}
)

// developmentPurpose is the purpose that an agreement must name.
const developmentPurpose = "machine-learning model development"

func measureDataUse(use v1alpha1.DataUse) []evidence.Measurement {
	ethics := use.Ethics
	return []evidence.Measurement{
		stated("data_use_agreement", written(use.Agreement)),
		stated("data_use_purpose", slices.Contains(use.Purposes, developmentPurpose)),
		endOf("data_use_expires", use.Expires),
		stated("deidentification", slices.Contains(deidentifications, use.Deidentification)),
		stated("ethics_decision", slices.Contains(decisions, ethics.Decision) && written(ethics.Board) && written(ethics.Id)),
		endOf("ethics_expires", ethics.Expires),
	}
}

func written(text string) bool {
	return strings.TrimSpace(text) != "" && !placeholder.MatchString(text)
}
