package auditlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Run enters what comes until the context ends, and then what still waits. It
// returns early when the log has stopped: what comes then is dropped.
func (q *Queue) Run(ctx context.Context) error {
	defer q.end()
	log, err := q.open(ctx)
	if err != nil {
		return err
	}
	last := context.WithoutCancel(ctx)
	if gap := q.inherited(log); gap != nil {
		if err := q.enter(last, log, nil, gap); err != nil {
			return err
		}
	}
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
			return err
		}
	}
}

// open tries until there is a log: the process before may still hold it.
func (q *Queue) open(ctx context.Context) (*Log, error) {
	for {
		log, err := q.Open(context.WithoutCancel(ctx)) // who is asked to end at once still enters what waits
		if err == nil {
			return log, nil
		}
		q.Tell(err)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the audit log could not be opened: %w", err)
		case <-time.After(q.retry):
		}
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

// enter appends, and counts as dropped what nobody knows to be entered.
func (q *Queue) enter(ctx context.Context, log *Log, records []Record, gap *Lost) error {
	all := records
	if gap != nil {
		all = append(all, Record{Kind: Gap, Time: q.Clock(), Subject: q.subject(), Gap: gap})
		q.Tell(fmt.Errorf("%d decisions are not in the audit log: %s", gap.Count, gap.Why))
	}
	given, err := log.appendAll(ctx, all)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil {
		q.lose("the log has stopped", records...)
		return err
	}
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
