package compliance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureSelf lets this program answer reference vectors in this very run (21
// CFR 11.10(a) and (k); GAMP 5; FDA, Computer Software Assurance): statistics
// that answer otherwise than published must not say anything about a patient.
func measureSelf(candidate gates.Candidate) []evidence.Measurement {
	vectors := Vectors()
	var wrong []string
	for _, vector := range vectors {
		if !vector.Right() {
			wrong = append(wrong, vector.Name)
		}
	}
	asked := count("self_test_vectors", len(vectors), len(vectors))
	if candidate.Program != "" {
		asked.Method = label("counted by " + candidate.Program)
	}
	return append([]evidence.Measurement{asked}, listed("self_test_failures", "self_test_failure", wrong, len(vectors))...)
}
