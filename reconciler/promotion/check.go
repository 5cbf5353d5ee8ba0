package promotion

import (
	"context"
	"errors"
	"io/fs"
	"sync"
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

// RunAll takes promotions through the phases, in the order of their
// environments: what one environment is delivered, the next may rely on. All
// models of one environment are delivered at once, in one commit, after the last
// of them was rendered; those that are denied or stopped do not hold up the
// others. After a crash it is begun again: the ledger has what was made, and a
// branch that was written already gets no second commit.
func RunAll(ctx context.Context, tools Tools, pairs []Pair, request Request) ([]*State, error) {
	var states []*State
	var failed []error
	for len(pairs) > 0 {
		first, rest := byEnvironment(pairs)
		reached, err := runIn(ctx, tools, first, request)
		states, failed, pairs = append(states, reached...), append(failed, err), rest
	}
	return states, errors.Join(failed...)
}

// RunMerged is RunAll for what is merged. It leaves as it is what nothing bears
// on that has changed, and answers with a summary of each state, so that no more
// than one environment's evidence is in memory at a time.
func RunMerged(ctx context.Context, tools Tools, pairs []Pair, request Request, earlier Earlier) ([]*State, error) {
	var states []*State
	var failed []error
	anew := map[string]bool{}
	for len(pairs) > 0 {
		var run []Pair
		first, rest := byEnvironment(pairs)
		for _, pair := range first {
			if last := earlier.unchanged(pair, anew, request.Time); last != nil {
				states = append(states, last)
			} else {
				run = append(run, pair)
			}
		}
		reached, err := runIn(ctx, tools, run, request)
		for _, state := range reached {
			anew[state.Request.Model] = true
			states = append(states, state.Summary())
		}
		failed, pairs = append(failed, err), rest
	}
	return states, errors.Join(failed...)
}

// byEnvironment takes the pairs of the first environment off a list.
func byEnvironment(pairs []Pair) (first, rest []Pair) {
	for i, pair := range pairs {
		if pair.Environment != pairs[0].Environment {
			return pairs[:i], pairs[i:]
		}
	}
	return pairs, nil
}

// runIn takes the promotions of one environment through the phases.
func runIn(ctx context.Context, tools Tools, pairs []Pair, request Request) ([]*State, error) {
	states, failed := prepareAll(ctx, tools, pairs, request)
	var ready []*State
	for i, state := range states {
		if failed[i] == nil && state.deliverable() {
			ready = append(ready, state)
		}
	}
	ready, overtaken := stillOpen(ctx, tools, ready)
	failed = append(failed, overtaken...)
	if err := Interrupted(ctx); err != nil {
		for _, state := range ready {
			failed = append(failed, stoppedIn(ctx, tools, state, isDelivered, err))
		}
	} else if len(ready) > 0 {
		failed = append(failed, deliver(ctx, tools, ready)...)
	}
	return states, errors.Join(failed...)
}

// prepareAll prepares the promotions of one environment, several at once. Each
// has an error of its own, or none.
func prepareAll(ctx context.Context, tools Tools, pairs []Pair, request Request) ([]*State, []error) {
	states, failed := make([]*State, len(pairs)), make([]error, len(pairs))
	places := make(chan struct{}, max(tools.Width, 1))
	var running sync.WaitGroup
	for i, pair := range pairs {
		asked := request
		asked.Environment, asked.Model = pair.Environment, pair.Model
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			states[i], failed[i] = prepare(ctx, tools, asked)
		})
	}
	running.Wait()
	return states, failed
}
