package promotion

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Decision is what an auditor asks for later: who proposed what, what it was
// judged by, and how.
type Decision struct {
	Commit      gates.Commit
	Environment string
	Release     evidence.Subject
	Verdict     gates.Verdict
	Evidence    []evidence.Digest // of the envelopes that were judged
	Waivers     []Waived
	Time        time.Time
}

// Kept names what was kept, and the log as it was then.
type Kept struct {
	Digest evidence.Digest
	Head   string // <origin> <size> <root>; empty where there is no log, as in a rehearsal
}

// Log keeps decisions.
type Log interface {
	// Keep returns when the decision can neither be lost nor changed any more. A
	// decision that says the same as the last one about the same model in the
	// same environment is kept already. The digest leaves the time out.
	Keep(ctx context.Context, decision Decision) (Kept, error)
}

// SignedLog is a Log that shows what it has signed.
type SignedLog interface {
	// Checkpoint is the signed checkpoint that was published last.
	Checkpoint(ctx context.Context) ([]byte, error)
}

// checkpoint is that of the log which the verdict will be entered in; nil where
// none is written, as in a rehearsal.
func checkpoint(ctx context.Context, tools Tools) ([]byte, error) {
	shown, ok := tools.Log.(SignedLog)
	if !ok {
		return nil, nil
	}
	return shown.Checkpoint(ctx)
}

// logOf is the name of the log that a checkpoint is of, which comes of its key.
// How many entries the log has bears on no model.
func logOf(checkpoint []byte) string {
	name, _, _ := strings.Cut(string(checkpoint), "\n")
	return name
}

// enter puts the verdict into the audit log, whether it allows or denies.
// Nothing is delivered before that.
func enter(ctx context.Context, tools Tools, state *State) (Output, error) {
	if tools.Log == nil {
		return Output{}, errors.New("there is no audit log: nothing is delivered that is not logged")
	}
	decision := Decision{
		Commit: state.Request.Commit, Environment: state.Request.Environment,
		Release: state.Release, Verdict: state.Verdict, Time: state.Request.Time,
		Waivers: waived(state.Waivers, state.Verdict),
	}
	for _, envelope := range state.Envelopes {
		decision.Evidence = append(decision.Evidence, envelope.Digest())
	}
	input, err := digestOf(decision.Commit.Hash, state.Release, decision.Evidence, decision.Waivers, state.Verdict.Policy, state.Verdict.Evaluated, state.Verdict.Findings)
	if err != nil {
		return Output{}, err
	}
	kept, err := tools.Log.Keep(ctx, decision)
	state.Head = kept.Head
	return Output{Input: input, Output: kept.Digest}, err
}
