package compliance

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureAuditLog looks at the transparency log of verdicts (21 CFR 11.10(e);
// 45 CFR 164.312(b); EU AI Act 12): whether the platform names its key, and,
// where a log is being written, whether its checkpoint is signed with that key.
// A rehearsal writes none; there the declaration is all that can be measured.
func measureAuditLog(candidate gates.Candidate) []evidence.Measurement {
	verifier, err := note.NewVerifier(candidate.Platform.Spec.Controls.AuditLog.PublicKey)
	key := stated("audit_log_key", err == nil)
	if err != nil {
		key.Method = "not the verifier of a checkpoint: " + err.Error()
	}
	entered := stated("audit_log_written", candidate.Checkpoint != nil)
	if candidate.Checkpoint == nil {
		entered.Method = "no log is written in a rehearsal: the declared key alone was looked at"
		return []evidence.Measurement{key, entered}
	}
	signed := stated("audit_log_signed", false)
	if err == nil {
		err = verifyCheckpoint(candidate.Checkpoint, verifier)
		signed = stated("audit_log_signed", err == nil)
	}
	if err != nil {
		signed.Method = label(err.Error())
	}
	return []evidence.Measurement{key, entered, signed}
}

const maxCheckpoint = 4 << 10 // bytes

// verifyCheckpoint holds for a checkpoint (https://c2sp.org/tlog-checkpoint)
// that the key has signed: its first line names the log, which is the key's
// name, the second the number of entries and the third the root.
func verifyCheckpoint(text []byte, verifier note.Verifier) error {
	if len(text) > maxCheckpoint {
		return fmt.Errorf("the checkpoint is larger than %d bytes", maxCheckpoint)
	}
	opened, err := note.Open(bytes.Clone(text), note.VerifierList(verifier))
	if err != nil {
		return errors.New("the checkpoint is not signed with the declared key")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return errors.New("what was signed is no checkpoint of the declared log")
	}
	_, noSize := strconv.ParseUint(lines[1], 10, 64)
	root, noRoot := base64.StdEncoding.DecodeString(lines[2])
	if noSize != nil || noRoot != nil || len(root) != rootSize {
		return errors.New("what was signed is no checkpoint")
	}
	return nil
}

const rootSize = 32 // bytes of a root: SHA-256 (RFC 6962)
