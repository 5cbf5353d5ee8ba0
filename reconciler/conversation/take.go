package conversation

import (
	"context"
	"errors"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// take carries out one step and adds to what is known. Its errors are those
// after which nobody knows more.
func (c *Conversation) take(ctx context.Context, next step, known seen) (seen, error) {
	var err error
	switch pull := known.pull; next {
	case announce:
		known.announced, err = true, c.forge.Announce(ctx, pull.Head, pending)
	case ask:
		known.consent, err = c.consent(ctx, pull)
	case weigh:
		return c.weigh(ctx, known)
	case check:
		return c.check(ctx, known)
	case allow:
		known.permit, err = c.allow(ctx, known)
	case merge:
		return c.merge(ctx, known)
	}
	return known, err
}

// weigh finds out what is there to judge, and whether its verdict is known.
func (c *Conversation) weigh(ctx context.Context, known seen) (seen, error) {
	content, err := c.checker.Content(ctx, known.pull.BaseCommit, known.pull.Head)
	if err != nil {
		known.failure = err
		return known, ctx.Err()
	}
	known.content = &content
	if judged, found := c.verdicts.Find(content.Key, c.options.Clock()); found {
		known.judged, known.reused = &judged, true
	}
	return known, nil
}

func (c *Conversation) check(ctx context.Context, known seen) (seen, error) {
	if err := c.forge.Suspend(ctx, known.pull.Head, all(pending)); err != nil {
		return known, err
	}
	began := c.options.Clock()
	told, err := c.checker.Check(ctx, known.pull.BaseCommit, known.pull.Head)
	if err != nil || ctx.Err() != nil {
		known.failure = err
		return known, ctx.Err()
	}
	judged := Judged{Report: told, Until: lifetime(began, told.Turns)}
	known.judged = &judged
	if !judged.final() {
		return known, nil
	}
	return known, c.verdicts.Keep(known.content.Key, judged)
}

func (c *Conversation) allow(ctx context.Context, known seen) (*permit, error) {
	reviews, err := c.forge.Reviews(ctx, known.pull.Number)
	if err != nil {
		return nil, err
	}
	merge, waits, err := c.options.Merge(ctx, known.pull, reviews, known.judged.Report)
	return &permit{merge && err == nil, waits}, err
}

// merge names the head and the base that were judged. A refusal is no error: a
// push came in between, or the forge wants something that we do not know of.
func (c *Conversation) merge(ctx context.Context, known seen) (seen, error) {
	commit, err := c.forge.Merge(ctx, forge.Merge{
		Number: known.pull.Number, Head: known.pull.Head, Base: known.pull.BaseCommit, Message: message(known.pull),
	})
	if errors.Is(err, forge.ErrMoved) || errors.Is(err, forge.ErrRefused) || errors.Is(err, forge.ErrClosed) {
		known.refused = err
		return known, nil
	}
	known.merged = commit
	return known, err
}
