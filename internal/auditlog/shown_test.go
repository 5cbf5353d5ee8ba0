package auditlog

import (
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// Whoever has the line of the key checks what the log shows of itself.
func TestWhatIsShownIsVerifiedByTheLineOfTheKey(t *testing.T) {
	private, public := key(t)
	log := open(t, filepath.Join(t.TempDir(), "log"), private)
	if _, err := log.Append(t.Context(), denial(1)); err != nil {
		t.Fatal(err)
	}
	shown, err := log.Checkpoint()
	if err != nil || shown.Size != 1 {
		t.Fatal(shown, err)
	}
	line, err := VerifierKey(public)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(line)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(shown.Text, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
	closed(t, log)
	if _, err := log.Checkpoint(); err == nil {
		t.Error("a log that is closed shows a checkpoint")
	}
}

func TestAnotherKindOfKeyHasNoLine(t *testing.T) {
	if _, err := VerifierKey("a text"); err == nil {
		t.Error("a text is a key")
	}
}
