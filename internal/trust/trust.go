// Package trust reads whose signatures count from what people write in a
// repository or in a cluster.
//
// It knows keys and the claims that they may make. It must never open a
// statement: what a key vouches for is said by package evidence.
package trust

import (
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Of reads the signers, each with the claims that it may make, for which
// environments and when. A signer of nothing is an error, as is a time that
// cannot be read: it would leave the key open for ever.
func Of(signers []v1alpha1.Signer) (evidence.Trust, error) {
	var trust evidence.Trust
	for _, signer := range signers {
		key, err := of(signer)
		if err != nil {
			return nil, fmt.Errorf("signer %.80q: %w", signer.Name, err)
		}
		trust = append(trust, key)
	}
	return trust, nil
}

func of(signer v1alpha1.Signer) (evidence.TrustedKey, error) {
	trusted := evidence.TrustedKey{Name: signer.Name, Email: signer.Email, Role: signer.Role, Predicates: signer.Predicates, Environments: signer.Environments}
	if signer.Name == "" || len(signer.Predicates) == 0 {
		return trusted, fmt.Errorf("it has no name or no predicates")
	}
	var err error
	if trusted.Key, err = evidence.ParsePublicKey([]byte(signer.PublicKey)); err != nil {
		return trusted, err
	}
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
