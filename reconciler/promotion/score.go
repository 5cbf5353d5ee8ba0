package promotion

import (
	"context"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// scored is a release that is asked for scores.
type scored struct {
	release evidence.Subject
	recipe  Recipe
	dir     string // its files
}

// score asks the release for the scores of some rows, for the first or the
// second time. The trainer is given the rows without their outcome.
func (s scored) score(ctx context.Context, tools Tools, rows File, time int) ([]float64, error) {
	key, err := digestOf(tools.Version, s.release.Digest, rows.Digest, time)
	if err != nil {
		return nil, err
	}
	scores, _, err := value(tools.Ledger, "score", key, func() ([]float64, error) {
		dir, err := os.MkdirTemp("", "assay-rows-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		blind := filepath.Join(dir, "rows.csv")
		if err := tools.Rows.Blind(ctx, rows.Path, s.recipe, blind); err != nil {
			return nil, err
		}
		return tools.Trainer.Predict(ctx, s.recipe, s.dir, blind)
	})
	return scores, err
}
