package promotion

import (
	"context"
	"errors"
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
	Time        time.Time
}

// Log keeps decisions.
type Log interface {
	// Keep returns when the decision can neither be lost nor changed any more. A
	// decision that says the same as the last one about the same model in the
	// same environment is kept already. The digest leaves the time out.
	Keep(ctx context.Context, decision Decision) (evidence.Digest, error)
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
	}
	for _, envelope := range state.Envelopes {
		decision.Evidence = append(decision.Evidence, envelope.Digest())
	}
	input, err := digestOf(decision.Commit.Hash, state.Release, decision.Evidence, state.Verdict.Policy, state.Verdict.Evaluated, state.Verdict.Findings)
	if err != nil {
		return Output{}, err
	}
	output, err := tools.Log.Keep(ctx, decision)
	return Output{Input: input, Output: output}, err
}
