package auditlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Run enters what comes until the context ends, and then what still waits. A log
// that stops, because its disk is full, is tried again until it goes on.
func (q *Queue) Run(ctx context.Context) error {
	defer q.end()
	log, err := q.open(ctx, q.Open)
	if err != nil {
		return err
	}
	q.regain(nil, q.inherited(log))
	for pause := q.retry; ; pause = min(2*pause, maxRetry) {
		before, _, _ := q.Counts()
		err := q.work(ctx, log)
		if err == nil || ctx.Err() != nil {
			return err
		}
		q.Tell(err)
		if entered, _, _ := q.Counts(); entered > before {
			pause = q.retry
		}
		wait(ctx, pause)
		if log, err = q.open(ctx, log.again); err != nil {
			return err
		}
	}
}

// work enters until the context ends, or the log stops.
func (q *Queue) work(ctx context.Context, log *Log) error {
	last := context.WithoutCancel(ctx)
	for over := false; !over; {
		over = ctx.Err() != nil // what was entered before that is taken now
		if err := q.empty(last, log); err != nil {
			return err
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
		}
	}
	return q.close(last, log)
}

// empty enters all that waits.
func (q *Queue) empty(ctx context.Context, log *Log) error {
	for {
		records, gap := q.take()
		if len(records) == 0 && gap == nil {
			return nil
		}
		if err := q.enter(ctx, log, records, gap); err != nil {
			q.regain(records, gap)
			return err
		}
	}
}

// open tries until there is a log: the process before may still hold it, or the
// disk be full. All of the log is read each time, so it tries less and less often.
func (q *Queue) open(ctx context.Context, open func(context.Context) (*Log, error)) (*Log, error) {
	for pause := q.retry; ; pause = min(2*pause, maxRetry) {
		log, err := open(context.WithoutCancel(ctx)) // who is asked to end at once still enters what waits
		if err == nil {
			return log, nil
		}
		q.Tell(err)
		if !wait(ctx, pause) {
			return nil, fmt.Errorf("the audit log could not be opened: %w", err)
		}
	}
}

func wait(ctx context.Context, pause time.Duration) (waited bool) {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

// inherited is what a process that died has left out.
func (q *Queue) inherited(log *Log) *Lost {
	if log.newest.Kind == "" || log.newest.Kind == Closed {
		return nil
	}
	return &Lost{From: log.newest.Time, To: q.Clock(), Why: "the process before ended without closing the log"}
}

// take is what may be entered at once, and what was lost since the last time.
func (q *Queue) take() ([]Record, *Lost) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if gap := q.before; gap != nil {
		q.before = nil
		return nil, gap
	}
	var records []Record
	for taken := 0; taken < batch && len(q.waiting) > 0; taken++ {
		record := q.waiting[0]
		q.waiting = q.waiting[1:]
		if _, err := record.Encode(); err != nil {
			q.lose("they could not be written as records", record)
			continue
		}
		records = append(records, record)
	}
	gap := q.lost
	q.lost = nil
	return records, gap
}

// enter appends under one checkpoint.
func (q *Queue) enter(ctx context.Context, log *Log, records []Record, gap *Lost) error {
	all := records
	if gap != nil {
		all = append(all, Record{Kind: Gap, Time: q.Clock(), Subject: q.subject(), Gap: gap})
		q.Tell(fmt.Errorf("%d decisions are not in the audit log: %s", gap.Count, gap.Why))
	}
	given, err := log.appendAll(ctx, all)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.entered += uint64(len(records))
	q.told(given, records)
	return nil
}

// close says in the log itself that nothing was left out.
func (q *Queue) close(ctx context.Context, log *Log) error {
	_, err := log.appendAll(ctx, []Record{{Kind: Closed, Time: q.Clock(), Subject: q.subject()}})
	return errors.Join(err, log.Close())
}

func (q *Queue) subject() evidence.Subject { return evidence.Subject{Name: q.about} }
