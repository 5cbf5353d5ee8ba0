package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// entry is one release in the calendar.
type entry struct {
	filed webhook.Filed
	users int // workloads that run it

	basis          // by which it was judged; the zero basis when it was not
	outlook        // what was found
	problem string // why nothing is known
	ahead   time.Duration
	look    time.Time // when to look again
	turned  time.Time // when time alone last changed what is said of it
}

// file makes the calendar as the memory is: what has arrived has not been judged.
func (a *Auditor) file() (changed bool) {
	filed := a.door.Memory.Filed()
	for _, one := range filed {
		if a.releases[one] == nil {
			a.releases[one], changed = &entry{filed: one}, true
		}
	}
	if len(filed) == len(a.releases) {
		return changed
	}
	current := make(map[webhook.Filed]bool, len(filed))
	for _, one := range filed {
		current[one] = true
	}
	for one := range a.releases {
		if !current[one] {
			delete(a.releases, one)
		}
	}
	return true
}

// slice is how long a pass may judge releases: what comes in meanwhile waits. Half
// of that time another may have the processor.
const slice = time.Second

// foresee judges each release of which something has changed, as far as the slice
// lasts: what runs first, and the newest before the others. It says whether it has
// judged any.
func (a *Auditor) foresee(ctx context.Context, now time.Time) bool {
	waiting := a.waiting(now)
	began := time.Now()
	for i, one := range waiting {
		if ctx.Err() != nil || time.Since(began) > slice {
			a.wake()
			a.metrics.waiting(len(waiting) - i)
			return true
		}
		started := time.Now()
		a.enter(ctx, one, now)
		pause(ctx, time.Since(started))
	}
	a.metrics.waiting(0)
	return len(waiting) > 0
}

func pause(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

func (a *Auditor) waiting(now time.Time) []*entry {
	var waiting []*entry
	for _, one := range a.releases {
		if one.basis != a.basis(one.filed.Spec().Environment) || !now.Before(one.look) || one.users > 0 && one.ahead < season {
			waiting = append(waiting, one)
		}
	}
	slices.SortFunc(waiting, func(x, y *entry) int {
		return cmp.Or(cmp.Compare(min(y.users, 1), min(x.users, 1)),
			a.board.created(y.filed.Name()).Compare(a.board.created(x.filed.Name())), cmp.Compare(x.filed.Name(), y.filed.Name()))
	})
	return waiting
}

// enter writes a release into the calendar.
func (a *Auditor) enter(ctx context.Context, one *entry, now time.Time) {
	spec := one.filed.Spec()
	before, known := one.outlook, one.basis == a.basis(spec.Environment) && one.problem == ""
	one.basis, one.problem = a.basis(spec.Environment), ""
	one.look, one.ahead = now.Add(lookAgain), twoDays
	if one.users > 0 {
		one.ahead = season
	}
	if one.profile == "" {
		one.outlook, one.problem = outlook{}, fmt.Sprintf("this cluster has no environment %.80q", spec.Environment)
		return
	}
	found, err := foresee(ctx, func(ctx context.Context, at time.Time) (gates.Verdict, error) {
		return a.door.Foresee(ctx, one.filed, one.profile, at)
	}, now, a.door.Memory.TrustChanges(now, now.Add(one.ahead), maxChanges), one.ahead)
	if err != nil {
		one.outlook, one.problem, one.look = outlook{}, err.Error(), now.Add(retry)
		return
	}
	one.outlook = found
	if !found.until.IsZero() && found.until.Before(one.look) {
		one.look = found.until
	}
	if known && before.allowed != found.allowed {
		one.turned = now
	}
}

// maxChanges bounds the instants of one look ahead at which keys change.
const maxChanges = 16

// admissible says whether the door would let the release in now.
func (e *entry) admissible() bool {
	return e.basis != basis{} && e.problem == "" && e.allowed
}
