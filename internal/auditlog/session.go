package auditlog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/api/layout"
)

const (
	patience = 30 * time.Second       // for a checkpoint to be published
	interval = 100 * time.Millisecond // between two checkpoints; the least that tessera allows
	glance   = 5 * time.Millisecond
)

// session is tessera at work: it runs while there is something to append, so
// that nothing writes while nobody waits.
type session struct {
	log      *Log
	guard    *guard
	appender *tessera.Appender
}

// work runs a session. The context of a caller who goes away does not end it:
// an entry that is half written is written.
func (l *Log) work(ctx context.Context, do func(context.Context, session) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	guard := &guard{Signer: l.signer, roots: map[uint64][]byte{}}
	defer guard.dismiss()
	if err := guard.allow(l.tree); err != nil {
		return err
	}
	appender, _, _, err := tessera.NewAppender(ctx, l.driver, tessera.NewAppendOptions().
		WithCheckpointSigner(guard).WithCheckpointInterval(interval).WithCheckpointRepublishInterval(0).
		WithBatching(layout.EntryBundleWidth, time.Millisecond).WithGarbageCollectionInterval(0))
	if err != nil {
		return err
	}
	return do(ctx, session{l, guard, appender})
}

// add appends entries in their order, and lets the tree grow by them.
func (s session) add(ctx context.Context, grown tree, texts [][]byte) error {
	var futures []tessera.IndexFuture
	first := grown.End()
	for _, text := range texts {
		if err := grown.add(text, nil); err != nil {
			return err
		}
		if err := s.guard.allow(grown); err != nil {
			return err
		}
	}
	for _, text := range texts {
		futures = append(futures, s.appender.Add(ctx, tessera.NewEntry(text)))
	}
	s.log.writing.Add(1)
	written := make(chan error, 1)
	go func() {
		defer s.log.writing.Add(-1)
		written <- inOrder(first, futures)
	}()
	select {
	case err := <-written:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%d entries were not written: %w", len(texts), ctx.Err())
	}
}

// inOrder waits for all, also when the first has failed: the others may be written
// nevertheless.
func inOrder(first uint64, futures []tessera.IndexFuture) error {
	var failed error
	for i, future := range futures {
		given, err := future()
		if err == nil && given.Index != first+uint64(i) {
			err = broken("entry %d was written as %d", first+uint64(i), given.Index)
		}
		if failed == nil {
			failed = err
		}
	}
	return failed
}

// published waits for the checkpoint of a tree to lie on the disk, and to stay
// there when the power fails.
func (s session) published(ctx context.Context, grown tree) (Checkpoint, error) {
	root, err := grown.root()
	if err != nil {
		return Checkpoint{}, err
	}
	for {
		if err := s.guard.refused(); err != nil {
			return Checkpoint{}, err
		}
		text, err := s.log.folder.read(layout.CheckpointPath, maxCheckpoint)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Checkpoint{}, err
		}
		if err == nil {
			now, err := openCheckpoint(text, s.log.verifier)
			if err != nil {
				return Checkpoint{}, err
			}
			if now.Size == grown.End() && now.is(root) {
				return now, flush(string(s.log.folder))
			}
		}
		select {
		case <-ctx.Done():
			return Checkpoint{}, fmt.Errorf("no checkpoint of %d entries was published: %w", grown.End(), ctx.Err())
		case <-time.After(glance):
		}
	}
}

// flush makes the names in a directory outlive a power failure.
func flush(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
