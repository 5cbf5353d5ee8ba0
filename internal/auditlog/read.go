package auditlog

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io/fs"

	"github.com/transparency-dev/tessera/api/layout"
	"golang.org/x/mod/sumdb/note"
)

// Entry is a record in its place.
type Entry struct {
	Index  uint64
	Record Record
}

// attempts bound how often a log that grows meanwhile is read anew.
const attempts = 5

// Read verifies a whole log: the checkpoint's signature, that all entries are
// records and give its root, that every tile follows from them, and that it
// only grew since a checkpoint that was seen earlier (nil for none). It answers
// with the entries that are wanted (nil for none of them).
func Read(ctx context.Context, dir string, key crypto.PublicKey, since []byte, wanted func(Entry) bool) (Checkpoint, []Entry, error) {
	return Compare(ctx, dir, key, Seen{Checkpoint: since}, wanted)
}

// Seen is what others know of a log.
type Seen struct {
	Checkpoint []byte       // as signed; nil for none
	Heads      []Checkpoint // as witnessed, perhaps of several logs
}

// Compare is Read for who has seen more of the log. Heads of other logs are
// passed over, but one at least must be of this one.
func Compare(ctx context.Context, dir string, key crypto.PublicKey, seen Seen, wanted func(Entry) bool) (Checkpoint, []Entry, error) {
	from := folder(dir)
	for attempt := 1; ; attempt++ {
		now, entries, err := readOnce(ctx, from, key, seen, wanted)
		if err == nil || attempt == attempts || now.Text == nil {
			return now, entries, err
		}
		if text, again := from.read(layout.CheckpointPath, maxCheckpoint); again != nil || bytes.Equal(text, now.Text) {
			return now, nil, err
		}
	}
}

func readOnce(ctx context.Context, from folder, key crypto.PublicKey, seen Seen, wanted func(Entry) bool) (Checkpoint, []Entry, error) {
	text, err := from.read(layout.CheckpointPath, maxCheckpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, nil, fmt.Errorf("%s holds no audit log: %w", from, err)
	}
	if err != nil {
		return Checkpoint{}, nil, err
	}
	verifier, err := verifierFor(key, text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	now, err := openCheckpoint(text, verifier)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	marks, err := seen.marks(now, verifier)
	if err != nil {
		return now, nil, err
	}
	var entries []Entry
	_, err = walkAll(ctx, from, now.Size, bySize(marks), func(index uint64, record Record) {
		if entry := (Entry{index, record}); wanted != nil && wanted(entry) {
			entries = append(entries, entry)
		}
	})
	if err != nil {
		return now, nil, err
	}
	return now, entries, nil
}

// marks are the roots that the log must have had.
func (s Seen) marks(now Checkpoint, verifier note.Verifier) ([]Checkpoint, error) {
	marks := []Checkpoint{now}
	if s.Checkpoint != nil {
		earlier, err := openCheckpoint(s.Checkpoint, verifier)
		if err != nil {
			return nil, fmt.Errorf("the checkpoint that was seen earlier: %w", err)
		}
		marks = append(marks, earlier)
	}
	own := 0
	for _, head := range s.Heads {
		if head.Origin == now.Origin {
			marks = append(marks, head)
			own++
		}
	}
	if own == 0 && len(s.Heads) > 0 {
		return nil, broken("none of the %d heads that were witnessed is of %s: it was begun anew under another key or name", len(s.Heads), now.Origin)
	}
	for _, mark := range marks {
		if mark.Size > now.Size {
			return nil, broken("it was rolled back: %d entries were seen, %d are left", mark.Size, now.Size)
		}
	}
	return marks, nil
}
