package auditlog

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	form "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

// ErrBroken says that the log is not what was signed, or not what was seen.
var ErrBroken = errors.New("the log does not hold together")

func broken(text string, values ...any) error {
	return fmt.Errorf("%w: %w", ErrBroken, fmt.Errorf(text, values...))
}

// Checkpoint is the log at one moment: how many entries, under which root.
type Checkpoint struct {
	Size uint64
	Root []byte
	Text []byte // as signed
}

func (c Checkpoint) String() string {
	return fmt.Sprintf("%d entries, root %s", c.Size, base64.StdEncoding.EncodeToString(c.Root))
}

// is compares a root that was computed with the one that was signed.
func (c Checkpoint) is(root []byte) bool { return bytes.Equal(c.Root, root) }

const maxCheckpoint = 4 << 10

// openCheckpoint verifies a signed checkpoint. Nothing may stand in it that
// the log did not write, so that no byte can be another: a note allows
// signatures of others and loose base64, this does not.
func openCheckpoint(text []byte, verifier note.Verifier) (Checkpoint, error) {
	if len(text) > maxCheckpoint {
		return Checkpoint{}, broken("the checkpoint is larger than %d bytes", maxCheckpoint)
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, broken("the checkpoint is not signed by this key (%s): %w", verifier.Name(), err)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(opened.Sigs[0].Base64)
	rewritten := fmt.Sprintf("%s\n— %s %s\n", opened.Text, verifier.Name(), base64.StdEncoding.EncodeToString(signature))
	if err != nil || rewritten != string(text) {
		return Checkpoint{}, broken("the checkpoint is not written as the log writes it")
	}
	var read form.Checkpoint
	rest, err := read.Unmarshal([]byte(opened.Text))
	if err != nil || len(rest) > 0 || read.Origin != verifier.Name() || string(read.Marshal()) != opened.Text || len(read.Hash) != rfc6962.DefaultHasher.Size() {
		return Checkpoint{}, broken("what was signed is no checkpoint of %s", verifier.Name())
	}
	return Checkpoint{read.Size, read.Hash, text}, nil
}
