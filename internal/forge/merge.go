package forge

import (
	"context"
	"fmt"
)

// Merge reads, compares, merges, and reads again: an answer that got lost and a
// merge by somebody else both end as what the forge says then. The forge
// compares the head once more, so a push in between is refused there.
//
// It is a merge commit, never a squash or a rebase, so that the head that was
// judged and the signatures on it stay in the history. No forge compares the
// base: what comes to the base branch between the reading and the merge is
// merged with, which is why the merged commit is judged again before delivery.
func (h *hosted) Merge(ctx context.Context, merge Merge) (string, error) {
	ctx = urgently(ctx, merging)
	if !isCommit(merge.Head) {
		return "", fmt.Errorf("merging %s: %q is no commit", h.name(merge.Number), merge.Head)
	}
	pull, err := h.Get(ctx, merge.Number)
	if err != nil {
		return "", err
	}
	if done, err := settled(h.name(pull.Number), pull, merge); done || err != nil {
		return pull.MergeCommit, err
	}
	refusal := h.api.merge(ctx, merge)
	if pull, err = h.Get(ctx, merge.Number); err != nil {
		return "", err
	}
	done, err := settled(h.name(pull.Number), pull, merge)
	switch {
	case done || err != nil:
		return pull.MergeCommit, err
	case refusal != nil:
		return "", fmt.Errorf("merging %s: %w", h.name(merge.Number), refusal)
	}
	return "", fmt.Errorf("merging %s: %w: it is still open", h.name(merge.Number), ErrRefused)
}

// settled reports whether a pull request was merged at the head that is meant,
// and what forbids to merge it.
func settled(name string, pull PullRequest, merge Merge) (bool, error) {
	switch {
	case pull.Head != merge.Head:
		return false, fmt.Errorf("the head of %s %w: %s, not %s", name, ErrMoved, pull.Head, merge.Head)
	case pull.State == Merged:
		return true, nil
	case pull.State != Open:
		return false, fmt.Errorf("%s was %w", name, ErrClosed)
	case merge.Base != "" && pull.BaseCommit != merge.Base:
		return false, fmt.Errorf("branch %s, the base of %s, %w: %s, not %s", pull.Base, name, ErrMoved, pull.BaseCommit, merge.Base)
	}
	return false, nil
}
