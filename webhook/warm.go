package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"
)

// warmth asks the judge about the models in use before what he said last has
// ended, so that no review waits for a hundred rules. A door that starts asks
// about them before it says that it is ready: else the first minute after a
// restart would be one of questions that come all at once.
type warmth struct {
	door     Door
	settings func() Configuration
	clock    func() time.Time
	begun    time.Time
	warm     atomic.Bool
}

const (
	wantedFor    = 10 * time.Minute
	renewAfter   = memoLife / 2
	warmInterval = time.Second
	// warmTime is how long a door that starts waits to be warm, at most: cold
	// is slow, and not wrong.
	warmTime = 5 * time.Second
)

// Start goes on until the context ends.
func (w *warmth) Start(ctx context.Context) {
	ticker := time.NewTicker(warmInterval)
	defer ticker.Stop()
	for {
		w.pass(ctx)
		w.warm.Store(true)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// pass asks about one model after the other; once the door is open, for at most
// half of the time.
func (w *warmth) pass(ctx context.Context) {
	court, settings := sitting(w.door.Court), w.settings()
	for _, one := range w.door.Memory.wanted(w.clock()) {
		profile, known := settings.Profiles[one.place.environment]
		if ctx.Err() != nil || !known {
			continue
		}
		began := time.Now()
		if err := one.renew(ctx, court, profile, w.clock()); err != nil {
			log.FromContext(ctx).Error(err, "judging a model before it is asked for", "subject", one.subject.String())
		}
		if w.warm.Load() {
			pause(ctx, time.Since(began))
		}
	}
}

func pause(ctx context.Context, length time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}

// isWarm is ready when what is in use has been judged, or has been waited for.
func (w *warmth) isWarm(*http.Request) error {
	if w.warm.Load() || w.clock().Sub(w.begun) >= warmTime {
		return nil
	}
	return errors.New("the models in use are still being judged")
}

// usedFile is where a Store keeps which models were in use.
const usedFile = "used.json"

// wanted lists the releases that somebody has asked for lately, in the order of
// their names.
func (m *Memory) wanted(now time.Time) []*release {
	lately := slices.DeleteFunc(m.all(), func(one *release) bool {
		return time.Duration(now.UnixNano()-one.wanted.Load()) >= wantedFor
	})
	slices.SortFunc(lately, func(a, b *release) int { return strings.Compare(a.name, b.name) })
	return lately
}

// usedText is what the store keeps: names, in their order.
func (m *Memory) usedText(now time.Time) ([]byte, error) {
	names := []string{}
	for _, one := range m.wanted(now) {
		names = append(names, one.name)
	}
	return json.Marshal(names)
}

// want notes that releases were in use.
func (m *Memory) want(names []string, now time.Time) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	for _, name := range names {
		if one := m.releases[name]; one != nil {
			one.wanted.Store(now.UnixNano())
		}
	}
}
