package evidence

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Envelope is the signed form of a Statement, as DSSE JSON. It is opaque:
// only a Verifier can say what is in it.
// https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
type Envelope []byte

const maxEnvelope = 2 * maxStatement // base64 and the signatures

// Digest names the envelope.
func (e Envelope) Digest() Digest { return Sum(e) }

// Signer makes an Envelope of a Statement.
type Signer interface {
	Sign(ctx context.Context, statement Statement) (Envelope, error)
}

// Verifier opens an Envelope. An error means that nothing is known.
type Verifier interface {
	Verify(ctx context.Context, envelope Envelope) (Statement, error)
}

// ErrUntrusted says that no trusted key vouches for an envelope.
var ErrUntrusted = errors.New("no trusted signature")

// KeySigner signs with one private key.
type KeySigner struct{ key privateKey }

// Sign states and signs. With an Ed25519 key the same statement gives the
// same envelope, byte for byte.
func (s KeySigner) Sign(ctx context.Context, statement Statement) (Envelope, error) {
	payload, err := statement.Encode()
	if err != nil {
		return nil, err
	}
	signer, err := dsse.NewEnvelopeSigner(s.key)
	if err != nil {
		return nil, err
	}
	envelope, err := signer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, fmt.Errorf("signing evidence for %s: %w", statement.Subject, err)
	}
	return json.Marshal(envelope)
}

// Public is the key that verifies what the signer signs.
func (s KeySigner) Public() crypto.PublicKey { return s.key.Public() }

// TrustedKey is a public key and the predicate types it may sign.
type TrustedKey struct {
	Name       string
	Key        crypto.PublicKey
	Predicates []string
}

// Trust is the set of keys that are believed, each for its predicates. The
// empty Trust believes nobody.
type Trust []TrustedKey

// Verify answers with the statement when a trusted key that may sign its
// predicate type has signed it.
func (t Trust) Verify(ctx context.Context, envelope Envelope) (Statement, error) {
	signed, err := decodeEnvelope(envelope)
	if err != nil {
		return Statement{}, err
	}
	payload, keys, err := t.signedBy(ctx, signed)
	if err != nil {
		return Statement{}, err
	}
	statement, err := decodeStatement(payload)
	if err != nil {
		return Statement{}, err
	}
	for _, key := range keys {
		if slices.Contains(key.Predicates, statement.PredicateType) {
			return statement, nil
		}
	}
	return Statement{}, fmt.Errorf("%w: %s may not sign %s", ErrUntrusted, keys[0].Name, statement.PredicateType)
}

func (t Trust) signedBy(ctx context.Context, signed *dsse.Envelope) ([]byte, []TrustedKey, error) {
	var keys []TrustedKey
	var payload []byte
	for _, trusted := range t {
		verifier, err := dsse.NewEnvelopeVerifier(publicKey{trusted.Key})
		if err != nil {
			return nil, nil, fmt.Errorf("trusting key %s: %w", trusted.Name, err)
		}
		if _, err := verifier.Verify(ctx, signed); err != nil {
			continue
		}
		if payload, err = signed.DecodeB64Payload(); err != nil {
			return nil, nil, err
		}
		keys = append(keys, trusted)
	}
	if len(keys) == 0 {
		return nil, nil, fmt.Errorf("%w: the signature fits none of the %d trusted keys", ErrUntrusted, len(t))
	}
	return payload, keys, nil
}

// decodeEnvelope reads what Sign writes, and nothing else (see
// decodeStatement for why).
func decodeEnvelope(envelope Envelope) (*dsse.Envelope, error) {
	if len(envelope) > maxEnvelope {
		return nil, fmt.Errorf("the envelope is larger than %d bytes", maxEnvelope)
	}
	var signed dsse.Envelope
	if err := json.Unmarshal(envelope, &signed); err != nil {
		return nil, fmt.Errorf("reading an envelope: %w", err)
	}
	canonical, err := json.Marshal(signed)
	if err != nil || !bytes.Equal(canonical, envelope) {
		return nil, errors.New("the envelope is not in its canonical form")
	}
	if signed.PayloadType != payloadType || len(signed.Signatures) == 0 || len(signed.Signatures) > 8 {
		return nil, errors.New("the envelope does not hold a signed in-toto statement")
	}
	for _, text := range append([]string{signed.Payload}, signatures(&signed)...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(text); err != nil {
			return nil, errors.New("the envelope is not in its canonical form: loose base64")
		}
	}
	return &signed, nil
}

func signatures(signed *dsse.Envelope) []string {
	var texts []string
	for _, signature := range signed.Signatures {
		texts = append(texts, signature.Sig)
	}
	return texts
}
