package assembly

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// standing proposals are those on our branches that are not merged: open are the
// ones that the forge still lists.
func (w *Workshop) standing(ctx context.Context, base string, pulls []forge.PullRequest) (open, closed []environment.Proposal, err error) {
	tip, err := w.Repository.Resolve(base)
	if err != nil {
		return nil, nil, err
	}
	for _, way := range []environment.Way{environment.Promote, environment.Rollback} {
		folder := heads + path.Join("change", base, string(way)) + "/"
		refs, err := w.Repository.Refs(folder)
		if err != nil {
			return nil, nil, err
		}
		for name, commit := range refs {
			merged, err := w.Repository.Contains(ctx, tip.Hash, commit)
			if err != nil {
				return nil, nil, err
			}
			one, fine := w.proposalOn(strings.TrimPrefix(name, folder), way, commit)
			switch {
			case merged || !fine:
			case slices.ContainsFunc(pulls, func(pull forge.PullRequest) bool { return pull.Branch == strings.TrimPrefix(name, heads) && !pull.Fork }):
				open = append(open, one)
			default:
				closed = append(closed, one)
			}
		}
	}
	return open, closed, nil
}

// proposalOn reads what a branch proposes. One that cannot be read proposes
// nothing.
func (w *Workshop) proposalOn(name string, way environment.Way, commit string) (environment.Proposal, bool) {
	in, model, named := strings.Cut(name, "/")
	if !named || strings.Contains(model, "/") {
		return environment.Proposal{}, false
	}
	tree, err := w.Repository.Tree(commit)
	if err != nil {
		return environment.Proposal{}, false
	}
	release, err := promotion.Pinned(tree, promotion.Pair{Environment: in, Model: model})
	return environment.Proposal{Way: way, Environment: in, Model: model, Release: release}, err == nil && release != ""
}

// Advance opens the pull requests that a plan asks for, and answers with them.
// One that is open already is left alone, with what people said on it. It goes on
// after an error: one model must not hold up another.
func (w *Workshop) Advance(ctx context.Context, base string, at forge.Forge) ([]environment.Standing, error) {
	world, open, err := w.survey(ctx, base, at)
	if err != nil {
		return nil, err
	}
	look := environment.Look(world)
	var failed []error
	for _, standing := range look {
		if standing.Proposal == nil || slices.ContainsFunc(open, standing.Proposal.Same) {
			continue
		}
		failed = append(failed, w.open(ctx, base, at, *standing.Proposal))
	}
	return look, errors.Join(failed...)
}

// Survey is the world as it is now, with what people closed at the forge.
func (w *Workshop) Survey(ctx context.Context, base string, at forge.Forge) (environment.World, error) {
	world, _, err := w.survey(ctx, base, at)
	return world, err
}

// survey is the world with what the forge tells of our proposals.
func (w *Workshop) survey(ctx context.Context, base string, at forge.Forge) (world environment.World, open []environment.Proposal, err error) {
	if err := w.Repository.Fetch(ctx); err != nil {
		return world, nil, err
	}
	pulls, err := at.Open(ctx)
	if err != nil {
		return world, nil, err
	}
	if world, err = w.World(ctx, base); err != nil {
		return world, nil, err
	}
	open, world.Closed, err = w.standing(ctx, base, pulls)
	return world, open, err
}

func (w *Workshop) open(ctx context.Context, base string, at forge.Forge, proposal environment.Proposal) error {
	made, err := w.Propose(ctx, base, proposal, identity)
	if err != nil {
		return err
	}
	title, body := Describe(proposal)
	_, err = at.Propose(ctx, forge.Proposal{Branch: made.Branch, Base: base, Title: title, Body: body})
	return err
}
