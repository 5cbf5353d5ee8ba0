package compliance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureLineage looks at the way from data to model (ICH E6(R3), section 4):
// the data file by its digest, the features, the release by its own; and at the
// record of how the gates that watch this way were qualified (21 CFR 11.10(a)).
func measureLineage(candidate gates.Candidate) []evidence.Measurement {
	record, features := candidate.Governance.Spec.Qualification, candidate.Model.Spec.Features
	lineage := stated("lineage", len(features) > 0 && !candidate.Artifact.Zero())
	lineage.Group = string(candidate.Artifact.Digest)
	lineage.Method = label(fmt.Sprintf("of data %s by %d features", candidate.Dataset.Spec.Digest, len(features)))
	return []evidence.Measurement{
		lineage,
		stated("qualification_version", written(record.Version)),
		stated("qualification_report", isDigest(record.Digest)),
		beginningOf("qualification_date", record.Date),
	}
}
