package promotion

import (
	"context"
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// deliver puts the manifests on the environment's branch, from where they are
// synced.
func deliver(ctx context.Context, tools Tools, state *State) (Output, error) {
	input, err := digestOf(state.Files)
	if err != nil {
		return Output{}, err
	}
	request := state.Request
	message := fmt.Sprintf("%s: deliver %s to %s\n\nSource-Commit: %s\nPolicy: %s\n",
		request.Model, state.Release.Digest.Short(), request.Environment, request.Commit.Hash, state.Verdict.Policy)
	state.Branch, err = tools.Deliverer.Deliver(ctx, request.Environment, request.Model, state.Files, message)
	return Output{Input: input, Output: evidence.Sum([]byte(state.Branch))}, err
}
