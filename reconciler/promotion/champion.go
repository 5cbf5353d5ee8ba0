package promotion

import (
	"context"
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// challenge finds what serves in the environment now, and scores it on the
// candidate's holdout. It is decided on at the threshold at which it serves.
//
// A model is never compared with itself, nor is a release that was admitted
// here before compared with what replaced it: its champion is the one that its
// own evidence names. So the same promotion has the same champion before and
// after it was delivered, and a rollback is judged as it was the first time.
func challenge(ctx context.Context, tools Tools, state *State, candidate *gates.Candidate) error {
	earlier, err := tools.Deliverer.Recall(ctx, state.Request.Environment, state.Release)
	if err != nil {
		return err
	}
	champion := comparedWith(ctx, tools, earlier)
	if earlier.Release.Zero() {
		served, err := tools.Deliverer.Serving(ctx, state.Request.Environment, state.Request.Model)
		if err != nil {
			return err
		}
		champion = served.Release
	}
	if champion.Zero() {
		return nil
	}
	dir, _, err := tools.Ledger.entry("pull", champion.Digest, func(dir string) error {
		return tools.Packer.Pull(ctx, tools.Platform.Spec.Registry, champion, dir)
	})
	if err != nil {
		return fmt.Errorf("getting the champion: %w", err)
	}
	recipe, err := readRecipe(dir)
	if err != nil {
		return err
	}
	said, err := scored{champion, recipe, dir}.score(ctx, tools, state.Holdout, 1)
	if err != nil {
		return fmt.Errorf("scoring the champion %s: %w", champion, err)
	}
	candidate.ChampionScores, candidate.ChampionThreshold = said.Scores, recipe.Model().DecisionThreshold
	candidate.Champion, state.Champion = champion, champion
	return nil
}

// comparedWith is the champion that a served release was measured against.
func comparedWith(ctx context.Context, tools Tools, served Served) evidence.Subject {
	opened := evidence.Open(ctx, tools.Trust, served.Release, served.Envelopes)
	for _, statement := range opened.Statements {
		if statement.Measurements == nil || statement.Measurements.Gate != gates.Performance {
			continue
		}
		if digest := statement.Measurements.Input("champion"); digest != "" {
			return evidence.Subject{Name: served.Release.Name, Digest: digest}
		}
	}
	return evidence.Subject{}
}
