package compliance

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureRetention tells how long evidence is kept, whether anybody could change
// it meanwhile, and by which laws: how long those ask for is for the rule.
func measureRetention(candidate gates.Candidate) []evidence.Measurement {
	retention := candidate.Governance.Spec.Retention
	laws := slices.Clone(retention.Laws)
	slices.Sort(laws)
	laws = slices.Compact(laws)
	years := count("retention_years", retention.Years, 1)
	years.Unit = "years"
	found := []evidence.Measurement{years, stated("retention_immutable", retention.Immutable)}
	return append(found, listed("retention_laws", "retention_law", laws, len(laws))...)
}
