package promotion

import (
	"context"
	"slices"

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
	if err := unquarantined(state, change); err != nil {
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

// changeOf says where in the order of the environments this promotion stands.
// A release has taken its turn when the environment before has held it, now or
// earlier: what came there since does not undo it. Nor does a release that
// this environment has held need a turn again: that is how one rolls back.
func changeOf(ctx context.Context, tools Tools, state *State) (*judge.Change, error) {
	order := tools.Platform.Spec.Environments
	after := state.Objects.Environment.Spec.After
	change := &judge.Change{
		Model:   state.Request.Model,
		Release: state.Objects.Promotion.Spec.Release,
		First:   slices.Index(order, state.Request.Environment) == 0 && after == "",
		After:   after,
	}
	if after == "" || change.Release == "" {
		return change, nil
	}
	for _, environment := range []string{after, state.Request.Environment} {
		served, err := tools.Deliverer.Recall(ctx, environment, state.Release)
		if err != nil {
			return nil, err
		}
		change.Admitted = change.Admitted || !served.Release.Zero()
	}
	return change, nil
}
