package promotion

import (
	"context"
	"errors"
	"testing"
)

var errNews = errors.New("the branch has moved")

// A run that is interrupted while it trains keeps what was trained, and begins
// nothing else; the next run goes on from there.
func TestAnInterruptedRunEndsBetweenTwoPhases(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	ctx, interrupt := Interruptible(t.Context())
	tools.Watch = func(_ context.Context, event Event) {
		if event.Phase == "Trained" && !event.Done {
			interrupt(errNews)
			interrupt(errors.New("said later"))
		}
	}
	state, err := Run(ctx, tools, request(tree, "development"))
	stopped := FailureOf(err, Pair{"development", "tumour"})
	if !errors.Is(err, errNews) || stopped == nil || stopped.Phase != "Measured" || work.trained != 1 {
		t.Fatalf("stopped by %v after %v, trained %d", err, phasesOf(state), work.trained)
	}
	if len(work.registry)+len(work.branches)+len(work.kept) != 0 {
		t.Error("something left the house after the interruption")
	}
	tools.Watch = nil
	run(t, tools, request(tree, "development"))
	if work.trained != 1 {
		t.Errorf("trained %d times", work.trained)
	}
}

func TestACancelledRunBeginsNothing(t *testing.T) {
	work, tree := newBench(), repository(nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNews)
	state, err := Run(ctx, work.tools(t, tree), request(tree, "development"))
	if !errors.Is(err, errNews) || len(state.Outputs) != 0 || len(work.events) != 0 {
		t.Errorf("stopped by %v after %v, events %v", err, phasesOf(state), work.events)
	}
}
