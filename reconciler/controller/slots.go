package controller

import (
	"context"

	"go.opentelemetry.io/otel/attribute"

	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

// Slots bound the heavy work of a process: what trains and measures. A pull
// request may take any of them. Merged work leaves one free where there are
// several, so that somebody who waits for a check does not wait for a release.
type Slots struct{ all, merged chan struct{} }

// NewSlots makes room for so many at once, and for one at least.
func NewSlots(count int) *Slots {
	count = max(count, 1)
	return &Slots{make(chan struct{}, count), make(chan struct{}, max(count-1, 1))}
}

// try takes a slot for merged work, if there is one now.
func (s *Slots) try() (release func(), free bool) {
	select {
	case s.merged <- struct{}{}:
	default:
		return nil, false
	}
	select {
	case s.all <- struct{}{}:
		return func() { <-s.all; <-s.merged }, true
	default:
		<-s.merged
		return nil, false
	}
}

// wait takes a slot for a pull request, which has told its author already that
// it is being judged.
func (s *Slots) wait(ctx context.Context) (release func(), err error) {
	select {
	case s.all <- struct{}{}:
		return func() { <-s.all }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Checker is a checker whose checks take a slot. Its Content takes none.
func (s *Slots) Checker(of conversation.Checker) conversation.Checker { return slotted{of, s} }

type slotted struct {
	conversation.Checker
	slots *Slots
}

func (s slotted) Check(ctx context.Context, base, head string) (report.Report, error) {
	release, err := s.slots.wait(ctx)
	if err != nil {
		return report.Report{}, err
	}
	defer release()
	return spanned(ctx, "check", func(ctx context.Context) (report.Report, error) { return s.Checker.Check(ctx, base, head) },
		attribute.String("base", base), attribute.String("head", head))
}
