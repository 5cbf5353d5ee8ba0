package promotion

import (
	"context"
	"strconv"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// buildType says how to read the parameters of the provenance.
const buildType = "https://assay.dev/build/train/v1alpha1"

// attest signs one statement for each gate, and one for the training. How a
// pinned release was trained is not for this run to say: without the provenance
// that it came with, it has none, and a rule denies it.
func attest(ctx context.Context, tools Tools, state *State) (Output, error) {
	if state.Provenance == nil && !state.pinned() {
		envelope, err := tools.Signer.Sign(ctx, provenance(tools, state))
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
		envelope, err := tools.Signer.Sign(ctx, evidence.Measured(state.Release, measured))
		if err != nil {
			return Output{}, err
		}
		envelopes = append(envelopes, envelope)
	}
	state.Envelopes = envelopes
	input, err := digestOf(state.Release, state.Measured)
	if err != nil {
		return Output{}, err
	}
	output, err := digestOf(envelopes)
	return Output{Input: input, Output: output}, err
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
			ResolvedDependencies: []evidence.ResourceDescriptor{
				{Name: "data", Digest: map[string]string{"sha256": state.Recipe.Data.Hex()}},
				{Name: "train", Digest: map[string]string{"sha256": state.Train.Digest.Hex()}},
			},
		},
		RunDetails: evidence.RunDetails{Builder: evidence.Builder{ID: tools.Builder}},
	})
}
