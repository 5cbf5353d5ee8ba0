package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

// seeded is a key that is the same in every run.
func seeded(f *testing.F) (ssh.Signer, string) {
	f.Helper()
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)))
	if err != nil {
		f.Fatal(err)
	}
	return signer, string(ssh.MarshalAuthorizedKey(signer.PublicKey()))
}

// FuzzNoSignatureIsMadeUp: whatever stands where a signature belongs, it is
// that of the person only for the text that they signed.
func FuzzNoSignatureIsMadeUp(f *testing.F) {
	signer, public := seeded(f)
	people, err := signature.Of([]v1alpha1.Person{ines(v1alpha1.PersonKey{SSH: public})}, nil)
	if err != nil {
		f.Fatal(err)
	}
	good, err := signature.SignSSH(signer, payload)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload, good)
	f.Add([]byte("other"), good)
	f.Add(payload, []byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"))
	f.Add(payload, []byte("-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0=\n-----END PGP SIGNATURE-----\n"))
	f.Fuzz(func(t *testing.T, text, signed []byte) {
		if _, err := people.Verify(text, signed, now); err == nil && !bytes.Equal(text, payload) {
			t.Errorf("%q is signed", text)
		}
	})
}

// FuzzNobodyIsBelievedForLonger: a key either is read with all its bounds, or
// the whole list is refused.
func FuzzNobodyIsBelievedForLonger(f *testing.F) {
	signer, public := seeded(f)
	signed, err := signature.SignSSH(signer, payload)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("ines@example.org", "2027-01-01T00:00:00Z", "")
	f.Add("bot@example.org", "", "2027-01-01")
	f.Add(" NoReply@x", "x", "y")
	f.Fuzz(func(t *testing.T, email, until, revoked string) {
		person := ines(v1alpha1.PersonKey{SSH: public, Until: until, Revoked: revoked})
		person.Email = email
		people, err := signature.Of([]v1alpha1.Person{person}, nil)
		if err != nil {
			return
		}
		_, err = people.Verify(payload, signed, now)
		for _, bound := range []string{until, revoked} {
			at, wrong := time.Parse(time.RFC3339, bound)
			if err == nil && bound != "" && (wrong != nil || !at.IsZero() && !now.Before(at)) {
				t.Errorf("until %q, revoked %q: believed", until, revoked)
			}
		}
	})
}
