package keyless

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var _ evidence.CertificateVerifier = (*Root)(nil)

// Identify says who signed an envelope that holds a certificate. Everything in
// the envelope counts: what its one signature covers, and what proves when that
// was made.
func (r *Root) Identify(envelope evidence.Envelope) (evidence.Identity, error) {
	opened, err := parse(envelope)
	if err != nil {
		return evidence.Identity{}, err
	}
	content, err := opened.VerificationContent()
	if err != nil {
		return evidence.Identity{}, err
	}
	if content.Certificate() == nil {
		return evidence.Identity{}, errors.New("the envelope holds no certificate")
	}
	entries, err := opened.TlogEntries()
	if err != nil {
		return evidence.Identity{}, err
	}
	if err := loose(entries); err != nil {
		return evidence.Identity{}, err
	}
	// Who may sign and about what is compared by package evidence, with all
	// that it trusts; so neither is asked here.
	policy := verify.NewPolicy(verify.WithoutArtifactUnsafe(), verify.WithoutIdentitiesUnsafe())
	if _, err := r.verifier.Verify(opened, policy); err != nil {
		return evidence.Identity{}, r.explain(opened, entries, err)
	}
	return identityOf(content.Certificate())
}

// parse reads a bundle that can be read in one way only: written again, it says
// the same. Base64 of other alphabets, numbers for text and other names of
// fields are thereby refused.
func parse(envelope evidence.Envelope) (*bundle.Bundle, error) {
	read := new(bundle.Bundle)
	if err := read.UnmarshalJSON(envelope); err != nil {
		return nil, fmt.Errorf("reading a bundle: %w", err)
	}
	again, err := protojson.Marshal(read.Bundle)
	if err != nil {
		return nil, fmt.Errorf("reading a bundle: %w", err)
	}
	if !sameJSON(envelope, again) {
		return nil, errors.New("reading a bundle: it can be read in more than one way")
	}
	return read, nil
}

// sameJSON compares apart from blanks and from the order of fields.
func sameJSON(a, b []byte) bool {
	var read [2]any
	for i, text := range [][]byte{a, b} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if decoder.Decode(&read[i]) != nil {
			return false
		}
	}
	return reflect.DeepEqual(read[0], read[1])
}
