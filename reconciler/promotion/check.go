package promotion

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Change is a proposed change of the promotion repository.
type Change struct {
	Tree    fs.FS    // what the repository would be after the merge
	Changed []string // paths in which it differs from what is merged
	Commit  gates.Commit
	Time    time.Time
}

// Check rehearses every promotion that a change bears on. It goes on after an
// error, so that an author learns of everything at once; the error says what
// could not be judged.
func Check(ctx context.Context, tools Tools, change Change) ([]*State, error) {
	if err := Validate(change.Tree); err != nil {
		return nil, err
	}
	pairs, err := Affected(change.Tree, change.Changed)
	if err != nil {
		return nil, err
	}
	return RunAll(ctx, tools, pairs, Request{Tree: change.Tree, Changed: change.Changed, Commit: change.Commit, Time: change.Time, Until: "Judged"})
}

// RunAll takes promotions through the phases, one after the other, in the
// order of their environments.
func RunAll(ctx context.Context, tools Tools, pairs []Pair, request Request) ([]*State, error) {
	var states []*State
	var failed []error
	for _, pair := range pairs {
		request.Environment, request.Model = pair.Environment, pair.Model
		state, err := Run(ctx, tools, request)
		if err != nil {
			failed = append(failed, err)
		}
		states = append(states, state)
	}
	return states, errors.Join(failed...)
}
