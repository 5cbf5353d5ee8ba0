package gitrepo

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Of three stores the one that was used first goes, and the own one stays
// although it is the oldest.
func TestStoresThatWereNotUsedAreDeleted(t *testing.T) {
	cache := t.TempDir()
	now := time.Now()
	folder := func(name string, age time.Duration) string {
		path := filepath.Join(cache, name)
		if err := os.MkdirAll(filepath.Join(path, "objects", "pack"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{filepath.Join(path, "objects", "pack", "pack-1.pack"), filepath.Join(path, tipsFile)} {
			if err := os.WriteFile(file, make([]byte, 100), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(file, now, now.Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(path, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own, fresh, stale := folder("own.git", 90*time.Hour), folder("fresh.git", time.Hour), folder("stale.git", 80*time.Hour)
	crashed, deleting := folder(asidePrefix+"1", 2*leftAlone), folder(asidePrefix+"2", time.Minute)
	if err := evict(cache, own, 250, now); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{own: true, fresh: true, stale: false, crashed: false, deleting: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v", filepath.Base(path), err)
		}
	}
}

// A store with too many packs begins anew, and tells the remote nothing of what
// it had.
func TestAWornStoreBeginsAnew(t *testing.T) {
	store := newStore(t)
	tree := kept(t, store, map[string][]byte{"a": []byte("1")})
	if err := store.remember([]plumbing.Hash{tree}); err != nil || len(store.tips()) != 1 {
		t.Fatalf("it knows %v, %v", store.tips(), err)
	}
	for range maxPacks + 1 {
		if file, err := os.CreateTemp(filepath.Join(store.folder, "objects", "pack"), "*.pack"); err != nil || file.Close() != nil {
			t.Fatal(err)
		}
	}
	if anew, err := store.heal(); !anew || err != nil {
		t.Fatalf("it began anew: %v, %v", anew, err)
	}
	if store.has(tree) || len(store.tips()) != 0 {
		t.Error("it still has what it had")
	}
	if anew, err := store.heal(); anew || err != nil {
		t.Errorf("it begins anew again and again: %v", err)
	}
}

// What was thrown away by another process is not thrown away twice.
func TestAStoreThatWasReplacedIsTakenOver(t *testing.T) {
	ours := newStore(t)
	theirs, err := openStore(ours.folder)
	if err != nil {
		t.Fatal(err)
	}
	ours.spoil()
	theirs.spoil()
	if anew, err := ours.heal(); !anew || err != nil {
		t.Fatal(anew, err)
	}
	tree := kept(t, ours, map[string][]byte{"a": []byte("1")})
	if anew, err := theirs.heal(); !anew || err != nil || !theirs.has(tree) {
		t.Errorf("begun anew %v, %v: has what the other wrote: %v", anew, err, theirs.has(tree))
	}
}
