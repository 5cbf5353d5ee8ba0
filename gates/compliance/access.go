package compliance

import (
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureAccess tells which rights the rendered manifests give beyond what a
// model needs, and when somebody last reviewed who may do what (SOC 2 CC6.1 and
// CC6.3; 45 CFR 164.308(a)(4) and 164.312(a)(1)).
func measureAccess(candidate gates.Candidate) []evidence.Measurement {
	review := candidate.Platform.Spec.Controls.Access
	found := []evidence.Measurement{
		beginningOf("access_reviewed", review.Reviewed),
		stated("access_reviewer", strings.Contains(strings.Trim(address(review.By), "@"), "@")),
	}
	objects, err := readObjects(candidate.Manifests)
	if err != nil {
		return append(found, evidence.Measurement{Name: "excess_rights", Method: label("the manifests cannot be read: " + err.Error())})
	}
	var excess []string
	for _, object := range objects {
		for _, what := range excessOf(object, candidate.Environment) {
			excess = append(excess, object.Name()+": "+what)
		}
	}
	return append(found, listed("excess_rights", "excess_right", excess, len(objects))...)
}
