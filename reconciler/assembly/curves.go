package assembly

import (
	"context"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/internal/curves"
	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// draw makes the curves of a report, aggregated. They are shown and never
// judged, so a promotion that was not scored, or whose holdout cannot be drawn,
// simply has none.
func draw(ctx context.Context, state *promotion.State) *figure.Curves {
	if len(state.Scores) == 0 {
		return nil
	}
	frame, err := table.Read(ctx, state.Holdout.Path)
	if err != nil {
		return nil
	}
	holdout := outcome.Table{File: filepath.Base(state.Holdout.Path), Source: frame}
	happened, err := outcome.Holdout(holdout, state.Recipe.Task, state.Recipe.Contract, len(state.Scores))
	if err != nil {
		return nil
	}
	drawn, err := curves.Of(state.Scores, happened)
	if err != nil {
		return nil
	}
	if horizon := state.Recipe.Model().Horizon; len(state.Risks) > 0 {
		if drawn.Calibration, err = curves.AtHorizon(state.Risks, happened, horizon); err != nil {
			return nil
		}
	}
	for _, column := range state.Recipe.Contract.Columns {
		if column.Name == state.Recipe.Contract.Time {
			drawn.TimeUnit = column.Unit
		}
	}
	return &drawn
}
