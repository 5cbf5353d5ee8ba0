package auditlog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"

	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/storage/posix"
)

// Open goes on with the log in a directory, or begins one in a directory that
// holds none. It verifies all of it first. The key is an Ed25519 private key
// (PKCS #8 in PEM); one key signs one log.
func Open(ctx context.Context, dir string, privatePEM []byte) (*Log, error) {
	return OpenNamed(ctx, dir, "", privatePEM)
}

// OpenNamed is Open for one of several logs that share a key: the name, which
// must be another one for each, is part of what every checkpoint says.
func OpenNamed(ctx context.Context, dir, name string, privatePEM []byte) (*Log, error) {
	signer, verifier, err := signerOf(privatePEM, name)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("opening the audit log: %w", err)
	}
	taken, err := lock(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the audit log: %w", err)
	}
	driver, err := posix.New(ctx, posix.Config{Path: dir})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the audit log: %w", err), taken.Close())
	}
	log := &Log{folder: folder(dir), driver: driver, signer: signer, verifier: verifier, lock: taken, writing: new(atomic.Int64)}
	if err := log.begin(ctx); err != nil {
		return nil, errors.Join(err, taken.Close())
	}
	return log, nil
}

// again is the log after it has stopped, if by now it can go on. It holds the
// directory all the while, so that nobody else has written there, and waits for
// what it had begun to write itself.
func (l *Log) again(ctx context.Context) (*Log, error) {
	if l.writing.Load() > 0 {
		return nil, fmt.Errorf("opening the audit log %s: its disk has not answered yet", l.folder)
	}
	log := &Log{folder: l.folder, driver: l.driver, signer: l.signer, verifier: l.verifier, lock: l.lock, writing: l.writing}
	return log, log.begin(ctx)
}

// begin reads what there is.
func (l *Log) begin(ctx context.Context) error {
	l.last = map[place]receipt{}
	l.life, l.stop = context.WithCancelCause(context.Background())
	if err := l.resume(ctx); err != nil {
		return fmt.Errorf("opening the audit log %s: %w", l.folder, err)
	}
	return nil
}

// resume walks what is there, and publishes what was integrated when the last
// process ended but not yet published.
func (l *Log) resume(ctx context.Context) error {
	marks, err := l.inherited()
	if err != nil {
		return err
	}
	size := uint64(0)
	for _, mark := range marks {
		size = max(size, mark.Size)
	}
	var fault error
	l.tree, err = walkAll(ctx, l.folder, size, bySize(marks), func(index uint64, record Record) {
		fault = errors.Join(fault, l.remember(record, Receipt{Index: index}))
	})
	if err := errors.Join(err, fault); err != nil {
		return err
	}
	if err := l.discard(); err != nil {
		return err
	}
	var now Checkpoint
	err = l.work(ctx, func(ctx context.Context, session session) (err error) {
		now, err = session.published(ctx, l.tree)
		return err
	})
	if err != nil {
		return err
	}
	for where, before := range l.last {
		before.Checkpoint = now
		l.last[where] = before
	}
	return l.tidy()
}

// inherited are the two trees that the last process left: the published, and
// the integrated, which is the same or larger. A log that has only one of them
// was changed, but for one that was only begun.
func (l *Log) inherited() ([]Checkpoint, error) {
	integrated, err := l.folder.state()
	begun := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	text, err := l.folder.read(layout.CheckpointPath, maxCheckpoint)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(l.folder.path("tile")); !errors.Is(err, fs.ErrNotExist) || integrated.Size > 0 {
			return nil, broken("the checkpoint is gone")
		}
		return nil, nil
	case err != nil:
		return nil, err
	case !begun:
		return nil, broken("%s is gone", stateFile)
	}
	published, err := openCheckpoint(text, l.verifier)
	if err != nil {
		return nil, err
	}
	if integrated.Size < published.Size {
		return nil, broken("%s was rolled back: it has %d entries, the checkpoint %d", stateFile, integrated.Size, published.Size)
	}
	return []Checkpoint{published, integrated}, nil
}
