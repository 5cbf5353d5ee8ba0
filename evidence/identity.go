package evidence

import "fmt"

// Identity is whom a certificate authority has named in a certificate, and by
// whose word. Both are compared whole.
type Identity struct {
	Issuer  string // URL of the OpenID Connect provider
	Subject string // e-mail address, or URI of a workload
}

func (i Identity) String() string {
	return fmt.Sprintf("%.120s (by the word of %.120s)", i.Subject, i.Issuer)
}

// CertificateVerifier says who signed an envelope that holds a certificate
// instead of the hint of a key: whose certificate it is, once it is proven that
// a trusted authority issued it, that its key signed the payload, and that it
// did so while the certificate was alive. It judges nothing else: what the
// holder may claim is for Trust to say. It is an interface because what
// implements it is large; it must be comparable.
type CertificateVerifier interface {
	Identify(envelope Envelope) (Identity, error)
}

// identities asks each verifier once about an envelope.
type identities map[CertificateVerifier]struct {
	identity Identity
	err      error
}

func (i identities) of(verifier CertificateVerifier, envelope Envelope) (Identity, error) {
	answer, known := i[verifier]
	if !known {
		answer.identity, answer.err = verifier.Identify(envelope)
		i[verifier] = answer
	}
	return answer.identity, answer.err
}

// certifiedBy lists the trusted holders of certificates who signed the envelope.
func (t Trust) certifiedBy(envelope Envelope) ([]TrustedKey, error) {
	var keys []TrustedKey
	var reason error
	told := identities{}
	for _, trusted := range t {
		if trusted.Certificates == nil {
			continue
		}
		identity, err := told.of(trusted.Certificates, envelope)
		switch {
		case err != nil:
			reason = err
		case identity == trusted.Identity:
			keys = append(keys, trusted)
		default:
			reason = fmt.Errorf("nobody trusts %s", identity)
		}
	}
	switch {
	case len(keys) > 0:
		return keys, nil
	case reason != nil:
		return nil, fmt.Errorf("%w: %w", ErrUntrusted, reason)
	}
	return nil, fmt.Errorf("%w: it holds a certificate, and none of the %d signers is trusted by identity", ErrUntrusted, len(t))
}
