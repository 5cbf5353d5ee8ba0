package conversation

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// Checker judges what merging head into base would promote. Both are commits.
type Checker interface {
	// Content is cheap: no gate measures and nothing is trained for it.
	Content(ctx context.Context, base, head string) (Content, error)
	// Check is a whole rehearsal. What it could not judge stands in the report.
	Check(ctx context.Context, base, head string) (report.Report, error)
}

// Content names what a verdict is about.
type Content struct {
	// Key is of everything that a verdict reads: equal key, equal verdict. The
	// empty key is of nothing that was judged before.
	Key evidence.Digest
	// Affects is unset where no promotion is any different after the merge.
	Affects bool
}

// Mistake is why a pull request cannot be judged before its author mends it: a
// merge conflict, a file that cannot be read. To look again changes nothing.
type Mistake struct {
	Err    error
	Remedy string // what the author can do, in a sentence
}

func (m *Mistake) Error() string { return m.Err.Error() }
func (m *Mistake) Unwrap() error { return m.Err }
