package promotion

import (
	"context"
	"os"
)

// pack makes the artifact and its evidence visible in the registry together.
func pack(ctx context.Context, tools Tools, state *State) (Output, error) {
	input, err := digestOf(state.Release, state.Envelopes)
	if err != nil {
		return Output{}, err
	}
	err = tools.Packer.Pack(ctx, tools.Platform.Spec.Registry, state.Request.Model, os.DirFS(state.ModelDir), state.Envelopes)
	return Output{Input: input, Output: state.Release.Digest}, err
}
