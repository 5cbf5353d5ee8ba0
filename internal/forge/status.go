package forge

import (
	"context"
	"fmt"
	"slices"
)

// checker is a forge that has more than commit statuses; only GitHub's does.
type checker interface {
	// check reports the checks of a commit, or says that this credential
	// can only set commit statuses.
	check(ctx context.Context, commit string, checks []Check) (done bool, err error)
}

// Report writes what differs.
func (h *hosted) Report(ctx context.Context, commit string, checks []Check) error {
	ctx = urgently(ctx, reporting)
	if err := validate(commit, checks); err != nil {
		return fmt.Errorf("reporting on %s: %w", h.repository, err)
	}
	if err := h.report(ctx, commit, checks); err != nil {
		return fmt.Errorf("reporting on %s of %s: %w", commit, h.repository, err)
	}
	return nil
}

func (h *hosted) report(ctx context.Context, commit string, checks []Check) error {
	if rich, is := h.api.(checker); is {
		if done, err := rich.check(ctx, commit, checks); done || err != nil {
			return err
		}
	}
	there, err := h.api.statuses(ctx, commit)
	if err != nil {
		return err
	}
	for _, check := range checks {
		want := h.api.words().of(check)
		if slices.Contains(there, want) {
			continue
		}
		if err := h.set(ctx, commit, want); err != nil {
			return err
		}
	}
	return nil
}

// set looks again after an error. GitLab refuses the transition from a state to
// itself, by which a second writer learns that the first was faster; nor does
// it give a running check another title, so where the state stands it is done.
func (h *hosted) set(ctx context.Context, commit string, want standing) error {
	err := h.api.setStatus(ctx, commit, want)
	if err == nil {
		return nil
	}
	there, again := h.api.statuses(ctx, commit)
	stands := slices.ContainsFunc(there, func(s standing) bool { return s.name == want.name && s.state == want.state })
	if again == nil && stands {
		return nil
	}
	return fmt.Errorf("setting %s: %w", want.name, err)
}
