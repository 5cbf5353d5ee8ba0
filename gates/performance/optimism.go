package performance

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// apparent measures how much of the discrimination that the training rows show
// is lost on the holdout, and whether the model says the same thing twice.
// Without scores of the training rows there is no optimism to tell: the value
// is empty.
func apparent(ctx context.Context, candidate gates.Candidate, holdout outcome.Outcome) ([]evidence.Measurement, error) {
	optimism := evidence.Measurement{Name: "optimism", Method: "the training rows were not scored"}
	if len(candidate.TrainScores) > 0 {
		frame, err := table.Read(ctx, candidate.Train)
		if err != nil {
			return nil, fmt.Errorf("reading the training rows: %w", err)
		}
		rows := outcome.Table{File: filepath.Base(candidate.Train), Source: frame}
		train, err := outcome.Holdout(rows, candidate.Model.Spec.Task, candidate.Dataset.Spec, len(candidate.TrainScores))
		if err != nil {
			return nil, err
		}
		optimism = lost(candidate, train, holdout)
	}
	return []evidence.Measurement{optimism, count("unstable_scores", unstable(candidate.Scores, candidate.RepeatedScores), len(candidate.Scores))}, nil
}

// lost is the apparent discrimination minus that on the holdout, AUROC or
// Harrell's C. The patients differ, so the two are independent samples; that
// the training rows were also fitted makes the first too high, which is what
// is measured (TRIPOD+AI 12f; Harrell 1996).
func lost(candidate gates.Candidate, train, holdout outcome.Outcome) evidence.Measurement {
	n := min(len(candidate.TrainScores), len(candidate.Scores))
	rank := func(scores []float64, happened outcome.Outcome) (stats.Ranking, error) {
		if candidate.Model.Spec.Task == v1alpha1.Survival {
			return stats.Harrell(scores, happened.Time, happened.Event)
		}
		return stats.DeLong(scores, happened.Event)
	}
	seen, err := rank(candidate.TrainScores, train)
	if err != nil {
		return estimated("optimism", n, stats.Estimate{}, err)
	}
	unseen, err := rank(candidate.Scores, holdout)
	return estimated("optimism", n, stats.Estimate{
		Value: seen.Value - unseen.Value, Interval: stats.RankingDifference(seen, unseen, stats.Alpha),
		Method: "training minus holdout, " + unseen.Method(),
	}, err)
}

// unstable counts the rows that the model scored otherwise the second time it
// was asked; all of them, when it was not asked again.
func unstable(scores, again []float64) int {
	if len(again) != len(scores) {
		return len(scores)
	}
	different := 0
	for row, score := range scores {
		if math.Float64bits(score) != math.Float64bits(again[row]) {
			different++
		}
	}
	return different
}
