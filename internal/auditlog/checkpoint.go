package auditlog

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

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
	Origin string // of the log
	Size   uint64
	Root   []byte
	Text   []byte // as signed; nil of one that was only witnessed
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
	return Checkpoint{read.Origin, read.Size, read.Hash, text}, nil
}

// Head is the checkpoint in one line, without its signature: what a witness
// keeps where the log's owner cannot write.
func (c Checkpoint) Head() string {
	return fmt.Sprintf("%s %d %s", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root))
}

// ParseHead reads what Head wrote.
func ParseHead(line string) (Checkpoint, error) {
	fields := strings.Split(line, " ")
	if len(line) > maxCheckpoint || len(fields) != 3 {
		return Checkpoint{}, fmt.Errorf("%.80q is no head of a log: <origin> <size> <root>", line)
	}
	size, err := strconv.ParseUint(fields[1], 10, 64)
	root, loose := base64.StdEncoding.Strict().DecodeString(fields[2])
	head := Checkpoint{Origin: fields[0], Size: size, Root: root}
	if err := errors.Join(err, loose); err != nil || head.Head() != line || len(root) != rfc6962.DefaultHasher.Size() || head.Origin == "" {
		return Checkpoint{}, fmt.Errorf("%.80q is no head of a log: <origin> <size> <root>", line)
	}
	return head, nil
}
