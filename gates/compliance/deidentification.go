package compliance

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Methods of de-identification: 45 CFR 164.514(b)(2), (b)(1) and (e).
const (
	safeHarbor          = "safe_harbor"
	expertDetermination = "expert_determination"
	limitedDataset      = "limited_dataset"
)

// measureDeidentification tells by which method the data was de-identified.
// Whether there are identifiers in it is measured by the dataset gate, on the
// same data: a method is a claim, and the scan is what was found.
func measureDeidentification(candidate gates.Candidate) []evidence.Measurement {
	use := candidate.Dataset.Spec.DataUse
	known := []string{safeHarbor, expertDetermination, limitedDataset}
	method := stated("deidentification", slices.Contains(known, use.Deidentification))
	method.Group = label(use.Deidentification)
	found := []evidence.Measurement{method}
	if use.Deidentification == expertDetermination {
		_, err := evidence.ParseDigest(use.Expert.Report)
		found = append(found, stated("expert_report", err == nil), endOf("expert_expires", use.Expert.Expires))
	}
	return found
}
