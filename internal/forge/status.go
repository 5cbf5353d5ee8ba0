package forge

import (
	"context"
	"fmt"
	"slices"
)

// replaces says whether a check is written, given whether one of its name stands
// and whether that one lets pass.
type replaces func(stands, passes bool) bool

func whatever(bool, bool) bool         { return true }
func missing(stands, _ bool) bool      { return !stands }
func passing(stands, passes bool) bool { return stands && passes }

// checker is a forge that has more than commit statuses; only GitHub's does.
type checker interface {
	// check reports the checks of a commit, or says that this credential can
	// only set commit statuses.
	check(ctx context.Context, commit string, checks []Check, over replaces) (done bool, err error)
}

// Report writes what differs.
func (h *hosted) Report(ctx context.Context, commit string, checks []Check) error {
	return h.report(ctx, commit, checks, whatever)
}

// Announce writes what is missing.
func (h *hosted) Announce(ctx context.Context, commit string, check Check) error {
	return h.report(ctx, commit, []Check{check}, missing)
}

// Suspend writes over what passes.
func (h *hosted) Suspend(ctx context.Context, commit string, checks []Check) error {
	return h.report(ctx, commit, checks, passing)
}

func (h *hosted) report(ctx context.Context, commit string, checks []Check, over replaces) error {
	ctx = urgently(ctx, reporting)
	if err := validate(commit, checks); err != nil {
		return fmt.Errorf("reporting on %s: %w", h.repository, err)
	}
	if err := h.set(ctx, commit, checks, over); err != nil {
		return fmt.Errorf("reporting on %s of %s: %w", commit, h.repository, err)
	}
	return nil
}

func (h *hosted) set(ctx context.Context, commit string, checks []Check, over replaces) error {
	if rich, is := h.api.(checker); is {
		if done, err := rich.check(ctx, commit, checks, over); done || err != nil {
			return err
		}
	}
	there, err := h.api.statuses(ctx, commit)
	if err != nil {
		return err
	}
	for _, check := range checks {
		want := h.api.words().of(check)
		at := slices.IndexFunc(there, func(s standing) bool { return s.name == want.name })
		passes := at >= 0 && there[at].state == h.api.words()[Passed]
		if at >= 0 && there[at] == want || !over(at >= 0, passes) {
			continue
		}
		if err := h.setOne(ctx, commit, want); err != nil {
			return err
		}
	}
	return nil
}

// setOne looks again after an error. GitLab refuses the transition from a state to
// itself, by which a second writer learns that the first was faster; nor does
// it give a running check another title, so where the state stands it is done.
func (h *hosted) setOne(ctx context.Context, commit string, want standing) error {
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
