package promotion

import (
	"errors"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates"
)

func TestAVerdictIsLoggedWhetherItAllowsOrDenies(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	state := run(t, tools, request(tree, "development"))
	work.deny["development"] = gates.Finding{Rule: "a.rule", Severity: gates.Deny}
	run(t, tools, request(tree, "development"))
	if len(work.kept) != 2 || !work.kept[0].Verdict.Allowed() || work.kept[1].Verdict.Allowed() {
		t.Fatalf("kept %+v", work.kept)
	}
	for _, decision := range work.kept {
		if decision.Release != state.Release || decision.Environment != "development" || decision.Commit != state.Request.Commit || !decision.Time.Equal(state.Request.Time) {
			t.Errorf("kept %+v", decision)
		}
		for i, envelope := range state.Envelopes {
			if decision.Evidence[i] != envelope.Digest() {
				t.Errorf("envelope %d is not what was judged", i)
			}
		}
	}
}

// Closed on doubt: what could not be logged is not delivered.
func TestWithoutALogNothingIsDelivered(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	tools.Log = nil
	_, err := Run(t.Context(), tools, request(tree, "development"))
	if stopped := FailureOf(err, Pair{"development", "tumour"}); stopped == nil || stopped.Phase != "Logged" || len(work.branches) != 0 {
		t.Errorf("stopped by %v, branches %v", err, work.branches)
	}
	work.broken["log"] = errors.New("the disk is full")
	if _, err := Run(t.Context(), work.tools(t, tree), request(tree, "development")); err == nil || len(work.branches) != 0 {
		t.Errorf("error is %v, branches %v", err, work.branches)
	}
}
