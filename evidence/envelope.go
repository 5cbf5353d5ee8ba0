package evidence

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Envelope is the signed form of a Statement: a DSSE envelope within a
// Sigstore bundle, as JSON. It is opaque: only a Verifier can say what is in
// it.
type Envelope []byte

// Digest names the envelope.
func (e Envelope) Digest() Digest { return Sum(e) }

// Signer makes an Envelope of a Statement. Key names its key: the same
// statement under the same key needs no second signature.
type Signer interface {
	Sign(ctx context.Context, statement Statement) (Envelope, error)
	Key() string
}

// Verifier opens an Envelope. An error means that nothing is known.
type Verifier interface {
	Verify(ctx context.Context, envelope Envelope) (Statement, error)
}

// ErrUntrusted says that no trusted key vouches for an envelope, and
// ErrForeign that it does not even claim to be evidence of ours: other tools
// attach their statements to the same artifact.
var (
	ErrUntrusted = errors.New("no trusted signature")
	ErrForeign   = errors.New("a statement of another kind")
)

// KeySigner signs with one private key, held here or by a key service.
type KeySigner struct {
	signer crypto.Signer
	hint   string
}

// Sign states and signs. A local key signs without randomness: the same
// statement gives the same envelope, byte for byte.
func (s KeySigner) Sign(_ context.Context, statement Statement) (Envelope, error) {
	payload, err := statement.Encode()
	if err != nil {
		return nil, err
	}
	return s.sign(payload, statement.Subject)
}

func (s KeySigner) sign(payload []byte, subject Subject) (Envelope, error) {
	sealed := unsealed{hint: s.hint, payload: payload}
	var err error
	if sealed.signature, err = signWith(s.signer, sealed.preimage()); err != nil {
		return nil, fmt.Errorf("signing evidence for %s: %w", subject, err)
	}
	if !verifies(s.Public(), sealed.preimage(), sealed.signature) {
		return nil, fmt.Errorf("signing evidence for %s: the signature was made with another key than %s", subject, s.hint)
	}
	return sealed.seal()
}

// Key is the hint under which bundles name the key.
func (s KeySigner) Key() string { return s.hint }

// Public is the key that verifies what the signer signs.
func (s KeySigner) Public() crypto.PublicKey { return s.signer.Public() }

// Crypto is the key itself. What else it signs must begin otherwise than an
// envelope's preimage does, or one could pass for the other.
func (s KeySigner) Crypto() crypto.Signer { return s.signer }

// TrustedKey is a public key, or an Identity whose keys Certificates attest;
// what it may sign, for which environments and when. It vouches from From until
// it expires at Until or is withdrawn at Revoked; a zero time sets no bound.
// What it signed before does not outlive it: of a key nothing but its own word
// would say when that was, and of an identity nobody knows since when it was in
// the wrong hands.
type TrustedKey struct {
	Name         string // of the key, or of the person who holds it
	Email        string // of that person
	Role         string // that the person has: clinical, quality, ...
	Key          crypto.PublicKey
	Identity     Identity            // instead of a key
	Certificates CertificateVerifier // of the identity; nil for a key
	Predicates   []string            // types of claims
	Environments []string            // that claims may be about; all when empty
	From         time.Time
	Until        time.Time
	Revoked      time.Time

	silent string // why it vouches for nothing; empty when it may
}

// silentAt says why the key vouches for nothing at that instant; it is empty
// when it does.
func (k TrustedKey) silentAt(now time.Time) string {
	switch {
	case !k.Revoked.IsZero() && !now.Before(k.Revoked):
		return "was withdrawn on " + k.Revoked.UTC().Format(time.RFC3339)
	case !k.Until.IsZero() && !now.Before(k.Until):
		return "ended on " + k.Until.UTC().Format(time.RFC3339)
	case !k.From.IsZero() && now.Before(k.From):
		return "is not to be believed before " + k.From.UTC().Format(time.RFC3339)
	}
	return ""
}

// may reports whether the key may make the statement.
func (k TrustedKey) may(statement Statement) bool {
	if !slices.Contains(k.Predicates, statement.PredicateType) {
		return false
	}
	about := statement.environment()
	return len(k.Environments) == 0 || about == "" || slices.Contains(k.Environments, about)
}

// Person is who holds a key, as far as the one who trusts it knows.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Role  string `json:"role,omitempty"`
}

// Trust is the set of keys that are believed, each for its claims. The empty
// Trust believes nobody. It knows no time: At leaves the keys that vouch at an
// instant.
type Trust []TrustedKey

// At is the trust that is left at an instant. Of a key that does not vouch then
// its name is left, so that who relies on it is told; it may sign nothing.
func (t Trust) At(now time.Time) Trust {
	var left Trust
	for _, key := range t {
		switch silent := key.silentAt(now); {
		case silent == "":
			left = append(left, key)
		case key.Certificates == nil:
			left = append(left, TrustedKey{Name: key.Name, Key: key.Key, silent: silent})
		}
	}
	return left
}

// Holds are the instants from and until which At(now) is the answer; a zero
// time is no bound.
func (t Trust) Holds(now time.Time) (from, until time.Time) {
	for _, key := range t {
		for _, change := range []time.Time{key.From, key.Until, key.Revoked} {
			switch {
			case change.IsZero():
			case change.After(now):
				if until.IsZero() || change.Before(until) {
					until = change
				}
			case change.After(from):
				from = change
			}
		}
	}
	return from, until
}

// Verify answers with the statement when a trusted key that may make it has
// signed it.
func (t Trust) Verify(_ context.Context, envelope Envelope) (Statement, error) {
	opened, err := envelope.unseal()
	if err != nil {
		return Statement{}, err
	}
	var keys []TrustedKey
	if opened.certified {
		keys, err = t.certifiedBy(envelope)
	} else {
		keys, err = t.signedBy(opened)
	}
	if err != nil {
		return Statement{}, errors.Join(err, foreign(opened.payload))
	}
	statement, err := decodeStatement(opened.payload)
	if err != nil {
		return Statement{}, err
	}
	for _, key := range keys {
		if key.may(statement) {
			statement.By = Person{key.Name, key.Email, key.Role}
			return statement, nil
		}
	}
	if silent := keys[len(keys)-1].silent; silent != "" {
		return Statement{}, fmt.Errorf("%w: the key %s %s", ErrUntrusted, keys[len(keys)-1].Name, silent)
	}
	return Statement{}, fmt.Errorf("%w: %s may not sign %s", ErrUntrusted, keys[0].Name, statement.claim())
}

// signedBy lists the trusted keys under which the signature is valid: one key
// may be trusted twice, for other claims.
func (t Trust) signedBy(opened unsealed) ([]TrustedKey, error) {
	var keys []TrustedKey
	for _, trusted := range t {
		if trusted.Certificates != nil {
			continue
		}
		name, err := keyHint(trusted.Key)
		if err != nil {
			return nil, fmt.Errorf("trusting key %s: %w", trusted.Name, err)
		}
		if name == opened.hint && verifies(trusted.Key, opened.preimage(), opened.signature) {
			keys = append(keys, trusted)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%w: the signature fits none of the %d trusted keys", ErrUntrusted, len(t))
	}
	return keys, nil
}
