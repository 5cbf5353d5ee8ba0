package promotion

import "context"

// render writes the manifests of an allowed release, its evidence among them.
func render(ctx context.Context, tools Tools, state *State) (Output, error) {
	input, err := digestOf(rendering(tools, state, state.Envelopes))
	if err != nil {
		return Output{}, err
	}
	if state.Files, err = tools.Renderer.Render(ctx, rendering(tools, state, state.Envelopes)); err != nil {
		return Output{}, err
	}
	output, err := digestOf(state.Files)
	return Output{Input: input, Output: output}, err
}

// Manifests are what would be rendered, without evidence: what the security
// gate looks at.
func Manifests(ctx context.Context, tools Tools, state *State) (map[string][]byte, error) {
	return tools.Renderer.Render(ctx, rendering(tools, state, nil))
}
