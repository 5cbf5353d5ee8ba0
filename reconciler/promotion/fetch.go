package promotion

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// fetch reads the objects, gets the pinned release if there is one, and takes
// the data apart into training and holdout.
func fetch(ctx context.Context, tools Tools, state *State) (Output, error) {
	request := state.Request
	objects, err := readObjects(request.Tree, Pair{request.Environment, request.Model})
	if err != nil {
		return Output{}, err
	}
	state.Objects, state.Recipe = objects, newRecipe(objects)
	if state.Account, err = account(ctx, tools, request); err != nil {
		return Output{}, err
	}
	if pinned := evidence.Digest(objects.Promotion.Spec.Release); pinned != "" {
		if err := pull(ctx, tools, state, evidence.Subject{Name: request.Model, Digest: pinned}); err != nil {
			return Output{}, err
		}
	}
	input, err := digestOf(state.Recipe.Data, state.Recipe.Contract)
	if err != nil {
		return Output{}, err
	}
	dir, cached, err := tools.Ledger.entry("fetch", input, func(dir string) error {
		return split(ctx, tools, state, dir)
	})
	if err != nil {
		return Output{}, err
	}
	for name, file := range map[string]*File{trainFile: &state.Train, holdoutFile: &state.Holdout} {
		file.Path = filepath.Join(dir, name)
		if file.Digest, err = digestOfFile(file.Path); err != nil {
			return Output{}, err
		}
	}
	output, err := digestOf(state.Train.Digest, state.Holdout.Digest)
	return Output{Input: input, Output: output, Cached: cached}, err
}

// split copies the data file out of the repository, and only then believes its
// digest.
func split(ctx context.Context, tools Tools, state *State, dir string) error {
	contract := state.Recipe.Contract
	local := filepath.Join(dir, dataFile(contract.Source))
	if err := copyOut(state.Request.Tree, source(state), local); err != nil {
		return err
	}
	defer os.Remove(local)
	found, err := digestOfFile(local)
	if err != nil {
		return err
	}
	if found != state.Recipe.Data {
		return fmt.Errorf("%s has digest %s, %s says %s\nhint: write the file's digest into dataset.yaml, or restore the file",
			source(state), found, path.Join("datasets", state.Recipe.Dataset, "dataset.yaml"), state.Recipe.Data)
	}
	return tools.Rows.Split(ctx, local, contract, filepath.Join(dir, trainFile), filepath.Join(dir, holdoutFile))
}

func copyOut(tree fs.FS, name, to string) error {
	source, err := tree.Open(name)
	if err != nil {
		return fmt.Errorf("reading data: %w", err)
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		return errors.Join(fmt.Errorf("copying %s: %w", name, err), target.Close())
	}
	return target.Close()
}

// pull gets a pinned release, with the recipe and the provenance it came with.
func pull(ctx context.Context, tools Tools, state *State, release evidence.Subject) error {
	registry := tools.Platform.Spec.Registry
	dir, _, err := tools.Ledger.entry("pull", release.Digest, func(dir string) error {
		return tools.Packer.Pull(ctx, registry, release, dir)
	})
	if err != nil {
		return err
	}
	recipe, err := readRecipe(dir)
	if err != nil {
		return fmt.Errorf("release %s: %w", release, err)
	}
	if recipe.Name != release.Name {
		return fmt.Errorf("release %s is a release of %s", release.Digest, recipe.Name)
	}
	envelopes, err := tools.Packer.List(ctx, registry, release)
	if err != nil {
		return err
	}
	for _, envelope := range envelopes {
		statement, err := tools.Trust.Verify(ctx, envelope)
		if err == nil && statement.Provenance != nil && statement.Subject.Digest == release.Digest {
			state.Provenance = envelope // deterministic signatures: a second one says the same
		}
	}
	state.Release, state.ModelDir, state.Recipe = release, dir, recipe
	return nil
}

func digestOfFile(name string) (evidence.Digest, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	return evidence.SumReader(file)
}
