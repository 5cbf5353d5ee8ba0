package auditlog

import (
	"crypto"
	"crypto/ed25519"
	"fmt"

	"github.com/transparency-dev/tessera/api/layout"
	"golang.org/x/mod/sumdb/note"
)

// VerifierKey is the public key of a log as one line, which others check its
// checkpoints with (https://c2sp.org/signed-note).
func VerifierKey(key crypto.PublicKey) (string, error) {
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("the audit log is signed with Ed25519 and not with a %T%s", key, keyHelp)
	}
	return note.NewEd25519VerifierKey(origin(public, ""), public)
}

// Checkpoint is the one that was published last, as it lies on the disk.
func (l *Log) Checkpoint() (Checkpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.Stopped(); err != nil {
		return Checkpoint{}, err
	}
	text, err := l.folder.read(layout.CheckpointPath, maxCheckpoint)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("reading the checkpoint of the audit log: %w", err)
	}
	return openCheckpoint(text, l.verifier)
}
