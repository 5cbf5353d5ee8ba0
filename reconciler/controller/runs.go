package controller

import (
	"context"
	"errors"
	"sync"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// errNews ends a run: it is about what was true before.
var errNews = errors.New("there is something newer")

// runs are what is being worked on, so that news can end it.
type runs[K comparable] struct {
	mu    sync.Mutex
	going map[K]*run
}

type run struct {
	commit    string // that it is about; empty while that is not known
	interrupt func(why error)
}

func newRuns[K comparable]() *runs[K] { return &runs[K]{going: map[K]*run{}} }

// begin gives a run the context that news ends between two phases.
func (r *runs[K]) begin(ctx context.Context, key K, commit string) (under context.Context, end func()) {
	under, interrupt := promotion.Interruptible(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.going[key] = &run{commit, interrupt}
	return under, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.going, key)
	}
}

// news tells what a key is about now. A run that is about that already goes on.
func (r *runs[K]) news(key K, commit string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one := r.going[key]; one != nil && commit != "" && commit != one.commit {
		one.interrupt(errNews)
	}
}

// memory is what is remembered by key, and may be forgotten at any time.
type memory[K comparable, V any] struct {
	mu    sync.Mutex
	known map[K]V
}

func newMemory[K comparable, V any]() *memory[K, V] { return &memory[K, V]{known: map[K]V{}} }

func (m *memory[K, V]) get(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known := m.known[key]
	return value, known
}

func (m *memory[K, V]) put(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[key] = value
}

func (m *memory[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}

// feed puts keys into the queue of a controller, once that has started. What
// comes before is forgotten: a controller begins by looking at everything.
type feed[K comparable] struct {
	mu  sync.Mutex
	add func(K)
}

func (f *feed[K]) put(key K) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.add != nil {
		f.add(key)
	}
}

func (f *feed[K]) open(add func(K)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.add = add
}
