package promotion

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates"
)

// settledBy runs everything once, and gives what the next run knows of it.
func settledBy(t *testing.T, tools Tools, tree fs.FS) ([]Pair, Earlier) {
	t.Helper()
	pairs, err := Pairs(tree)
	if err != nil {
		t.Fatal(err)
	}
	states, err := RunMerged(t.Context(), tools, pairs, request(tree, ""), Earlier{})
	if err != nil {
		t.Fatal(err)
	}
	known := Earlier{States: map[Pair]*State{}}
	for _, state := range states {
		known.States[state.Request.Pair()] = state
	}
	return pairs, known
}

// Only what a change bears on is run again. Whatever is not known to belong to
// another model bears on all.
func TestAChangeRunsOnlyWhatItBearsOn(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	pairs, known := settledBy(t, tools, tree)
	for path, bears := range map[string]bool{
		"models/tumour/card.yaml":                   true,
		"models/tumour/sub/Dockerfile":              true,
		"models/lung/model.yaml":                    false,
		"datasets/lung/dataset.yaml":                false,
		"environments/development/lung.yaml":        false,
		"environments/development/tumour.yaml":      true,
		"environments/development/environment.yaml": true,
		"assay.yaml":            true,
		"policies/tighter.rego": true,
		"waivers/a.yaml":        true,
		"vex/a.json":            true,
		"quarantines/a.yaml":    true,
		"freezes/a.yaml":        true,
		"Dockerfile":            true,
		"a/b/unknown":           true,
	} {
		known.Changed = []string{path}
		states, err := RunMerged(t.Context(), tools, pairs[:1], request(tree, ""), known)
		if err != nil || len(states) != 1 || states[0].Unchanged == bears {
			t.Errorf("%s: %v, unchanged %t", path, err, states[0].Unchanged)
		}
	}
}

func TestWhatIsUnchangedIsToldAsItWas(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	pairs, known := settledBy(t, tools, tree)
	work.events = nil
	known.Changed = []string{"models/lung/model.yaml"}
	states, err := RunMerged(t.Context(), tools, pairs, request(tree, ""), known)
	if err != nil || len(work.events) != 0 || len(states) != len(pairs) {
		t.Fatalf("%d states, events %v, %v", len(states), work.events, err)
	}
	for _, state := range states {
		last := known.States[state.Request.Pair()]
		if !state.Unchanged || last.Unchanged || state.Release != last.Release || len(state.Outputs) != len(last.Outputs) {
			t.Errorf("%v was %+v, is %+v", state.Request.Pair(), last, state)
		}
	}
}

// What was denied because its turn had not come is asked again when its model was
// run in an environment before, and when it is not known how it ended.
func TestAModelThatWasRunBeforeIsRunInTheEnvironmentsAfter(t *testing.T) {
	work := newBench()
	tree := repository(map[string]string{"environments/staging/tumour.yaml": strings.Replace(pinned(""), ", release: \"\"", "", 1)})
	tools := work.tools(t, tree)
	pairs, err := Pairs(tree)
	if err != nil || len(pairs) != 2 {
		t.Fatalf("pairs %v, %v", pairs, err)
	}
	_, known := settledBy(t, tools, tree)
	delete(known.States, pairs[0])
	states, err := RunMerged(t.Context(), tools, pairs, request(tree, ""), known)
	if err != nil || states[0].Unchanged || states[1].Unchanged {
		t.Errorf("states %+v, %v", states, err)
	}
}

// A summary tells what a status tells, and holds neither evidence nor manifests.
func TestASummaryHoldsNoEvidence(t *testing.T) {
	work, tree := newBench(), repository(nil)
	work.deny["development"] = gates.Finding{Rule: "a.rule", Severity: gates.Deny}
	whole := run(t, work.tools(t, tree), request(tree, "development"))
	kept := whole.Summary()
	if kept.Request.Pair() != whole.Request.Pair() || kept.Release != whole.Release || kept.Verdict.Allowed() || !slices.Equal(kept.Outputs, whole.Outputs) {
		t.Errorf("kept %+v", kept)
	}
	if kept.Request.Tree != nil || len(kept.Envelopes)+len(kept.Files)+len(kept.Measured)+len(kept.Scores) != 0 || len(whole.Envelopes) == 0 {
		t.Errorf("kept %+v", kept)
	}
}

// Several promotions at once end as one after the other would, and the failure
// of one is told apart from the others.
func TestSeveralAtOnceEndAsOneAfterTheOther(t *testing.T) {
	tree := repository(nil)
	work := newBench()
	tools := work.tools(t, tree)
	tools.Width, tools.Watch = 4, nil
	pairs := []Pair{{"development", "missing"}, {"development", "tumour"}, {"development", "absent"}}
	states, err := RunAll(t.Context(), tools, pairs, request(tree, ""))
	if len(states) != 3 || FailureOf(err, pairs[0]) == nil || FailureOf(err, pairs[2]) == nil || FailureOf(err, pairs[1]) != nil {
		t.Fatalf("states %v, %v", states, err)
	}
	for i, state := range states {
		if state.Request.Pair() != pairs[i] {
			t.Errorf("state %d is about %v", i, state.Request.Pair())
		}
	}
	if got := phasesOf(states[1]); len(got) != len(Phases()) {
		t.Errorf("phases %v", got)
	}
}

func TestNewsEndAllOfABatchBetweenTwoPhases(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	ctx, interrupt := Interruptible(t.Context())
	tools.Watch = func(_ context.Context, event Event) {
		if event.Phase == "Rendered" && event.Done {
			interrupt(errNews)
		}
	}
	_, err := RunMerged(ctx, tools, []Pair{{"development", "tumour"}}, request(tree, ""), Earlier{})
	if !errors.Is(err, errNews) || len(work.branches) != 0 {
		t.Errorf("stopped by %v, branches %v", err, work.branches)
	}
}
