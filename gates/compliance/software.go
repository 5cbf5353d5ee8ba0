package compliance

import (
	"regexp"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// safetyClass is one of IEC 62304:2006+A1:2015, 4.3.
var safetyClass = regexp.MustCompile(`^[ABC]$`)

// measureSoftware looks at the safety class, and at which bill of materials
// was reviewed as the list of software of unknown provenance. Whether it is the
// one of the serving image, a rule asks the security gate.
func measureSoftware(candidate gates.Candidate) []evidence.Measurement {
	software := candidate.Governance.Spec.Software
	return []evidence.Measurement{
		about(software.SafetyClass, stated("safety_class", safetyClass.MatchString(software.SafetyClass))),
		about(software.Components, stated("reviewed_components", isDigest(software.Components))),
	}
}
