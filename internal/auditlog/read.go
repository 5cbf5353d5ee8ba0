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
	verifier, err := verifierOf(key)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	var marks []Checkpoint
	if since != nil {
		seen, err := openCheckpoint(since, verifier)
		if err != nil {
			return Checkpoint{}, nil, fmt.Errorf("the checkpoint that was seen earlier: %w", err)
		}
		marks = []Checkpoint{seen}
	}
	from := folder(dir)
	for attempt := 1; ; attempt++ {
		now, entries, err := readOnce(ctx, from, verifier, marks, wanted)
		if err == nil || attempt == attempts || now.Text == nil {
			return now, entries, err
		}
		if text, again := from.read(layout.CheckpointPath, maxCheckpoint); again != nil || bytes.Equal(text, now.Text) {
			return now, nil, err
		}
	}
}

func readOnce(ctx context.Context, from folder, verifier note.Verifier, marks []Checkpoint, wanted func(Entry) bool) (Checkpoint, []Entry, error) {
	text, err := from.read(layout.CheckpointPath, maxCheckpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, nil, fmt.Errorf("%s holds no audit log: %w", from, err)
	}
	if err != nil {
		return Checkpoint{}, nil, err
	}
	now, err := openCheckpoint(text, verifier)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	for _, seen := range marks {
		if seen.Size > now.Size {
			return now, nil, broken("it was rolled back: %d entries were seen, %d are left", seen.Size, now.Size)
		}
	}
	var entries []Entry
	_, err = walkAll(ctx, from, now.Size, append([]Checkpoint{now}, marks...), func(index uint64, record Record) {
		if entry := (Entry{index, record}); wanted != nil && wanted(entry) {
			entries = append(entries, entry)
		}
	})
	if err != nil {
		return now, nil, err
	}
	return now, entries, nil
}
