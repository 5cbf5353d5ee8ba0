package keyless

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sigstore/rekor/pkg/util"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	"github.com/sigstore/sigstore-go/pkg/verify"
)

// loose is an error when a part of a log's entry that nothing signs says
// something else than what is signed: the kind of the entry, and the name beside
// the signature of a checkpoint. The library reads past both, and then two
// envelopes would be one.
func loose(entries []*tlog.Entry) error {
	for _, entry := range entries {
		wire := entry.TransparencyLogEntry()
		var body struct {
			Kind    string `json:"kind"`
			Version string `json:"apiVersion"`
		}
		if err := json.Unmarshal(wire.GetCanonicalizedBody(), &body); err != nil {
			return fmt.Errorf("reading an entry: %w", err)
		}
		if said := wire.GetKindVersion(); said.GetKind() != body.Kind || said.GetVersion() != body.Version {
			return errors.New("the entry is of another kind than the envelope says")
		}
		if proof := wire.GetInclusionProof(); proof != nil {
			if err := looseCheckpoint(proof.GetCheckpoint().GetEnvelope()); err != nil {
				return err
			}
		}
	}
	return nil
}

// looseCheckpoint reads a signed note. The origin of a checkpoint of Rekor's
// first version ends with the number of its tree; it has no other witnesses.
// https://github.com/C2SP/C2SP/blob/main/signed-note.md
func looseCheckpoint(text string) error {
	var read util.SignedCheckpoint
	if err := read.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("reading a checkpoint: %w", err)
	}
	if read.SignedNote.String() != text {
		return errors.New("the checkpoint can be read in more than one way")
	}
	name, _, numbered := strings.Cut(read.Origin, " - ")
	for _, signature := range read.Signatures {
		if numbered && signature.Name != name {
			return errors.New("the checkpoint is signed in another name than its log's")
		}
	}
	return nil
}

// explain says in our words what the library found, where it says the same of
// several mistakes.
func (r *Root) explain(opened *bundle.Bundle, entries []*tlog.Entry, found error) error {
	stamps, err := opened.Timestamps()
	switch {
	case err != nil:
		return found
	case len(entries) == 0 && len(r.material.RekorLogs()) > 0:
		return errors.New("the envelope holds no entry of a transparency log")
	case len(entries)+len(stamps) == 0:
		return errors.New("nothing says when the certificate was used")
	}
	for _, entry := range entries {
		if err := r.entry(opened, entry); err != nil {
			return err
		}
	}
	times, _, err := verify.VerifySignedTimestamp(opened, r.material)
	if err != nil {
		return found
	}
	for _, stamp := range times {
		if err := r.alive(opened, stamp.Time); err != nil {
			return err
		}
	}
	return found
}

func (r *Root) entry(opened *bundle.Bundle, entry *tlog.Entry) error {
	id := hex.EncodeToString([]byte(entry.LogKeyID()))
	if _, known := r.material.RekorLogs()[id]; !known {
		return fmt.Errorf("the entry is of a transparency log that the trusted root does not name: %.16s", id)
	}
	if entry.HasInclusionPromise() {
		if err := tlog.VerifySET(entry, r.material.RekorLogs()); err != nil {
			return fmt.Errorf("the entry is not what the transparency log has promised to hold: %w", err)
		}
	}
	if entry.IntegratedTime().IsZero() {
		return nil
	}
	return r.alive(opened, entry.IntegratedTime())
}

func (r *Root) alive(opened *bundle.Bundle, at time.Time) error {
	content, err := opened.VerificationContent()
	if err != nil {
		return err
	}
	_, err = r.chains(content.Certificate(), nil, at)
	return err
}
