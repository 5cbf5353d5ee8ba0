package assembly

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/render"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// quarantine puts what must not run on every environment's branch. It comes
// before everything else, so that neither a training nor a mistake elsewhere in
// the repository holds it up.
func (w *Workshop) quarantine(ctx context.Context, tree fs.FS) error {
	platform, err := promotion.ReadPlatform(tree)
	if err != nil {
		return err
	}
	orders, err := promotion.Quarantines(tree)
	if err != nil {
		return err
	}
	var failed []error
	for _, environment := range platform.Spec.Environments {
		here := slices.DeleteFunc(slices.Clone(orders), func(order v1alpha1.Quarantine) bool {
			return len(order.Spec.Environments) > 0 && !slices.Contains(order.Spec.Environments, environment)
		})
		text, err := render.Quarantines(environment, here)
		if err == nil {
			err = w.branches.order(ctx, environment, text)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// order replaces the quarantines on the branch, where they are others, and makes
// no branch to say that there are none.
func (b *branches) order(ctx context.Context, environment string, text []byte) error {
	there, err := b.ordered(environment)
	if err != nil || bytes.Equal(there, text) {
		return err
	}
	files := map[string][]byte{render.QuarantineFile: text}
	if len(text) == 0 {
		files = nil
	}
	_, err = b.rewrite(ctx, environment, "deliver quarantines\n", func(name string) bool { return name != render.QuarantineFile }, files)
	return err
}

// ordered is what the branch holds; nothing where it is not there.
func (b *branches) ordered(environment string) ([]byte, error) {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return nil, err
	}
	text, err := fs.ReadFile(tree, render.QuarantineFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
