package promotion

import (
	"context"
	"errors"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// inputsOf names everything that a gate looks at, by digest. The list is both
// the key of the measurement and part of the evidence: what is not in it was
// not measured.
func inputsOf(ctx context.Context, state *State, gate gates.Gate, candidate gates.Candidate) ([]evidence.Subject, error) {
	var named inputs
	switch gate.Name() {
	case gates.Dataset:
		named.rows(state)
		named.add("contract", state.Recipe.Contract)
	case gates.Performance, gates.Bias:
		named.rows(state)
		if !state.Champion.Zero() {
			named.list = append(named.list, evidence.Subject{Name: "champion", Digest: state.Champion.Digest})
		}
	case gates.Compliance:
		named.records(state, candidate)
	case gates.Security:
		named.artifacts(state, candidate)
	default:
		return nil, errors.New("nobody has said what it looks at")
	}
	if outside, ok := gate.(Freshness); ok {
		read, err := outside.Outside(ctx, candidate)
		if err != nil {
			return nil, err
		}
		named.list = append(named.list, read)
	}
	return named.list, named.failed
}

// inputs is a list of what was looked at, and what went wrong with naming it.
type inputs struct {
	list   []evidence.Subject
	failed error
}

func (i *inputs) add(name string, values ...any) {
	digest, err := digestOf(values...)
	i.failed = errors.Join(i.failed, err)
	i.list = append(i.list, evidence.Subject{Name: name, Digest: digest})
}

func (i *inputs) rows(state *State) {
	i.list = append(i.list,
		evidence.Subject{Name: "train", Digest: state.Train.Digest},
		evidence.Subject{Name: "holdout", Digest: state.Holdout.Digest})
}

// records are what people have written, signed and agreed.
func (i *inputs) records(state *State, candidate gates.Candidate) {
	platform := candidate.Platform.Spec
	i.add("contract", state.Recipe.Contract)
	i.add("recipe", candidate.Model.Spec)
	i.add(cardInput, candidate.Card.Spec)
	i.add("data-use", candidate.Dataset.Spec.DataUse)
	i.add("governance", candidate.Governance.Spec)
	i.add("people", platform.People)
	i.add("controls", platform.Controls, platform.Registry)
	i.add("manifests", state.Files)
	i.add("audit-log", logOf(candidate.Checkpoint))
	i.add("approvals", candidate.Approvals, candidate.Void, candidate.Withdrawn, candidate.Unfit, len(platform.People))
	i.add("authors", candidate.Authors)
}

// artifacts are what would run, and what it is made from.
func (i *inputs) artifacts(state *State, candidate gates.Candidate) {
	images, err := imagesOf(candidate)
	i.failed = errors.Join(i.failed, err)
	i.list = append(i.list, images...)
	i.add("manifests", state.Files)
	if len(candidate.Exploitability) > 0 {
		i.add("exploitability", candidate.Exploitability)
	}
	i.failed = errors.Join(i.failed, addRepository(i.add, candidate))
}
