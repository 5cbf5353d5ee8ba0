package signature_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

// authority has proven one signature of one text, whosever it is.
type authority struct{ holder evidence.Identity }

var certified = []byte("-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n")

func (a authority) Detached(content, signed []byte) (evidence.Identity, error) {
	if !bytes.Equal(content, payload) || !bytes.Equal(signed, certified) {
		return evidence.Identity{}, errors.New("not proven")
	}
	return a.holder, nil
}

func TestACertificateIsAPersonsByItsWholeIdentity(t *testing.T) {
	const issuer, subject = "https://accounts.example.org", "ines@example.org"
	listed := v1alpha1.PersonKey{Identity: &v1alpha1.Identity{Issuer: issuer, Subject: subject}}
	ended := listed
	ended.Until = "2026-01-01T00:00:00Z"
	for name, test := range map[string]struct {
		key    v1alpha1.PersonKey
		holder evidence.Identity
		want   error
	}{
		"theirs":             {listed, evidence.Identity{Issuer: issuer, Subject: subject}, nil},
		"another subject":    {listed, evidence.Identity{Issuer: issuer, Subject: "Ines@example.org"}, signature.ErrNobody},
		"by another's word":  {listed, evidence.Identity{Issuer: issuer + "/", Subject: subject}, signature.ErrNobody},
		"no longer believed": {ended, evidence.Identity{Issuer: issuer, Subject: subject}, signature.ErrExpired},
	} {
		people, err := signature.Of([]v1alpha1.Person{ines(test.key)}, authority{test.holder})
		if err != nil {
			t.Fatal(err)
		}
		signer, err := people.Verify(payload, certified, now)
		if !errors.Is(err, test.want) || test.want == nil && (err != nil || signer.Means != signature.Gitsign || signer.Email != "ines@example.org") {
			t.Errorf("%s: %+v, %v", name, signer, err)
		}
		if _, err := people.Verify(append(bytes.Clone(payload), 'x'), certified, now); err == nil {
			t.Errorf("%s: another text", name)
		}
	}
	if _, err := peopleOf(t).Verify(payload, certified, now); err == nil {
		t.Error("without an authority a certificate is believed")
	}
}
