package promotion

import (
	"context"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// changeOf says where in the order of the environments this promotion stands.
// A release has taken its turn when every environment before has held it, now or
// earlier: what came there since does not undo it. Nor does a release that
// this environment has held need a turn again: that is how one rolls back.
func changeOf(ctx context.Context, tools Tools, state *State) (*judge.Change, error) {
	spec, err := asked(tools.Base, state)
	if err != nil {
		return nil, err
	}
	change := &judge.Change{
		Model:    state.Request.Model,
		Release:  state.Objects.Promotion.Spec.Release,
		First:    slices.Index(tools.Platform.Spec.Environments, state.Request.Environment) == 0 && len(spec.After) == 0,
		After:    append([]string{}, spec.After...),
		Soak:     seconds(spec.Soak.Duration),
		Soaks:    soaks(tools.Exposed, spec.After, state.Release),
		Required: append([]string{}, spec.Approvals...),
		Approved: approvedIn(state.Measured),
		Edited:   append([]string{}, tools.Edited[state.Request.Environment]...),
	}
	change.Whole = len(change.Edited) == 0
	if err := compare(ctx, tools, state, change); err != nil {
		return nil, err
	}
	if change.First || change.Release == "" {
		return change, nil
	}
	return change, admit(ctx, tools, state, change)
}

// admit asks the branches whether it is the release's turn.
func admit(ctx context.Context, tools Tools, state *State, change *judge.Change) error {
	held := func(environment string) (bool, error) {
		served, err := tools.Deliverer.Recall(ctx, environment, state.Release)
		return !served.Release.Zero(), err
	}
	everywhere := len(change.After) > 0
	for _, environment := range change.After {
		there, err := held(environment)
		if err != nil {
			return err
		}
		everywhere = everywhere && there
	}
	here, err := held(state.Request.Environment)
	change.Admitted = everywhere || here && len(change.After) > 0
	return err
}

// compare says what the environment's own branch knows of the release: a claim
// of the one who proposes is not asked for.
func compare(ctx context.Context, tools Tools, state *State, change *judge.Change) error {
	if tools.Admitted == nil {
		return nil
	}
	past, err := tools.Admitted.Admissions(ctx, state.Request.Environment, state.Request.Model)
	if err != nil || len(past) == 0 {
		return err
	}
	change.Holds = past[0].Release == state.Release.Digest
	change.Rollback = Older(past, state.Release.Digest, past[0].Release)
	return nil
}

func soaks(exposed Exposed, after []string, release evidence.Subject) []judge.Soak {
	found := []judge.Soak{}
	for _, environment := range after {
		one := judge.Soak{Environment: environment}
		if exposed != nil {
			if healthy, watched := exposed.Healthy(environment, release); watched {
				one.Healthy = seconds(healthy)
			}
		}
		found = append(found, one)
	}
	return found
}

// seconds is a time as rules read it: whole, and never more than it was.
func seconds(wait time.Duration) string { return strconv.FormatInt(int64(wait/time.Second), 10) }

// approvedIn lists the roles that the compliance gate counted approvals in.
func approvedIn(measured []evidence.Measurements) []string {
	roles := []string{}
	for _, one := range measured {
		for _, measurement := range one.Measurements {
			if one.Gate == gates.Compliance && measurement.Name == "approved_in" {
				roles = append(roles, measurement.Group)
			}
		}
	}
	return roles
}

// asked is what an environment asks of a change: what the change leaves of it, and
// what was asked before. A change cannot lift what it has to pass.
func asked(base fs.FS, state *State) (v1alpha1.EnvironmentSpec, error) {
	spec := state.Objects.Environment.Spec
	if base == nil {
		return spec, nil
	}
	var merged v1alpha1.Environment
	if err := ifThere(readNamed(base, environmentFile(state.Request.Environment), &merged)); err != nil {
		return spec, err
	}
	spec.Soak.Duration = max(spec.Soak.Duration, merged.Spec.Soak.Duration)
	spec.After = union(spec.After, merged.Spec.After)
	spec.Approvals = union(spec.Approvals, merged.Spec.Approvals)
	return spec, nil
}

func union(names, more []string) []string {
	all := slices.Clone(names)
	for _, name := range more {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
