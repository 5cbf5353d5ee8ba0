package assembly

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/render"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// order puts on every environment's branch what must not run, and when nothing new
// may come. That comes before everything else, so that neither a training nor a
// mistake elsewhere in the repository holds it up; and once more after everything
// else, since a freeze names what the branch holds.
func (w *Workshop) order(ctx context.Context, tree fs.FS) error {
	platform, err := promotion.ReadPlatform(tree)
	if err != nil {
		return err
	}
	quarantines, err := promotion.Quarantines(tree)
	if err != nil {
		return err
	}
	freezes, err := promotion.Freezes(tree)
	if err != nil {
		return err
	}
	var failed []error
	for _, environment := range platform.Spec.Environments {
		here := slices.DeleteFunc(slices.Clone(quarantines), func(order v1alpha1.Quarantine) bool {
			return !promotion.Concerns(order.Spec.Environments, environment)
		})
		stopped, err := render.Quarantines(environment, here)
		frozen, unlisted := w.frozen(tree, environment, freezes)
		if err == nil {
			err = w.branches.order(ctx, environment, map[string][]byte{render.QuarantineFile: stopped, render.FreezeFile: frozen})
		}
		failed = append(failed, err, unlisted)
	}
	return errors.Join(failed...)
}

// frozen are the freezes of an environment as its branch is to hold them. Those
// that hold name what is not new: nothing else reaches the branch meanwhile but by a
// rollback.
func (w *Workshop) frozen(tree fs.FS, environment string, freezes []v1alpha1.Freeze) ([]byte, error) {
	here := slices.DeleteFunc(slices.Clone(freezes), func(order v1alpha1.Freeze) bool {
		return !promotion.Concerns(order.Spec.Environments, environment)
	})
	if len(here) == 0 {
		return nil, nil
	}
	now, err := promotion.FrozenAt(nil, tree, environment, w.options.Clock())
	var known []string
	if err == nil && now.Holds {
		known, err = w.branches.holds(environment) // without, doors go by the age of what they have
	}
	text, unrendered := render.Freezes(environment, here, known)
	return text, errors.Join(err, unrendered)
}

// holds lists the releases that a branch holds.
func (b *branches) holds(environment string) ([]string, error) {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return nil, err
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, err
	}
	var held []string
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		served, err := servedIn(tree, environment, entry.Name())
		if err != nil {
			return nil, err
		}
		if !served.Release.Zero() {
			held = append(held, string(served.Release.Digest))
		}
	}
	slices.Sort(held)
	return slices.Compact(held), nil
}

// order replaces the orders on the branch, where they are others, and makes no
// branch to say that there are none.
func (b *branches) order(ctx context.Context, environment string, orders map[string][]byte) error {
	tree, err := b.tree(environment)
	if err != nil {
		return err
	}
	edit := gitrepo.Edit{Files: map[string][]byte{}}
	for name, text := range orders {
		there, err := ordered(tree, name)
		if err != nil {
			return err
		}
		if bytes.Equal(there, text) {
			continue
		}
		if len(text) == 0 {
			text = nil
		}
		edit.Files[name] = text
	}
	if len(edit.Files) == 0 {
		return nil
	}
	_, err = b.rewrite(ctx, environment, "deliver orders\n", edit)
	return err
}

// ordered is what the branch holds; nothing where it is not there.
func ordered(tree fs.FS, name string) ([]byte, error) {
	if tree == nil {
		return nil, nil
	}
	text, err := fs.ReadFile(tree, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
