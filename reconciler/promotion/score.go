package promotion

import (
	"context"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// scored is a release that is asked for scores.
type scored struct {
	release evidence.Subject
	recipe  Recipe
	dir     string // its files
}

// score asks the release for the scores of some rows, for the first or the
// second time. The trainer is given the rows without their outcome.
func (s scored) score(ctx context.Context, tools Tools, rows File, time int) (Prediction, error) {
	key, err := digestOf(tools.Version, s.release.Digest, rows.Digest, time)
	if err != nil {
		return Prediction{}, err
	}
	said, _, err := value(tools.Ledger, "score", key, func() (Prediction, error) {
		dir, err := os.MkdirTemp("", "assay-rows-")
		if err != nil {
			return Prediction{}, err
		}
		defer os.RemoveAll(dir)
		blind := filepath.Join(dir, filepath.Base(rows.Path)) // so named in errors
		if err := tools.Rows.Blind(ctx, rows.Path, s.recipe, blind); err != nil {
			return Prediction{}, err
		}
		return tools.Trainer.Predict(ctx, s.recipe, s.dir, blind)
	})
	return said, err
}

// fill asks for the candidate's own scores: of the holdout twice, and of the
// training rows.
func (s scored) fill(ctx context.Context, tools Tools, state *State, candidate *gates.Candidate) error {
	first, err := s.score(ctx, tools, state.Holdout, 1)
	if err != nil {
		return err
	}
	again, err := s.score(ctx, tools, state.Holdout, 2)
	if err != nil {
		return err
	}
	train, err := s.score(ctx, tools, state.Train, 1)
	candidate.Scores, candidate.Risks = first.Scores, first.Risks
	candidate.RepeatedScores, candidate.TrainScores = again.Scores, train.Scores
	return err
}

// runner makes a release ready for requests, from its files.
type runner struct {
	trainer Trainer
	scored
}

func (r runner) Load(ctx context.Context) (gates.Session, error) {
	return r.trainer.Load(ctx, r.recipe, r.dir)
}
