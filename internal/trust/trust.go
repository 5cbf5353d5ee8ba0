// Package trust reads whose signatures count from what people write in a
// repository or in a cluster.
//
// It knows keys, identities and the claims that they may make. It must never open
// a statement: what a key vouches for is said by package evidence. It must never
// import what verifies certificates (internal/keyless), which is given to it: the
// webhook reads trust, and is built with or without.
package trust

import (
	"errors"
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Of reads the signers, each with the claims that it may make, for which
// environments and when. Certificates verifies those who sign by identity; it is
// nil where no trusted root is known, and such a signer is then an error. So is a
// signer of nothing, and a time that cannot be read: it would leave the key open
// for ever.
func Of(signers []v1alpha1.Signer, certificates evidence.CertificateVerifier) (evidence.Trust, error) {
	var trust evidence.Trust
	for _, signer := range signers {
		key, err := of(signer, certificates)
		if err != nil {
			return nil, fmt.Errorf("signer %.80q: %w", signer.Name, err)
		}
		trust = append(trust, key)
	}
	return trust, nil
}

func of(signer v1alpha1.Signer, certificates evidence.CertificateVerifier) (evidence.TrustedKey, error) {
	trusted := evidence.TrustedKey{Name: signer.Name, Email: signer.Email, Role: signer.Role, Predicates: signer.Predicates, Environments: signer.Environments}
	if signer.Name == "" || len(signer.Predicates) == 0 {
		return trusted, fmt.Errorf("it has no name or no predicates")
	}
	if err := known(signer, certificates, &trusted); err != nil {
		return trusted, err
	}
	var err error
	for field, instant := range map[string]struct {
		text string
		into *time.Time
	}{"from": {signer.From, &trusted.From}, "until": {signer.Until, &trusted.Until}, "revoked": {signer.Revoked, &trusted.Revoked}} {
		if instant.text == "" {
			continue
		}
		if *instant.into, err = time.Parse(time.RFC3339, instant.text); err != nil {
			return trusted, fmt.Errorf("%s: %.40q is not a time, such as 2027-01-31T00:00:00Z", field, instant.text)
		}
	}
	return trusted, nil
}

// known says by what the signer is known: a key, or else an identity.
func known(signer v1alpha1.Signer, certificates evidence.CertificateVerifier, trusted *evidence.TrustedKey) error {
	who := signer.Identity
	switch {
	case (signer.PublicKey == "") == (who == nil):
		return errors.New("it has either a publicKey or an identity")
	case who == nil:
		var err error
		trusted.Key, err = evidence.ParsePublicKey([]byte(signer.PublicKey))
		return err
	case who.Issuer == "" || who.Subject == "":
		return errors.New("its identity lacks the issuer or the subject: anybody could have it")
	case certificates == nil:
		return errors.New("it signs by identity, and there is no trusted root to verify certificates with")
	}
	trusted.Identity, trusted.Certificates = evidence.Identity{Issuer: who.Issuer, Subject: who.Subject}, certificates
	return nil
}
