package forge

import (
	"sync"
	"time"
)

// memory tells whether something came before: for a while, and only so much.
type memory struct {
	limit  int
	window time.Duration

	mu    sync.Mutex
	until map[string]time.Time
	order []string // oldest first
}

// first reports whether none of the keys came within the window, and
// remembers them all.
func (m *memory) first(now time.Time, keys ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.until == nil {
		m.until = map[string]time.Time{}
	}
	m.forget(now)
	fresh := true
	for _, key := range keys {
		if _, is := m.until[key]; is {
			fresh = false
			continue
		}
		m.until[key] = now.Add(m.window)
		m.order = append(m.order, key)
	}
	return fresh
}

func (m *memory) forget(now time.Time) {
	for len(m.order) > 0 && (len(m.order) > m.limit || !m.until[m.order[0]].After(now)) {
		delete(m.until, m.order[0])
		m.order = m.order[1:]
	}
}
