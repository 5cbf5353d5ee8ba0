package promotion

import (
	"context"
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// HeadTrailer begins the line of a delivery's message that witnesses the log.
const HeadTrailer = "Assay-Log: "

// deliver puts the manifests on the environment's branch, from where they are
// synced. The commit witnesses the log: whoever has the branch can tell later
// whether the log is still the one that held the verdict. Files that are there
// already make no commit, so a log that only grew makes none.
func deliver(ctx context.Context, tools Tools, state *State) (Output, error) {
	input, err := digestOf(state.Files)
	if err != nil {
		return Output{}, err
	}
	request := state.Request
	message := fmt.Sprintf("%s: deliver %s to %s\n\nSource-Commit: %s\nPolicy: %s\n",
		request.Model, state.Release.Digest.Short(), request.Environment, request.Commit.Hash, state.Verdict.Policy)
	if state.Head != "" {
		message += HeadTrailer + state.Head + "\n"
	}
	state.Branch, err = tools.Deliverer.Deliver(ctx, request.Environment, request.Model, state.Files, message)
	return Output{Input: input, Output: evidence.Sum([]byte(state.Branch))}, err
}
