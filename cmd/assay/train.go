package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// workingTree is a promotion repository as it lies on disk, committed or not.
type workingTree struct {
	place       workplace
	environment string
}

func (w *workingTree) flags(command *cobra.Command) {
	w.place.flags(command)
	command.Flags().StringVar(&w.environment, "environment", "", "environment (default: the first of assay.yaml)")
}

// run takes one model through the phases, up to the last that is wanted.
func (w *workingTree) run(command *cobra.Command, model, until string) (promotion.Tools, *promotion.State, error) {
	if !w.place.local() {
		return promotion.Tools{}, nil, fmt.Errorf("--repository %s: this command works on a directory", w.place.repository)
	}
	workshop, err := w.place.open(command)
	if err != nil {
		return promotion.Tools{}, nil, err
	}
	root, err := os.OpenRoot(w.place.repository) // no symlink leads out of it
	if err != nil {
		return promotion.Tools{}, nil, fmt.Errorf("opening the working tree: %w", err)
	}
	defer root.Close()
	tree := root.FS()
	if err := promotion.Validate(tree); err != nil {
		return promotion.Tools{}, nil, err
	}
	tools, err := workshop.Tools(command.Context(), tree)
	if err != nil {
		return tools, nil, err
	}
	if w.environment == "" {
		w.environment = tools.Platform.Spec.Environments[0]
	}
	state, err := promotion.Run(command.Context(), tools, promotion.Request{
		Tree: tree, Environment: w.environment, Model: model, Time: time.Now(), Until: until,
	})
	return tools, state, err
}

func newTrain() *cobra.Command {
	var work workingTree
	var out string
	command := &cobra.Command{
		Use:   "train MODEL",
		Short: "Train a model of the working tree, and print its digest",
		Long: `Train a model of the working tree, and print the digest of its artifact. The
same recipe, data and seed give the same digest, here and in the reconciler.
Nothing is pushed.`,
		Example: "  assay train breast-malignancy\n  assay train breast-malignancy --out model -o json",
		Args:    cobra.ExactArgs(1),
	}
	output := outputFlag(command)
	work.flags(command)
	command.Flags().StringVar(&out, "out", "", "directory to copy the model's files into")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		_, state, err := work.run(command, arguments[0], "Trained")
		if err != nil {
			return err
		}
		if out != "" {
			if err := copyFiles(os.DirFS(state.ModelDir), out); err != nil {
				return err
			}
		}
		if *output == "json" {
			return json.NewEncoder(command.OutOrStdout()).Encode(map[string]any{
				"model": arguments[0], "digest": state.Release.Digest, "train": state.Train.Digest,
				"holdout": state.Holdout.Digest, "cached": state.Outputs[len(state.Outputs)-1].Cached,
			})
		}
		_, err = fmt.Fprintln(command.OutOrStdout(), state.Release.Digest)
		return err
	}
	return command
}

func copyFiles(from fs.FS, to string) error {
	return fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return writeNew(target, content, 0o644)
	})
}
