package assembly

import (
	"context"
	"errors"
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Admissions implements promotion.Admitted: what an environment's branch has held
// is what was admitted to it. Evidence that was signed anew is the same release.
func (b *branches) Admissions(_ context.Context, environment, model string) ([]promotion.Admission, error) {
	versions, err := b.repository.Versions(branchOf(environment), releaseOf(model))
	if errors.Is(err, gitrepo.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var past []promotion.Admission
	for i, version := range versions {
		if version.Content == "" && i == len(versions)-1 {
			break // before the first one there was none
		}
		one, err := b.admission(environment, model, version)
		if err != nil {
			return nil, err
		}
		if end := len(past) - 1; end >= 0 && past[end].Release == one.Release {
			past[end] = one
			continue
		}
		past = append(past, one)
	}
	return past, nil
}

func (b *branches) admission(environment, model string, version gitrepo.Version) (promotion.Admission, error) {
	commit, err := b.repository.Resolve(version.Commit)
	if err != nil {
		return promotion.Admission{}, err
	}
	release, err := b.digest(environment, model, version)
	return promotion.Admission{Release: release, Commit: commit.Hash, Time: commit.Committer.Time}, err
}

// held is the release that the branch held at a commit; empty when it held none.
func (b *branches) held(environment, model, commit string) (evidence.Digest, error) {
	tree, err := b.repository.Tree(commit)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", branchOf(environment), err)
	}
	served, err := servedIn(tree, environment, model)
	return served.Release.Digest, err
}

// Held is the release of a model that an environment's branch held at a commit of
// it; empty when it held none. A commit that is not of the branch is not found.
func (w *Workshop) Held(ctx context.Context, environment, model, commit string) (evidence.Digest, error) {
	on, err := w.on(ctx, environment, commit)
	if err == nil && !on || errors.Is(err, gitrepo.ErrNotFound) { // newer than what was fetched last
		if err := w.Repository.Fetch(ctx, "env/*"); err != nil {
			return "", err
		}
		on, err = w.on(ctx, environment, commit)
	}
	if err != nil {
		return "", err
	}
	if !on {
		return "", fmt.Errorf("commit %.12s of %s: %w", commit, branchOf(environment), gitrepo.ErrNotFound)
	}
	return w.branches.held(environment, model, commit)
}

// on asks whether an environment's branch, as it was fetched last, has a commit.
func (w *Workshop) on(ctx context.Context, environment, commit string) (bool, error) {
	tip, err := w.Repository.Resolve(branchOf(environment))
	if err != nil {
		return false, err
	}
	return w.Repository.Contains(ctx, tip.Hash, commit)
}
