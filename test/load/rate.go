package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Ask puts one question, the nth, and says why the answer was not the right one.
type Ask func(ctx context.Context, n int) error

// Rate is how often questions arrive.
type Rate struct {
	PerSecond int
	For       time.Duration
	Waiting   int // how many may wait for an answer at once; more would be late, and are counted as such
}

// defaultWaiting is beyond what a door of two processors holds for a second.
const defaultWaiting = 512

// Run asks at the rate until its time is over, or the context ends. A question
// whose turn comes while everybody waits is asked as soon as somebody is free,
// and its time runs from when it was due.
func (r Rate) Run(ctx context.Context, ask Ask) *Tally {
	every := time.Second / time.Duration(r.PerSecond)
	questions := int64(r.For / every)
	start := time.Now()
	return together(r.waiting(), func(next *atomic.Int64, tally *Tally) {
		for ctx.Err() == nil {
			n := next.Add(1) - 1
			if n >= questions {
				return
			}
			due := start.Add(time.Duration(n) * every)
			if !sleep(ctx, time.Until(due)) {
				return
			}
			err := ask(ctx, int(n))
			tally.add(time.Since(due), err)
		}
	})
}

func (r Rate) waiting() int {
	if r.Waiting > 0 {
		return r.Waiting
	}
	return defaultWaiting
}

// Flood asks without a pause, from so many at once, for a while: what a door can
// do at most.
func Flood(ctx context.Context, at int, during time.Duration, ask Ask) *Tally {
	ctx, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	return together(at, func(next *atomic.Int64, tally *Tally) {
		for ctx.Err() == nil {
			start := time.Now()
			err := ask(ctx, int(next.Add(1)-1))
			if ctx.Err() != nil {
				return // cut short by the end, which is nobody's fault
			}
			tally.add(time.Since(start), err)
		}
	})
}

// together lets so many work, and adds up what each has counted.
func together(workers int, work func(next *atomic.Int64, tally *Tally)) *Tally {
	var next atomic.Int64
	var done sync.WaitGroup
	start, tallies := time.Now(), make([]*Tally, workers)
	for i := range tallies {
		tallies[i] = newTally()
		done.Go(func() { work(&next, tallies[i]) })
	}
	done.Wait()
	whole := newTally()
	for _, one := range tallies {
		whole.merge(one)
	}
	whole.Took = time.Since(start)
	return whole
}

func sleep(ctx context.Context, while time.Duration) bool {
	if while <= 0 {
		return true
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(while):
		return true
	}
}
