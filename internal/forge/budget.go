package forge

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// urgency orders who may spend the last of a budget.
type urgency int

const (
	listing urgency = iota // lists and polls can come later
	reporting
	merging
)

// reserve is the share of the burst that each leaves to the more urgent. With
// it a merge is served before any list without a queue: when the budget is
// low, one token comes back long before enough of them for a list.
var reserve = map[urgency]float64{listing: 0.3, reporting: 0.1, merging: 0}

type urgencyKey struct{}

func urgently(ctx context.Context, u urgency) context.Context {
	return context.WithValue(ctx, urgencyKey{}, u)
}

func urgencyOf(ctx context.Context) urgency {
	u, _ := ctx.Value(urgencyKey{}).(urgency)
	return u
}

// Limits are what a credential may spend.
type Limits struct {
	PerHour  int           // requests; GitHub gives 5,000 to a token
	Burst    int           // requests at once; at least 10
	Patience time.Duration // longer than this nobody waits: see [LimitedError]
}

// DefaultLimits suit a token of GitHub.
var DefaultLimits = Limits{PerHour: 5000, Burst: 500, Patience: 5 * time.Second}

// Budget is what one credential may spend on one forge: a token bucket, held
// down further by what the forge itself says. Make one for each credential.
type Budget struct {
	limits Limits
	clock  Clock

	mu       sync.Mutex
	tokens   float64
	filled   time.Time // when tokens was true
	paused   time.Time // the forge wants nothing before
	refusals int       // secondary limits in a row
	told     told
}

// NewBudget is full.
func NewBudget(limits Limits, clock Clock) *Budget {
	limits.Burst, limits.PerHour = max(limits.Burst, 10), max(limits.PerHour, 1)
	return &Budget{limits: limits, clock: clock, tokens: float64(limits.Burst), filled: clock.Now()}
}

// LimitedError says when to come back. Nothing was done.
type LimitedError struct{ Until time.Time }

func (e *LimitedError) Error() string {
	return fmt.Sprintf("the forge's limit on requests is reached until %s", e.Until.UTC().Format(time.RFC3339))
}

// Level is how much of a budget is left.
type Level struct {
	Tokens      int       // of our own bucket
	Limit       int       // as the forge told last; 0 if it never did
	Remaining   int       // the same
	Reset       time.Time // when the forge's count begins anew
	PausedUntil time.Time // zero unless the forge told us to wait
}

// Level is for metrics.
func (b *Budget) Level() Level {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	level := Level{Tokens: int(b.tokens), Limit: b.told.limit, Remaining: b.told.remaining, Reset: b.told.reset}
	if b.paused.After(b.filled) {
		level.PausedUntil = b.paused
	}
	return level
}

func (b *Budget) perSecond() float64 { return float64(b.limits.PerHour) / 3600 }

func (b *Budget) refill() {
	now := b.clock.Now()
	if since := now.Sub(b.filled); since > 0 {
		b.tokens = min(b.tokens+since.Seconds()*b.perSecond(), float64(b.limits.Burst))
		b.filled = now
	}
}

// take spends a token, waits for one, or says when there will be one.
func (b *Budget) take(ctx context.Context) error {
	deadline := b.clock.Now().Add(b.limits.Patience)
	for {
		until, ready := b.try(urgencyOf(ctx))
		if ready {
			return nil
		}
		if until.After(deadline) {
			return &LimitedError{until}
		}
		if err := b.clock.Sleep(ctx, max(until.Sub(b.clock.Now()), time.Millisecond)); err != nil {
			return err
		}
	}
}

// try takes a token if there is one for this urgency; else it says when to try again.
func (b *Budget) try(u urgency) (until time.Time, ready bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	if b.paused.After(b.filled) {
		return b.paused, false
	}
	missing := 1 + reserve[u]*float64(b.limits.Burst) - b.tokens
	if missing > 0 {
		return b.filled.Add(time.Duration(missing / b.perSecond() * float64(time.Second))), false
	}
	b.tokens--
	return time.Time{}, true
}

// refund gives back what an answer did not cost: GitHub does not count a 304.
func (b *Budget) refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+1, float64(b.limits.Burst))
}

// pause holds everybody back until an instant.
func (b *Budget) pause(until time.Time) {
	if until.After(b.paused) {
		b.paused = until
	}
}
