package promotion

import (
	"context"
	"errors"
	"strings"
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

// The branch keeps what the log was when it held the verdict.
func TestADeliveryWitnessesTheLog(t *testing.T) {
	work, tree := newBench(), repository(nil)
	run(t, work.tools(t, tree), request(tree, "development"))
	if len(work.messages) != 1 || !strings.HasSuffix(work.messages[0], "\nAssay-Log: a.log 1 root\n") {
		t.Errorf("delivered with %q", work.messages)
	}
}

// signedLog is a log that shows what it has signed.
type signedLog struct {
	Log
	shown []byte
	err   error
}

func (l signedLog) Checkpoint(context.Context) ([]byte, error) { return l.shown, l.err }

// The gates see the log that the verdict will be entered in, where there is one.
func TestTheGatesSeeTheLogThatIsWritten(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	run(t, tools, request(tree, "development"))
	if work.candidate.Checkpoint != nil {
		t.Errorf("a log that shows nothing shows %q", work.candidate.Checkpoint)
	}
	tools.Ledger, tools.Log = Ledger(t.TempDir()), signedLog{Log: work, shown: []byte("a.log\n1\nroot\n")}
	run(t, tools, request(tree, "development"))
	if string(work.candidate.Checkpoint) != "a.log\n1\nroot\n" || logOf(work.candidate.Checkpoint) != "a.log" || logOf(nil) != "" {
		t.Errorf("the gates see %q", work.candidate.Checkpoint)
	}
	tools.Log = signedLog{Log: work, err: errors.New("the log has stopped")}
	if _, err := Run(t.Context(), tools, request(tree, "development")); err == nil || !strings.Contains(err.Error(), "the log has stopped") {
		t.Errorf("error is %v", err)
	}
}
