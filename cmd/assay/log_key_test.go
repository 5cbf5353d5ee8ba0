package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// The line that assay.yaml names is the one that the log's checkpoints verify by.
func TestTheKeyOfALogIsOneLine(t *testing.T) {
	k := newKept(t)
	code, line, stderr := assay(t, "log", "key", k.key)
	if code != 0 {
		t.Fatal(code, stderr)
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(line, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := os.ReadFile(filepath.Join(k.dir, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(shown, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoKeyOfALog(t *testing.T) {
	k := newKept(t)
	for file, want := range map[string]string{filepath.Join(t.TempDir(), "none"): "reading the log's public key", filepath.Join(k.dir, "checkpoint"): "not PEM"} {
		if code, stdout, stderr := assay(t, "log", "key", file); code != couldNotJudge || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: %d, %s, %s", file, code, stdout, stderr)
		}
	}
}
