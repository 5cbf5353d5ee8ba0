package compliance

import (
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// developmentPurpose is the purpose that an agreement must name.
const developmentPurpose = "machine-learning model development"

// measureDataUse looks at the agreement under which the data is used, and
// whether it is about this very data: an agreement names files by content, so
// that new rows need a new look at it (45 CFR 164.512(i); GDPR 5(1)(b)).
func measureDataUse(candidate gates.Candidate) []evidence.Measurement {
	use := candidate.Dataset.Spec.DataUse
	return []evidence.Measurement{
		stated("data_use_agreement", written(use.Agreement)),
		stated("data_use_purpose", slices.Contains(use.Purposes, developmentPurpose)),
		stated("data_use_covers", covered(use.Covers, candidate)),
		endOf("data_use_expires", use.Expires),
	}
}

// covered holds when a list of files by content names the data of the candidate.
func covered(list []string, candidate gates.Candidate) bool {
	digest, err := evidence.ParseDigest(candidate.Dataset.Spec.Digest)
	return err == nil && slices.Contains(list, string(digest))
}

func written(text string) bool {
	return strings.TrimSpace(text) != "" && !placeholder.MatchString(text)
}
