package auditlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/transparency-dev/tessera"
	"golang.org/x/mod/sumdb/note"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Log is a directory that this process appends to.
type Log struct {
	folder   folder
	driver   tessera.Driver // one for all sessions: what one of them still writes, the next waits for
	signer   note.Signer
	verifier note.Verifier
	lock     *os.File
	writing  *atomic.Int64   // sessions whose entries may still reach the disk
	life     context.Context // ends when nothing is appended any more, for a cause
	stop     context.CancelCauseFunc

	mu     sync.Mutex
	tree   tree
	last   map[place]receipt // of each place
	newest Record            // zero while there is none
}

type receipt struct {
	Receipt
	digest evidence.Digest
}

// Receipt says where a record stands, and which checkpoint proves it.
type Receipt struct {
	Index      uint64
	Checkpoint Checkpoint
}

// Append adds a record. When it returns without an error, the record is on the
// disk and a signed checkpoint covers it. After an error nobody knows whether
// it is there, so the log stops: the process that opens it next looks.
func (l *Log) Append(ctx context.Context, record Record) (Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.append(ctx, record)
}

// AppendChange adds a record unless it says the same as the last one about the
// same model in the same environment, apart from the time. It answers with the
// receipt of whichever stands in the log.
func (l *Log) AppendChange(ctx context.Context, record Record) (receipt Receipt, added bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	digest, err := record.Digest()
	if err != nil {
		return Receipt{}, false, err
	}
	if last, known := l.last[record.place()]; known && last.digest == digest && l.Stopped() == nil {
		return last.Receipt, false, nil
	}
	receipt, err = l.append(ctx, record)
	return receipt, err == nil, err
}

func (l *Log) append(ctx context.Context, records ...Record) (Receipt, error) {
	var texts [][]byte
	for _, record := range records {
		text, err := record.Encode()
		if err != nil {
			return Receipt{}, err
		}
		texts = append(texts, text)
	}
	if err := errors.Join(l.Stopped(), ctx.Err(), l.present()); err != nil {
		return Receipt{}, fmt.Errorf("appending to the audit log: %w", err)
	}
	given, err := l.extend(ctx, texts)
	if err != nil {
		l.stop(fmt.Errorf("the audit log has stopped: %w\nhint: see to its disk, and start the process again", err))
		return Receipt{}, fmt.Errorf("appending to the audit log: %w", l.Stopped())
	}
	for i, record := range records {
		if err := l.remember(record, Receipt{given.Index + uint64(i), given.Checkpoint}); err != nil {
			return Receipt{}, err
		}
	}
	return given, nil
}

func (l *Log) remember(record Record, given Receipt) error {
	l.newest = record
	if !record.recurs() {
		return nil
	}
	digest, err := record.Digest()
	l.last[record.place()] = receipt{given, digest}
	return err
}

// appendAll adds records in their order, all under one checkpoint. It answers
// with the place of the first.
func (l *Log) appendAll(ctx context.Context, records []Record) (Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.append(ctx, records...)
}

// extend answers with the place of the first entry.
func (l *Log) extend(ctx context.Context, texts [][]byte) (Receipt, error) {
	grown, err := l.tree.clone()
	if err != nil {
		return Receipt{}, err
	}
	given := Receipt{Index: grown.End()}
	err = l.work(ctx, func(ctx context.Context, session session) (err error) {
		if err := session.add(ctx, grown, texts); err != nil {
			return err
		}
		given.Checkpoint, err = session.published(ctx, grown)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	l.tree = grown
	return given, l.tidy()
}

// Stopped says why nothing is appended any more; nil while the log works.
func (l *Log) Stopped() error { return context.Cause(l.life) }

// Close gives the directory free, unless the log has stopped: what was begun
// there may still be written until the process ends.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.Stopped(); err != nil {
		return err
	}
	l.stop(errors.New("the audit log is closed"))
	return l.lock.Close()
}
