package forge

import (
	"context"
	"errors"
	"fmt"
)

// Remarks leaves out what we have written ourselves: nothing of a pull request
// that we repeat there may pass for somebody's word.
func (h *hosted) Remarks(ctx context.Context, number int64) ([]Remark, error) {
	ctx = urgently(ctx, reporting)
	login, err := h.self(ctx)
	if err != nil {
		return nil, err
	}
	notes, err := h.api.notes(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("reading the comments of %s: %w", h.name(number), err)
	}
	sortBy(notes, func(n note) int64 { return n.id })
	var remarks []Remark
	for _, written := range notes {
		if written.author != login {
			remarks = append(remarks, Remark{written.author, unix(written.body)})
		}
	}
	return remarks, nil
}

// MayWrite asks anew each time: people leave. A login that nobody has may not.
func (h *hosted) MayWrite(ctx context.Context, login string) (bool, error) {
	may, err := h.api.mayWrite(urgently(ctx, reporting), login)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking whether %.60q may write to %s: %w", login, h.repository, err)
	}
	return may, nil
}
