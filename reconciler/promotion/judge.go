package promotion

import (
	"context"
	"errors"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// ask puts to the judge what the cluster's door will ask again: may this
// release serve there, on this evidence? And what only git knows: is it its
// turn?
func ask(ctx context.Context, tools Tools, state *State) (Output, error) {
	change, err := changeOf(ctx, tools, state)
	if err != nil {
		return Output{}, err
	}
	if err := errors.Join(unquarantined(tools.Base, state, change), thawed(tools, state, change)); err != nil {
		return Output{}, err
	}
	question := judge.Question{
		Environment: state.Request.Environment,
		Profile:     state.Objects.Environment.Spec.Profile,
		Time:        state.Request.Time,
		Model: &judge.Model{
			Release:  state.Release,
			Evidence: evidence.Open(ctx, tools.Trust, state.Release, state.Envelopes),
		},
	}
	verdict, err := tools.Judge.Judge(ctx, question)
	if err != nil {
		return Output{}, err
	}
	question.Model, question.Change = nil, change
	order, err := tools.Judge.Judge(ctx, question)
	if err != nil {
		return Output{}, err
	}
	state.Verdict = verdict.With(order)
	input, err := digestOf(state.Release, state.Envelopes, change, verdict.Policy, question.Profile)
	if err != nil {
		return Output{}, err
	}
	output, err := digestOf(state.Verdict.Evaluated, state.Verdict.Findings)
	return Output{Input: input, Output: output}, err
}
