package promotion

import (
	"context"
	"os"
	"slices"
)

// pack makes the artifact and its evidence visible in the registry together.
func pack(ctx context.Context, tools Tools, state *State) (Output, error) {
	envelopes := slices.Concat(state.Envelopes, state.Bills)
	input, err := digestOf(state.Release, envelopes)
	if err != nil {
		return Output{}, err
	}
	err = tools.Packer.Pack(ctx, tools.Platform.Spec.Registry, state.Request.Model, os.DirFS(state.ModelDir), envelopes)
	return Output{Input: input, Output: state.Release.Digest}, err
}
