package promotion

import (
	"context"
	"sync/atomic"
)

type interruptKey struct{}

// Interruptible is a context under which runs can be ended between two phases.
// What is begun is finished, unlike by cancelling: a training that is nearly
// done is worth keeping in the ledger, also when nobody wants to deliver it now.
func Interruptible(ctx context.Context) (interruptible context.Context, interrupt func(why error)) {
	var reason atomic.Pointer[error]
	return context.WithValue(ctx, interruptKey{}, &reason), func(why error) { reason.CompareAndSwap(nil, &why) }
}

// Interrupted says why no other phase may begin; nil while it may.
func Interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if reason, ok := ctx.Value(interruptKey{}).(*atomic.Pointer[error]); ok {
		if why := reason.Load(); why != nil {
			return *why
		}
	}
	return nil
}
