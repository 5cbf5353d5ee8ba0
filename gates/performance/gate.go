package performance

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Gate measures performance on the holdout.
type Gate struct{}

var _ gates.Gate = Gate{}

// Name is "performance".
func (Gate) Name() string { return gates.Performance }

// Measure reads the outcome from the holdout and compares it with the
// candidate's and the champion's scores; then it loads the candidate and asks
// it about one patient at a time. Resampling is seeded by the digests of artifact
// and holdout: the same candidate gives the same numbers, durations apart, which
// are rounded. A champion with the candidate's own digest is refused.
func (Gate) Measure(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	if !candidate.Champion.Zero() && candidate.Champion.Digest == candidate.Artifact.Digest {
		return nil, fmt.Errorf("the champion %s is the candidate itself: a comparison would prove nothing", candidate.Champion)
	}
	seed, err := seedOf(candidate)
	if err != nil {
		return nil, fmt.Errorf("reading the holdout: %w", err)
	}
	frame, err := table.Read(ctx, candidate.Holdout)
	if err != nil {
		return nil, fmt.Errorf("reading the holdout: %w", err)
	}
	holdout := outcome.Table{File: filepath.Base(candidate.Holdout), Source: frame}
	happened, err := outcome.Holdout(holdout, candidate.Model.Spec.Task, candidate.Dataset.Spec, len(candidate.Scores))
	if err != nil {
		return nil, err
	}
	measured, err := predicted(candidate, happened, seed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", holdout.File, err)
	}
	seen, err := apparent(ctx, candidate, happened)
	if err != nil {
		return nil, err
	}
	tried, err := operation(ctx, candidate, frame)
	return slices.Concat(measured, seen, tried), err
}

// predicted measures scores and risks against what happened.
func predicted(candidate gates.Candidate, happened outcome.Outcome, seed [32]byte) ([]evidence.Measurement, error) {
	recipe := candidate.Model.Spec
	if recipe.Task == v1alpha1.Survival {
		measured, err := Survival(candidate.Scores, happened.Time, happened.Event, candidate.ChampionScores, seed)
		return append(measured, AtHorizon(candidate.Risks, happened.Time, happened.Event, recipe.Horizon)...), err
	}
	champion := Champion{candidate.ChampionScores, candidate.ChampionThreshold}
	measured, err := Binary(candidate.Scores, happened.Event, recipe.DecisionThreshold, champion, seed)
	if err != nil {
		return nil, err
	}
	ranged, err := overRange(candidate.Scores, happened.Event, recipe.DecisionRange)
	return append(measured, ranged...), err
}

func seedOf(candidate gates.Candidate) ([32]byte, error) {
	holdout, err := os.Open(candidate.Holdout)
	if err != nil {
		return [32]byte{}, err
	}
	defer holdout.Close()
	digest, err := evidence.SumReader(holdout)
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256([]byte("performance\n" + string(candidate.Artifact.Digest) + "\n" + string(digest))), nil
}
