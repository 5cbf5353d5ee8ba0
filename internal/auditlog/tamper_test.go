package auditlog

import (
	"bytes"
	"crypto"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// claimless are the files that say nothing to a reader: locks, and what tessera
// remembers for itself. Open compares the state with the log
// (TestNoStateMakesTheLogSignAnotherHistory).
func claimless(name string) bool { return name == lockFile || strings.HasPrefix(name, ".state/") }

// files lists what a log is stored in.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	stored := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		stored[name], err = os.ReadFile(filepath.Join(dir, name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func write(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func reads(t *testing.T, dir string, public crypto.PublicKey) error {
	t.Helper()
	_, _, err := Read(t.Context(), dir, public, nil, nil)
	return err
}

// Every bit of every byte of every file: no reader takes a changed log for the
// one that was signed.
func TestEveryByteCounts(t *testing.T) {
	private, public := key(t)
	dir := grown(t, private, 3)
	changed := 0
	for name, text := range files(t, dir) {
		file, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		put := func(at int, value byte) {
			if _, err := file.WriteAt([]byte{value}, int64(at)); err != nil {
				t.Fatal(err)
			}
		}
		for at, value := range text {
			for bit := range 8 {
				put(at, value^1<<bit)
				changed++
				if err := reads(t, dir, public); claimless(name) != (err == nil) || err != nil && !errors.Is(err, ErrBroken) {
					t.Errorf("%s: bit %d of byte %d: %v", name, bit, at, err)
				}
			}
			put(at, value)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := reads(t, dir, public); err != nil || changed < 8*1500 {
		t.Errorf("%d changes; as it was: %v", changed, err)
	}
}

// A log of three levels, with full tiles: too large for every byte.
func TestLargeLogsAreHeldTogetherByEveryFile(t *testing.T) {
	private, public := key(t)
	dir := grown(t, private, 520)
	stored := files(t, dir)
	for _, name := range []string{"checkpoint", "tile/0/000", "tile/0/002.p/8", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/8"} {
		if len(stored[name]) == 0 {
			t.Fatalf("there is no %s", name)
		}
	}
	for name, text := range stored {
		if claimless(name) {
			continue
		}
		for at := 0; at < len(text); at += 1 + len(text)/12 {
			changed := bytes.Clone(text)
			changed[at] ^= 0x20
			refused(t, dir, public, name, changed, "changed")
			refused(t, dir, public, name, text[:at], "truncated")
		}
		if name == "checkpoint" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if err := reads(t, dir, public); !errors.Is(err, ErrBroken) && !supplied(stored, name) {
			t.Errorf("%s removed: %v", name, err)
		}
		write(t, dir, name, text)
	}
}

// supplied holds for the narrower file of a tile of which the full one is there.
func supplied(stored map[string][]byte, name string) bool {
	full, _, narrow := strings.Cut(name, ".p/")
	return narrow && stored[full] != nil
}

func refused(t *testing.T, dir string, public crypto.PublicKey, name string, text []byte, what string) {
	t.Helper()
	before, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, name, text)
	if err := reads(t, dir, public); !errors.Is(err, ErrBroken) {
		t.Errorf("%s %s: %v", name, what, err)
	}
	write(t, dir, name, before)
}

// What an earlier, narrower tile said is part of the log for as long as the
// file is there.
func TestAnOlderTileIsNotForgotten(t *testing.T) {
	private, public := key(t)
	dir := grown(t, private, 3)
	stored := files(t, dir)
	for name, cut := range map[string]int{"tile/0/000.p/": 32, "tile/entries/000.p/": 2 + int(stored["tile/entries/000.p/3"][0])<<8 + int(stored["tile/entries/000.p/3"][1])} {
		text := bytes.Clone(stored[name+"3"][:cut])
		write(t, dir, name+"1", text)
		if err := reads(t, dir, public); err != nil {
			t.Errorf("%s1 as it was: %v", name, err)
		}
		text[7] ^= 1
		refused(t, dir, public, name+"1", text, "changed")
	}
	write(t, dir, "tile/0/000.p/31415926", []byte("left behind by a crash"))
	write(t, dir, "tile/0/000.p/4", []byte("never published"))
	if err := reads(t, dir, public); err != nil {
		t.Errorf("with files that no checkpoint covers: %v", err)
	}
}

// Whoever restores yesterday's disk has a log that is right in itself. Only who
// has seen today's checkpoint can tell.
func TestARolledBackOrRewrittenLogIsFoundByWhoSawIt(t *testing.T) {
	private, public := key(t)
	yesterday, other := grown(t, private, 2), grown(t, private, 5)
	today := t.TempDir()
	if err := os.CopyFS(today, os.DirFS(yesterday)); err != nil {
		t.Fatal(err)
	}
	log := open(t, today, private)
	if _, err := log.Append(t.Context(), denial(7)); err != nil {
		t.Fatal(err)
	}
	closed(t, log)
	seen := files(t, today)["checkpoint"]
	for name, test := range map[string]struct {
		dir  string
		want string // of the error; empty for none
	}{"as it was": {today, ""}, "rolled back": {yesterday, "it was rolled back: 3 entries were seen, 2 are left"}, "rewritten": {other, "the first 3 entries are not those"}} {
		_, _, err := Read(t.Context(), test.dir, public, seen, nil)
		if (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Read(t.Context(), today, public, files(t, yesterday)["checkpoint"], nil); err != nil {
		t.Errorf("since yesterday: %v", err)
	}
	if _, _, err := Read(t.Context(), today, public, []byte("seen"), nil); !errors.Is(err, ErrBroken) {
		t.Errorf("since nonsense: %v", err)
	}
}

func TestOneFileRolledBackStopsTheLog(t *testing.T) {
	private, _ := key(t)
	older, newer := grown(t, private, 2), grown(t, private, 3)
	before, now := files(t, older), files(t, newer)
	for name, change := range map[string]func(dir string) error{
		"the checkpoint": func(dir string) error {
			write(t, dir, "checkpoint", before["checkpoint"])
			return os.RemoveAll(filepath.Join(dir, "tile/0/000.p/3"))
		},
		"the state":     func(dir string) error { write(t, dir, stateFile, before[stateFile]); return nil },
		"no state":      func(dir string) error { return os.Remove(filepath.Join(dir, stateFile)) },
		"no checkpoint": func(dir string) error { return os.Remove(filepath.Join(dir, "checkpoint")) },
		"neither": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, stateFile)), os.Remove(filepath.Join(dir, "checkpoint")))
		},
		"an unfinished state": func(dir string) error { write(t, dir, stateFile, now[stateFile][:9]); return nil },
		"a pipe": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "checkpoint")), syscall.Mkfifo(filepath.Join(dir, "checkpoint"), 0o600))
		},
		"an endless bundle": func(dir string) error { return os.Truncate(filepath.Join(dir, "tile/entries/000.p/3"), 1<<40) },
		"a folder for a tile": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "tile/0/000.p/3")), os.Mkdir(filepath.Join(dir, "tile/0/000.p/3"), 0o755))
		},
		"an endless directory": func(dir string) error { return crowd(filepath.Join(dir, "tile/0/000.p")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := errors.Join(os.CopyFS(dir, os.DirFS(newer)), change(dir)); err != nil {
				t.Fatal(err)
			}
			if log, err := Open(t.Context(), dir, private); !errors.Is(err, ErrBroken) {
				t.Errorf("opened %v: %v", log, err)
			}
		})
	}
}

func crowd(dir string) error {
	for n := range maxFiles {
		if err := os.WriteFile(filepath.Join(dir, "x"+strings.Repeat("y", n%100)+string(rune('A'+n/100%50))), nil, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// tessera's own state is not signed. Whatever is written there, the log refuses
// to open, or goes on from where it was.
func TestNoStateMakesTheLogSignAnotherHistory(t *testing.T) {
	private, public := key(t)
	dir := grown(t, private, 3)
	seen, state := files(t, dir)["checkpoint"], files(t, dir)[stateFile]
	opened := 0
	for at := range state {
		changed := bytes.Clone(state)
		changed[at] ^= 0x20
		write(t, dir, stateFile, changed)
		if log, err := Open(t.Context(), dir, private); err == nil {
			opened++
			closed(t, log)
		}
		if now, _, err := Read(t.Context(), dir, public, seen, nil); err != nil || now.Size != 3 {
			t.Fatalf("byte %d: %v, %v", at, now, err)
		}
	}
	if opened > len("sizeroot") { // encoding/json takes the keys in any case
		t.Errorf("%d of %d changed states were accepted", opened, len(state))
	}
}

// The disk is changed while the log is open: it stops, and what was signed
// before is still what it was.
func TestADiskThatChangesUnderTheLogStopsIt(t *testing.T) {
	private, _ := key(t)
	other := files(t, grown(t, private, 3))
	for name, change := range map[string]func(dir string) error{
		"another state": func(dir string) error { write(t, dir, stateFile, other[stateFile]); return nil },
		"another tile":  func(dir string) error { write(t, dir, "tile/0/000.p/2", bytes.Repeat([]byte("x"), 64)); return nil },
		"no directory":  os.RemoveAll,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			log := open(t, dir, private)
			for n := range 2 {
				if _, err := log.Append(t.Context(), denial(10+n)); err != nil {
					t.Fatal(err)
				}
			}
			seen := files(t, dir)["checkpoint"]
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if given, err := log.Append(t.Context(), denial(12)); err == nil {
					t.Errorf("appended as %+v", given)
				}
			}
			if now, err := os.ReadFile(filepath.Join(dir, "checkpoint")); err == nil && !bytes.Equal(now, seen) {
				t.Errorf("it signed %s", now)
			}
			if _, err := Open(t.Context(), dir, private); name != "no directory" && err == nil {
				t.Error("it goes on")
			}
		})
	}
}
