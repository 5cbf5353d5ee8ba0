package auditlog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A process that died has written entries that the tree never held. Whatever the
// next one enters in their place, and however much at once, the log holds together.
func TestWhatTheTreeNeverHeldIsDiscarded(t *testing.T) {
	private, public := key(t)
	for _, died := range []int{1, 3, 8, 260} {
		dir := grown(t, private, 250)
		before := files(t, dir)
		other := grown(t, private, 250+died) // what the process was about to write, and more
		log := open(t, other, private)
		for n := range 4 {
			if _, err := log.Append(t.Context(), denial(9000+n)); err != nil {
				t.Fatal(err)
			}
		}
		closed(t, log)
		for name, text := range files(t, other) {
			if strings.HasPrefix(name, "tile/") && before[name] == nil {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, dir, name, text)
			}
		}
		for _, many := range []int{2, 15, 257, 1} {
			log := open(t, dir, private)
			diesUntidy(t, log, many)
			if err := reads(t, dir, public); err != nil {
				t.Fatalf("died while it wrote %d entries, and after %d: %v", died, many, err)
			}
		}
		closed(t, open(t, dir, private))
	}
}

// diesUntidy enters records, and is gone before it tidies up.
func diesUntidy(t *testing.T, log *Log, many int) {
	t.Helper()
	grown, err := log.tree.clone()
	if err != nil {
		t.Fatal(err)
	}
	var texts [][]byte
	for n := range many {
		text, err := denial(5000 + n).Encode()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	err = log.work(t.Context(), func(ctx context.Context, session session) error {
		if err := session.add(ctx, grown, texts); err != nil {
			return err
		}
		_, err := session.published(ctx, grown)
		return err
	})
	if err := errors.Join(err, log.lock.Close()); err != nil {
		t.Fatal(err)
	}
}

// A tile that is completed in one go with the beginning of the next is kept once,
// too.
func TestACompletedTileIsTidiedAway(t *testing.T) {
	private, _ := key(t)
	dir := grown(t, private, 250)
	log := open(t, dir, private)
	defer closed(t, log)
	if _, err := log.appendAll(t.Context(), slices.Repeat([]Record{denial(1)}, 20)); err != nil {
		t.Fatal(err)
	}
	for name := range files(t, dir) {
		if strings.HasPrefix(name, "tile/0/000.p/") || strings.HasPrefix(name, "tile/entries/000.p/") {
			t.Errorf("%s is still there", name)
		}
	}
}
