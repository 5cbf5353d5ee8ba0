package compliance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureIntegrity names the data that the paperwork was compared with, by
// digest: the rule compares it with what the provenance says was trained on.
func measureIntegrity(candidate gates.Candidate) []evidence.Measurement {
	digest, err := evidence.ParseDigest(candidate.Dataset.Spec.Digest)
	data := stated("data", err == nil)
	data.Group = string(digest)
	return []evidence.Measurement{data}
}

// measureBuilders names the identities that may train (45 CFR 164.312(d)): the
// rule compares them with the one that the provenance names.
func measureBuilders(candidate gates.Candidate) []evidence.Measurement {
	var named []string
	for _, id := range candidate.Platform.Spec.Controls.Builders {
		if written(id) {
			named = append(named, id)
		}
	}
	return listed("builders_allowed", "builder_allowed", named, len(named))
}
