package promotion

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

// Frozen is what freezes say of an environment at an instant.
type Frozen struct {
	calendar.Moment                // Until is when the environment opens again, or is closed
	Turns           time.Time      // when one of the freezes begins or ends; zero for never
	By              []judge.Freeze // those that hold
}

// FrozenAt reads the freezes that are merged, and those of a change, where base is
// what is merged and tree what would be. Nobody lifts a freeze by the change that it
// keeps out.
func FrozenAt(base, tree fs.FS, environment string, now time.Time) (Frozen, error) {
	all, err := ordered(base, tree, Freezes)
	found := Frozen{By: []judge.Freeze{}}
	var windows []calendar.Window
	for _, order := range all {
		if !Concerns(order.Spec.Environments, environment) {
			continue
		}
		window := order.Spec.Window()
		windows = append(windows, window)
		at := window.At(now)
		found.Turns = earlier(found.Turns, at.Until)
		told := judge.Freeze{Name: order.Metadata.Name, Reason: order.Spec.Reason, By: order.Spec.By}
		if at.Holds && !slices.Contains(found.By, told) {
			found.By = append(found.By, told)
		}
	}
	found.Moment = calendar.Join(now, windows...)
	return found, err
}

// earlier is the first of two instants, where zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// thawed says whether a freeze holds when the question is asked. That may be hours
// after the promotion began, for a training takes as long as it takes.
func thawed(tools Tools, state *State, change *judge.Change) error {
	frozen, err := FrozenAt(tools.Base, state.Request.Tree, state.Request.Environment, tools.now(state))
	if err != nil {
		return err
	}
	state.Turns, change.Thawed, change.Freezes = frozen.Turns, !frozen.Holds, frozen.By
	if frozen.Holds && !frozen.Until.IsZero() {
		change.Opens = frozen.Until.UTC().Format(time.RFC3339)
	}
	return nil
}

// now is the instant at which freezes are asked about.
func (t Tools) now(state *State) time.Time {
	if t.Clock == nil {
		return state.Request.Time
	}
	return t.Clock()
}

// stillOpen leaves of promotions those that a freeze has not overtaken: between the
// judgement of the first model of an environment and that of the last may be hours
// of training. Those for which a freeze has begun or ended are judged again.
func stillOpen(ctx context.Context, tools Tools, states []*State) (ready []*State, failed []error) {
	for _, state := range states {
		if state.turned(tools.now(state)) {
			judged := slices.IndexFunc(state.Outputs, func(output Output) bool { return output.Phase == isJudged })
			state.Outputs = state.Outputs[:judged]
			if err := carry(ctx, tools, state); err != nil {
				failed = append(failed, err)
				continue
			}
		}
		if state.deliverable() {
			ready = append(ready, state)
		}
	}
	return ready, failed
}

// turned holds when a freeze has begun or ended since the promotion was judged.
func (s *State) turned(now time.Time) bool { return !s.Turns.IsZero() && !now.Before(s.Turns) }

const freezeRule = "change.freeze"

// Frozen is the finding by which a freeze keeps the promotion out.
func (s *State) Frozen() (found gates.Finding, frozen bool) {
	denials := s.Verdict.Denials()
	at := slices.IndexFunc(denials, func(one gates.Finding) bool { return one.Rule == freezeRule })
	if at < 0 {
		return gates.Finding{}, false
	}
	return denials[at], true
}

// Resumes is when to look at promotions again although nothing has moved: a freeze
// of one of them begins or ends. Zero is never.
func Resumes(states []*State) time.Time {
	var first time.Time
	for _, state := range states {
		first = earlier(first, state.Turns)
	}
	return first
}
