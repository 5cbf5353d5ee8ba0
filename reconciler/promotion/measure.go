package promotion

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// measure lets every gate look at the candidate, side by side. A gate whose
// inputs were measured before is not asked again.
func measure(ctx context.Context, tools Tools, state *State) (Output, error) {
	candidate, err := newCandidate(ctx, tools, state)
	if err != nil {
		return Output{}, err
	}
	measured := make([]evidence.Measurements, len(tools.Gates))
	cached := make([]bool, len(tools.Gates))
	failed := make([]error, len(tools.Gates))
	var running sync.WaitGroup
	for i, gate := range tools.Gates {
		running.Go(func() { measured[i], cached[i], failed[i] = measureOne(ctx, tools, state, gate, candidate) })
	}
	running.Wait()
	var unmeasured []error
	for i, gate := range tools.Gates {
		if failed[i] != nil {
			unmeasured = append(unmeasured, fmt.Errorf("gate %s: %w", gate.Name(), failed[i]))
			continue
		}
		state.Measured = append(state.Measured, measured[i])
	}
	if len(unmeasured) > 0 {
		return Output{}, errors.Join(append(unmeasured, tellTheRest(ctx, tools, state))...)
	}
	output := Output{Cached: !slices.Contains(cached, false)}
	var inputs [][]evidence.Subject
	for _, one := range measured {
		inputs = append(inputs, one.Inputs)
	}
	if output.Input, err = digestOf(state.Release, inputs); err != nil {
		return Output{}, err
	}
	output.Output, err = digestOf(measured)
	return output, err
}

// tellTheRest judges what some gates measured although another could not, so
// that an author learns of everything at once. It is for people alone: nothing is
// signed, and the promotion ends here.
func tellTheRest(ctx context.Context, tools Tools, state *State) error {
	var opened evidence.Opened
	spoke := map[string]bool{}
	for _, measured := range state.Measured {
		opened.Statements = append(opened.Statements, evidence.Measured(state.Release, measured))
		spoke[measured.Gate] = true
	}
	verdict, err := tools.Judge.Judge(ctx, judge.Question{
		Environment: state.Request.Environment, Profile: state.Objects.Environment.Spec.Profile, Time: state.Request.Time,
		Model: &judge.Model{Release: state.Release, Evidence: opened},
	})
	verdict.Findings = slices.DeleteFunc(verdict.Findings, func(finding gates.Finding) bool {
		_, rest, _ := strings.Cut(finding.Rule, ".")
		gate, _, _ := strings.Cut(rest, ".")
		return !spoke[gate] // nothing is known of it
	})
	verdict.Evaluated = nil // what is not whole allows nothing
	state.Verdict = verdict
	return err
}

func measureOne(ctx context.Context, tools Tools, state *State, gate gates.Gate, candidate gates.Candidate) (evidence.Measurements, bool, error) {
	inputs, err := inputsOf(ctx, state, gate, candidate)
	if err != nil {
		return evidence.Measurements{}, false, err
	}
	measured := evidence.Measurements{
		Gate: gate.Name(), Environment: candidate.Environment, Inputs: inputs,
		Model: evidence.ModelFacts{Task: string(state.Recipe.Task), Purpose: state.Recipe.Purpose, RiskClass: state.Recipe.RiskClass},
	}
	key, err := digestOf(tools.Version, state.Release, measured)
	if err != nil {
		return measured, false, err
	}
	found, cached, err := value(tools.Ledger, "measure", key, func() ([]evidence.Measurement, error) {
		return gate.Measure(ctx, candidate)
	})
	measured.Measurements = found
	return measured, cached, err
}

// newCandidate gathers what the gates look at.
func newCandidate(ctx context.Context, tools Tools, state *State) (gates.Candidate, error) {
	objects := state.Objects
	model := objects.Model
	serving := model.Spec.Serving
	model.Spec = state.Recipe.Model() // a pinned release is measured by its own recipe
	model.Spec.Serving = serving
	dataset := objects.Dataset
	dataset.Spec = state.Recipe.Contract
	dataset.Spec.DataUse = objects.Dataset.Spec.DataUse // but used under today's agreement
	files, err := Manifests(ctx, tools, state)
	if err != nil {
		return gates.Candidate{}, err
	}
	state.Files = files
	manifests, err := asFS(files)
	if err != nil {
		return gates.Candidate{}, err
	}
	candidate := gates.Candidate{
		Name: state.Request.Model, Environment: state.Request.Environment, Commit: state.Request.Commit,
		Model: model, Dataset: dataset, Card: objects.Card, Promotion: objects.Promotion,
		Governance: objects.Governance, Platform: tools.Platform, Program: tools.Version, TrainingImage: model.Spec.Trainer.Image,
		Approvals: state.Account.Approvals, Void: state.Account.Void, Withdrawn: state.Account.Withdrawn,
		Unfit: state.Account.Unfit, Authors: state.Account.Authors,
		Train: state.Train.Path, Holdout: state.Holdout.Path,
		Artifact: state.Release, ModelFiles: os.DirFS(state.ModelDir), Manifests: manifests, Image: model.Spec.Serving.Image,
	}
	if err := look(ctx, tools, state, &candidate); err != nil {
		return candidate, err
	}
	if candidate.Exploitability, err = exploitability(state.Request.Tree); err != nil {
		return candidate, err
	}
	if candidate.Checkpoint, err = checkpoint(ctx, tools); err != nil {
		return candidate, err
	}
	own := scored{state.Release, state.Recipe, state.ModelDir}
	candidate.Runner = runner{tools.Trainer, own}
	if err := own.fill(ctx, tools, state, &candidate); err != nil {
		return candidate, err
	}
	state.Scores, state.Risks = candidate.Scores, candidate.Risks
	err = challenge(ctx, tools, state, &candidate)
	return candidate, err
}

func asFS(files map[string][]byte) (fs.FS, error) {
	archive := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: files[name]})
	}
	return txtar.FS(archive)
}

func rendering(tools Tools, state *State, envelopes []evidence.Envelope) Rendering {
	objects := state.Objects
	return Rendering{
		Model: state.Request.Model, Environment: objects.Environment, Registry: tools.Platform.Spec.Registry,
		Release: state.Release, Image: objects.Model.Spec.Serving.Image, Replicas: objects.Promotion.Spec.Replicas, Serving: objects.Promotion.Spec.Serving, Envelopes: envelopes,
	}
}
