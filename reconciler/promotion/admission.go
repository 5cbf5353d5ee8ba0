package promotion

import (
	"context"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Admission is when an environment's branch began to hold a release; the empty
// one, when the model left the branch.
type Admission struct {
	Release evidence.Digest
	Commit  string // of the branch
	Time    time.Time
}

// Admitted reads the branches of environments.
type Admitted interface {
	// Admissions lists what a branch has held of a model, the newest first.
	Admissions(ctx context.Context, environment, model string) ([]Admission, error)
}

// Exposed tells for how long a release has served healthily in an environment,
// as far as clusters were watched; false, where none was.
type Exposed interface {
	Healthy(environment string, release evidence.Subject) (time.Duration, bool)
}

// Older reports whether an environment admitted one release before it admitted
// the other at all. So the way back is a way to what is older, and what was
// left by it does not come again as a way back.
func Older(past []Admission, one, other evidence.Digest) bool {
	first := func(release evidence.Digest) int {
		at := -1
		for i, admission := range past {
			if admission.Release == release {
				at = i
			}
		}
		return at
	}
	return one != "" && other != "" && first(other) >= 0 && first(one) > first(other)
}
