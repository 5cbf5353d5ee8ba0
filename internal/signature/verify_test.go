package signature_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

func TestWhatSSHKeygenSignsIsThePersons(t *testing.T) {
	for name, arguments := range map[string][]string{
		"ed25519": {"-t", "ed25519"}, "ecdsa": {"-t", "ecdsa", "-b", "256"}, "ecdsa 521": {"-t", "ecdsa", "-b", "521"}, "rsa": {"-t", "rsa", "-b", "2048"},
	} {
		file, public := keygen(t, arguments...)
		people := peopleOf(t, ines(v1alpha1.PersonKey{SSH: public}))
		for _, hash := range []string{"sha256", "sha512"} {
			signer, err := people.Verify(payload, sshSign(t, file, "git", hash), now)
			if err != nil || signer.Email != "ines@example.org" || signer.Name != "Ines Albrecht" || signer.Means != signature.SSH ||
				signer.Key != fingerprint(t, public) || len(signer.Roles) != 2 {
				t.Errorf("%s, %s: %+v, %v", name, hash, signer, err)
			}
		}
	}
}

// What we sign, ssh-keygen accepts.
func TestSSHKeygenAcceptsWhatIsSignedHere(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	private, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := signature.ReadSSHSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signature.SignSSH(signer, payload)
	if err != nil {
		t.Fatal(err)
	}
	allowed := file + ".allowed"
	if err := errors.Join(os.WriteFile(file+".sig", signed, 0o600), os.WriteFile(allowed, []byte("ines@example.org "+public), 0o600)); err != nil {
		t.Fatal(err)
	}
	tool(t, payload, "ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "ines@example.org", "-n", "git", "-s", file+".sig")
	if _, err := peopleOf(t, ines(v1alpha1.PersonKey{SSH: public})).Verify(payload, signed, now); err != nil {
		t.Error(err)
	}
}

func TestWhatGPGSignsIsThePersons(t *testing.T) {
	for _, algorithm := range []string{"ed25519", "rsa2048"} {
		home := gpgHome(t)
		public := gpgKey(t, home, algorithm, "never")
		people := peopleOf(t, ines(v1alpha1.PersonKey{GPG: public}))
		signed := gpgSign(t, home)
		signer, err := people.Verify(payload, signed, soon())
		if err != nil || signer.Email != "ines@example.org" || signer.Means != signature.GPG || !strings.HasPrefix(signer.Key, "gpg:") {
			t.Errorf("%s: %+v, %v", algorithm, signer, err)
		}
		if _, err := people.Verify(append([]byte("x"), payload...), signed, soon()); err == nil {
			t.Errorf("%s: another text was accepted", algorithm)
		}
	}
}

// Of a signature that is not for this, in this way, by somebody who is listed,
// nothing is believed.
func TestASignatureThatIsNotForThisCountsForNobody(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	other, _ := keygen(t, "-t", "ed25519")
	home := gpgHome(t)
	gpgPublic := gpgKey(t, home, "ed25519", "never")
	stranger := gpgHome(t)
	gpgKey(t, stranger, "ed25519", "never")
	people := peopleOf(t, ines(v1alpha1.PersonKey{SSH: public}, v1alpha1.PersonKey{GPG: gpgPublic}))
	good := sshSign(t, file, "git", "sha512")
	for name, test := range map[string]struct {
		payload, signature []byte
		want               string
	}{
		"no signature":         {payload, nil, "not signed"},
		"another text":         {append(bytes.Clone(payload), 'x'), good, "does not hold"},
		"another namespace":    {payload, sshSign(t, file, "file", "sha512"), "does not hold"},
		"a stranger by SSH":    {payload, sshSign(t, other, "git", "sha512"), "nobody"},
		"a stranger by GPG":    {payload, gpgSign(t, stranger), "nobody"},
		"SHA-1 by GPG":         {payload, gpgSign(t, home, "--digest-algo", "SHA1", "--weak-digest", "MD5"), "does not hold"},
		"a certificate":        {payload, []byte("-----BEGIN SIGNED MESSAGE-----\n"), "certificate"},
		"of no kind":           {payload, []byte("-----BEGIN CERTIFICATE-----\n"), "no kind"},
		"half of one":          {payload, good[:len(good)/2], "SSH signature"},
		"a text in front":      {payload, append([]byte("hello\n"), good...), "no kind"},
		"a very long one":      {payload, append(bytes.Clone(good), make([]byte, 1<<17)...), "larger"},
		"a very long text":     {make([]byte, 2<<20), good, "larger"},
		"not a PGP signature":  {payload, []byte("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"), "OpenPGP"},
		"an SSH one as of PGP": {payload, bytes.ReplaceAll(good, []byte("SSH"), []byte("PGP")), "OpenPGP"},
	} {
		if signer, err := people.Verify(test.payload, test.signature, soon()); err == nil || signer.Email != "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %+v, %v", name, signer, err)
		}
	}
}

// Every single byte of a signature that is changed leaves no signature, or the
// very same one.
func TestNoChangedByteIsAccepted(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	people := peopleOf(t, ines(v1alpha1.PersonKey{SSH: public}))
	good := sshSign(t, file, "git", "sha512")
	for at := range good {
		changed := bytes.Clone(good)
		changed[at] ^= 1
		if _, err := people.Verify(payload, changed, now); err == nil && !bytes.Equal(bytes.TrimSpace(changed), bytes.TrimSpace(good)) {
			t.Errorf("byte %d: %q for %q is accepted", at, changed[at], good[at])
		}
	}
	if letter := bytes.IndexByte(good, '='); letter > 0 {
		for other := range byte(128) {
			changed := bytes.Clone(good)
			changed[letter-1] = other
			if _, err := people.Verify(payload, changed, now); err == nil && other != good[letter-1] {
				t.Errorf("the last letter may be %q for %q", other, good[letter-1])
			}
		}
	} else {
		t.Error("this signature has no letter with bits to spare")
	}
	for at := range payload {
		changed := bytes.Clone(payload)
		changed[at] ^= 1
		if _, err := people.Verify(changed, good, now); err == nil {
			t.Errorf("byte %d of the text is not signed", at)
		}
	}
}

func TestAKeyIsWorthWhatItIsWorthNow(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	signed := sshSign(t, file, "git", "sha512")
	const before, after = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00+01:00"
	for name, test := range map[string]struct {
		keys []v1alpha1.PersonKey
		want error
	}{
		"begun":                    {[]v1alpha1.PersonKey{{SSH: public, From: before, Until: after, Revoked: after}}, nil},
		"not begun":                {[]v1alpha1.PersonKey{{SSH: public, From: after}}, signature.ErrExpired},
		"ended":                    {[]v1alpha1.PersonKey{{SSH: public, Until: before}}, signature.ErrExpired},
		"revoked":                  {[]v1alpha1.PersonKey{{SSH: public, Revoked: before}}, signature.ErrWithdrawn},
		"revoked and ended":        {[]v1alpha1.PersonKey{{SSH: public, Revoked: before, Until: before}}, signature.ErrWithdrawn},
		"ended and given out anew": {[]v1alpha1.PersonKey{{SSH: public, Until: before}, {SSH: public, From: before}}, nil},
	} {
		signer, err := peopleOf(t, ines(test.keys...)).Verify(payload, signed, now)
		if !errors.Is(err, test.want) || test.want == nil && err != nil || (signer.Email != "") == (test.want == signature.ErrExpired) {
			t.Errorf("%s: %+v, %v", name, signer, err)
		}
	}
}

// A GPG key says itself until when it is valid.
func TestAnExpiredGPGKeySignsForNobody(t *testing.T) {
	home := gpgHome(t)
	public := gpgKey(t, home, "ed25519", "1y")
	people := peopleOf(t, ines(v1alpha1.PersonKey{GPG: public}))
	signed := gpgSign(t, home)
	if _, err := people.Verify(payload, signed, soon()); err != nil {
		t.Error(err)
	}
	if signer, err := people.Verify(payload, signed, soon().AddDate(3, 0, 0)); err == nil {
		t.Errorf("after its end it signs for %+v", signer)
	}
}
