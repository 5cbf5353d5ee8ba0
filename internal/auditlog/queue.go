package auditlog

import (
	"context"
	"sync"
	"time"
)

const (
	maxWaiting = 4096            // records; about 4 MB
	batch      = 256             // records under one checkpoint
	retry      = 5 * time.Second // between the first attempts to open
	maxRetry   = 2 * time.Minute
)

// Queue enters records for those who can wait for no disk, and for whom it is
// better to answer without a record than not to answer. What it could not
// enter it counts, and enters the count as a Gap. A log that ends without a
// Closed record was left by a process that died: the next one enters a Gap that
// nobody could count.
type Queue struct {
	Open  func(context.Context) (*Log, error)
	Clock func() time.Time
	Tell  func(error) // of what is not entered, and why

	about string                  // the subject of gaps
	retry time.Duration           // between the first attempts to open
	told  func(Receipt, []Record) // of what was entered; for tests that kill the process

	mu      sync.Mutex
	before  *Lost // what a process before has left out, until it is entered
	waiting []Record
	lost    *Lost // since the last gap was entered
	ended   bool
	entered uint64
	dropped uint64
	wake    chan struct{}
}

// NewQueue is a queue for a log that is opened when it runs.
func NewQueue(about string, open func(context.Context) (*Log, error), tell func(error)) *Queue {
	return &Queue{Open: open, Clock: time.Now, Tell: tell, about: about, retry: retry,
		told: func(Receipt, []Record) {}, wake: make(chan struct{}, 1)}
}

// Enter takes a record and returns at once. A queue that is full, or has ended,
// drops it.
func (q *Queue) Enter(record Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.ended:
		q.lose("the log has ended", record)
	case len(q.waiting) >= maxWaiting:
		q.lose("they came faster than they could be entered", record)
	default:
		q.waiting = append(q.waiting, record)
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
}

// Counts are how many records were entered and dropped since the process
// began, and how many wait.
func (q *Queue) Counts() (entered, dropped, waiting uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.entered, q.dropped, uint64(len(q.waiting))
}

// lose counts; q.mu is held.
func (q *Queue) lose(why string, records ...Record) {
	for _, record := range records {
		if q.lost == nil {
			q.lost = &Lost{From: record.Time, To: record.Time, Why: why}
		}
		q.lost.add(Lost{Count: 1, From: record.Time, To: record.Time})
		q.dropped++
	}
}

// regain counts as lost what nobody knows to be entered, and keeps the gap that
// was to be entered with it.
func (q *Queue) regain(records []Record, gap *Lost) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lose("the log has stopped", records...)
	switch {
	case gap == nil:
	case gap.Count == 0:
		q.before = gap
	case q.lost == nil:
		q.lost = gap
	default:
		q.lost.add(*gap)
	}
}

// add widens a gap by another.
func (l *Lost) add(other Lost) {
	l.Count += other.Count
	if other.From.Before(l.From) {
		l.From = other.From
	}
	if other.To.After(l.To) {
		l.To = other.To
	}
}

// end drops what still waits, and whatever comes.
func (q *Queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.lose("the log has ended", q.waiting...)
	q.waiting = nil
}
