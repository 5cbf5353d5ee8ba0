package promotion

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// train makes the model that the recipe says, unless a release is pinned: a
// promoted release is the very artifact that was judged before, never a new
// training.
func train(ctx context.Context, tools Tools, state *State) (Output, error) {
	if !state.Release.Zero() {
		return Output{Input: state.Release.Digest, Output: state.Release.Digest, Cached: true}, nil
	}
	input, err := digestOf(tools.Version, state.Recipe, state.Train.Digest)
	if err != nil {
		return Output{}, err
	}
	// Who trains is kept beside what was trained: another program may find it.
	state.Program, _, err = value(tools.Ledger, "trainer", input, func() (evidence.Digest, error) { return tools.Trainer.Program(state.Recipe) })
	if err != nil {
		return Output{}, err
	}
	dir, cached, err := tools.Ledger.entry("train", input, func(dir string) error {
		if err := tools.Trainer.Train(ctx, state.Recipe, state.Train.Path, dir); err != nil {
			return err
		}
		recipe, err := json.Marshal(state.Recipe)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, recipeFile), recipe, 0o644)
	})
	if err != nil {
		return Output{}, err
	}
	state.ModelDir = dir
	if state.Release, err = tools.Packer.Identify(state.Request.Model, os.DirFS(dir)); err != nil {
		return Output{}, err
	}
	return Output{Input: input, Output: state.Release.Digest, Cached: cached}, nil
}
