package compliance

import (
	"io/fs"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureReporting looks for the whole model in the release (TRIPOD+AI item
// 22): the size of the file that governance.yaml names, in bytes. The other
// items that a rule asks for are measured by other gates.
func measureReporting(candidate gates.Candidate) []evidence.Measurement {
	name := candidate.Governance.Spec.Reporting.Specification
	found := about(name, evidence.Measurement{Name: "model_specification", Value: "0", N: 1, Unit: "bytes", Method: "the release has no such file"})
	if candidate.ModelFiles == nil || !fs.ValidPath(name) {
		return []evidence.Measurement{found}
	}
	if info, err := fs.Stat(candidate.ModelFiles, name); err == nil && info.Mode().IsRegular() {
		found.Value, found.Method = evidence.Number(float64(info.Size())), "counted"
	}
	return []evidence.Measurement{found}
}
