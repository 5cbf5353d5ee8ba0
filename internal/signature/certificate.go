package signature

import (
	"errors"
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

func readIdentity(written v1alpha1.Identity) (*evidence.Identity, string, error) {
	if written.Issuer == "" || written.Subject == "" {
		return nil, "", errors.New("identity: it names no issuer or no subject")
	}
	identity := &evidence.Identity{Issuer: written.Issuer, Subject: written.Subject}
	return identity, "gitsign:" + identity.String(), nil
}

// byCertificate finds whose certificate it is. The certificate lived for
// minutes, at a time that a log has proven; what is asked about now is whether
// the person is still believed under that identity.
func (p People) byCertificate(payload, signature []byte, now time.Time) (key, error) {
	if p.certificates == nil {
		return key{}, errors.New("it is signed with a certificate, and assay.yaml names no authority of certificates (spec.keyless)")
	}
	identity, err := p.certificates.Detached(payload, signature)
	if err != nil {
		return key{}, fmt.Errorf("its certificate does not hold: %w", err)
	}
	found := key{}
	for _, one := range p.keys {
		if one.identity != nil && *one.identity == identity && (found.Key == "" || found.worth(now) != nil) {
			found = one
		}
	}
	if found.Key == "" {
		return key{}, ErrNobody
	}
	return found, nil
}
