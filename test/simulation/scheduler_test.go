package simulation

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing/synctest"
)

// scheduler lets one effect happen at a time. Whoever works in the bubble comes
// to a stop before each effect on the outside; when all have stopped, one is
// chosen by the seed, and does its effect alone. So the seed is the whole truth,
// although the code under test starts goroutines of its own.
type scheduler struct {
	chance *rand.Rand
	trace  *trace

	mu      sync.Mutex // goroutines come to a stop at the same time
	waiting []*stop
}

// stop is a goroutine before an effect.
type stop struct {
	process *process
	effect  string
	reads   bool
	number  int // of those that this process made
	fate    chan fate
}

// fate is how an effect goes.
type fate int

const (
	fine        fate = iota
	refused          // it did not happen, and the caller is told
	lost             // it happened, and the caller is told that it did not
	crashBefore      // the process ends; it did not happen
	crashAfter       // the process ends; it happened
	dead             // the process has ended meanwhile
)

func (f fate) String() string {
	return [...]string{"", " REFUSED", " ANSWER LOST", " CRASH BEFORE", " CRASH AFTER", " DEAD"}[f]
}

// process is one life of the reconciler. What it knows ends with it.
type process struct {
	number    int
	scheduler *scheduler
	context   context.Context
	cancel    context.CancelFunc // at its end
	ended     bool
	stops     int
	pace      int // how readily it is let go on: the slow are overtaken
}

func newProcess(number int, under *scheduler) *process {
	ctx, cancel := context.WithCancel(context.Background())
	pace := pick(under.chance, []choice[int]{{3, 20}, {1, 3}})
	return &process{number: number, scheduler: under, context: ctx, cancel: cancel, pace: pace}
}

func (p *process) name() string { return fmt.Sprintf("process %d", p.number) }

// effect does something on the outside, or is refused, or is the last that this
// process does. What is done must not come back here.
func (p *process) effect(name string, reads bool, do func() error) error {
	switch decided := p.stop(name, reads); decided {
	case refused:
		return fmt.Errorf("%s: %w", name, errFault)
	case lost:
		_ = do() // whatever came of it: nobody hears
		return fmt.Errorf("%s: %w", name, errFault)
	case crashBefore, dead:
		return errEnded
	case crashAfter:
		_ = do()
		return errEnded
	}
	return do()
}

// stop waits for the scheduler's word. A process that has ended does nothing any
// more: its goroutines run on into errors, which is how they can be got rid of,
// and whatever they try on the outside does not happen.
func (p *process) stop(name string, reads bool) fate {
	s := p.scheduler
	s.mu.Lock()
	if p.ended {
		s.mu.Unlock()
		return dead
	}
	p.stops++
	here := &stop{process: p, effect: name, reads: reads, number: p.stops, fate: make(chan fate)}
	s.waiting = append(s.waiting, here)
	s.mu.Unlock()
	return <-here.fate
}

// quiet waits until everybody has stopped, and lists where, in an order that
// does not depend on who was faster.
func (s *scheduler) quiet() []*stop {
	synctest.Wait()
	slices.SortFunc(s.waiting, func(a, b *stop) int {
		return cmp.Or(cmp.Compare(a.process.number, b.process.number), cmp.Compare(a.effect, b.effect), cmp.Compare(a.number, b.number))
	})
	return s.waiting
}

// let gives one of those that wait its fate, and waits for what comes of it.
func (s *scheduler) let(here *stop, decided fate) {
	s.trace.add("%s: %s%s", here.process.name(), here.effect, decided)
	crash := decided == crashBefore || decided == crashAfter
	if crash {
		here.process.ended = true
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(other *stop) bool { return other == here })
	here.fate <- decided
	synctest.Wait()
	if crash {
		s.end(here.process)
	}
}

// end is the death of a process, wherever it is.
func (s *scheduler) end(ended *process) {
	ended.ended = true
	ended.cancel()
	for _, other := range slices.Clone(s.waiting) {
		if other.process == ended {
			s.waiting = slices.DeleteFunc(s.waiting, func(one *stop) bool { return one == other })
			other.fate <- dead
		}
	}
	synctest.Wait()
}

// pick chooses by weight.
func pick[T any](chance *rand.Rand, choices []choice[T]) T {
	total := 0
	for _, one := range choices {
		total += one.weight
	}
	at := chance.IntN(total)
	for _, one := range choices {
		if at -= one.weight; at < 0 {
			return one.value
		}
	}
	panic("unreachable: weights add up")
}

type choice[T any] struct {
	weight int
	value  T
}
