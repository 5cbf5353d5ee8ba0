package promotion

import (
	"context"
	"strconv"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// buildType says how to read the parameters of the provenance.
const buildType = "https://assay.dev/build/train/v1alpha1"

// attest signs one statement for each gate, one for the training and one for
// what the serving image is made of, and adds what people have waived. How a
// pinned release was trained is not for this run to say: without the provenance
// that it came with, it has none, and a rule denies it.
func attest(ctx context.Context, tools Tools, state *State) (Output, error) {
	if state.Provenance == nil && !state.pinned() {
		envelope, err := sign(ctx, tools, provenance(tools, state))
		if err != nil {
			return Output{}, err
		}
		state.Provenance = envelope
	}
	var envelopes []evidence.Envelope
	if state.Provenance != nil {
		envelopes = append(envelopes, state.Provenance)
	}
	for _, measured := range state.Measured {
		envelope, err := sign(ctx, tools, evidence.Measured(state.Release, measured))
		if err != nil {
			return Output{}, err
		}
		envelopes = append(envelopes, envelope)
	}
	waived, err := waivers(ctx, tools, state)
	if err != nil {
		return Output{}, err
	}
	envelopes = append(envelopes, waived...)
	state.Envelopes = envelopes
	if state.Bills, err = inventory(ctx, tools, state); err != nil {
		return Output{}, err
	}
	input, err := digestOf(state.Release, state.Measured, waived)
	if err != nil {
		return Output{}, err
	}
	output, err := digestOf(envelopes, state.Bills)
	return Output{Input: input, Output: output}, err
}

// sign signs a statement once: some keys sign the same text differently each
// time, and another envelope would be another delivery.
func sign(ctx context.Context, tools Tools, statement evidence.Statement) (evidence.Envelope, error) {
	payload, err := statement.Encode()
	if err != nil {
		return nil, err
	}
	key, err := digestOf(tools.Signer.Key(), evidence.Sum(payload))
	if err != nil {
		return nil, err
	}
	envelope, _, err := value(tools.Ledger, "sign", key, func() (evidence.Envelope, error) {
		return tools.Signer.Sign(ctx, statement)
	})
	return envelope, err
}

func provenance(tools Tools, state *State) evidence.Statement {
	return evidence.Trained(state.Release, evidence.Provenance{
		BuildDefinition: evidence.BuildDefinition{
			BuildType: buildType,
			ExternalParameters: evidence.TrainingParameters{
				Model:   state.Request.Model,
				Trainer: state.Recipe.Trainer.Kind,
				Seed:    strconv.FormatUint(state.Recipe.Trainer.Seed, 10),
			},
			ResolvedDependencies: materials(tools, state),
		},
		RunDetails: evidence.RunDetails{Builder: evidence.Builder{ID: tools.Builder}},
	})
}

// materials is what a model was made of. The commit is the one that made the
// recipe what it is, so that commits about other things leave the same evidence;
// a tree that nobody has committed has none.
func materials(tools Tools, state *State) []evidence.ResourceDescriptor {
	var found []evidence.ResourceDescriptor
	if commit := state.Account.Recipe; commit != "" {
		found = append(found, evidence.ResourceDescriptor{Name: "recipe", URI: tools.Origin, Digest: map[string]string{"gitCommit": commit}})
	}
	found = append(found,
		evidence.ResourceDescriptor{Name: "data", Digest: map[string]string{"sha256": state.Recipe.Data.Hex()}},
		evidence.ResourceDescriptor{Name: "train", Digest: map[string]string{"sha256": state.Train.Digest.Hex()}},
	)
	if state.Program != "" {
		found = append(found, evidence.ResourceDescriptor{Name: "trainer", Digest: map[string]string{"sha256": state.Program.Hex()}})
	}
	return found
}
