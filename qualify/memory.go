package qualify

import "sync"

// memory keeps what gates have answered. What a gate has measured on the same
// inputs is not measured again: a defect in the scores leaves the data as they
// were, and the other way round.
type memory struct {
	guard sync.Mutex
	known map[string]answer
}

func (m *memory) recall(key string) (answer, bool) {
	m.guard.Lock()
	defer m.guard.Unlock()
	found, known := m.known[key]
	return found, known
}

func (m *memory) keep(key string, found answer) {
	m.guard.Lock()
	defer m.guard.Unlock()
	if m.known == nil {
		m.known = map[string]answer{}
	}
	m.known[key] = found
}
