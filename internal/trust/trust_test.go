package trust_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/trust"
)

func signer(t *testing.T) v1alpha1.Signer {
	t.Helper()
	_, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return v1alpha1.Signer{Name: "reconciler", PublicKey: string(public), Predicates: evidence.PredicateTypes()}
}

func TestASignerIsTrustedForWhatItSays(t *testing.T) {
	written := signer(t)
	written.Environments = []string{"staging"}
	written.From, written.Until, written.Revoked = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00+01:00", "2026-06-01T12:00:00Z"
	read, err := trust.Of([]v1alpha1.Signer{written}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := read[0]
	if got.Name != "reconciler" || len(got.Predicates) != len(evidence.PredicateTypes()) || got.Environments[0] != "staging" ||
		!got.From.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) || !got.Until.Equal(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)) ||
		!got.Revoked.Equal(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("read %+v", got)
	}
	if nobody, err := trust.Of(nil, nil); err != nil || len(nobody) != 0 {
		t.Errorf("nobody: %v, %v", nobody, err)
	}
}

// A mistake in whom to trust is an error that names the signer, never a key
// that is trusted for more, or for longer, than was meant.
func TestAMistakeTrustsNobody(t *testing.T) {
	for name, spoil := range map[string]func(*v1alpha1.Signer){
		"no name":       func(s *v1alpha1.Signer) { s.Name = "" },
		"no predicates": func(s *v1alpha1.Signer) { s.Predicates = nil },
		"no key":        func(s *v1alpha1.Signer) { s.PublicKey = "" },
		"a date":        func(s *v1alpha1.Signer) { s.Until = "2027-01-01" },
		"not a time":    func(s *v1alpha1.Signer) { s.Revoked = "yesterday" },
		"no time zone":  func(s *v1alpha1.Signer) { s.From = "2026-01-01T00:00:00" },
		"both":          func(s *v1alpha1.Signer) { s.Identity = &v1alpha1.Identity{Issuer: "https://i", Subject: "s"} },
		"no issuer":     func(s *v1alpha1.Signer) { s.PublicKey, s.Identity = "", &v1alpha1.Identity{Subject: "s"} },
		"no subject":    func(s *v1alpha1.Signer) { s.PublicKey, s.Identity = "", &v1alpha1.Identity{Issuer: "https://i"} },
	} {
		written := signer(t)
		spoil(&written)
		read, err := trust.Of([]v1alpha1.Signer{signer(t), written}, authority{})
		if err == nil || read != nil || !strings.Contains(err.Error(), "signer") {
			t.Errorf("%s: read %v, %v", name, read, err)
		}
	}
}

// authority vouches for one name.
type authority struct{}

func (authority) Identify(evidence.Envelope) (evidence.Identity, error) {
	return evidence.Identity{Issuer: "https://i", Subject: "s"}, nil
}

func TestASignerMayBeAName(t *testing.T) {
	written := signer(t)
	written.PublicKey, written.Identity = "", &v1alpha1.Identity{Issuer: "https://i", Subject: "s"}
	read, err := trust.Of([]v1alpha1.Signer{written}, authority{})
	if err != nil || read[0].Key != nil || read[0].Identity.Subject != "s" || read[0].Certificates != (authority{}) {
		t.Errorf("read %+v, %v", read, err)
	}
	if read, err := trust.Of([]v1alpha1.Signer{written}, nil); err == nil || read != nil || !strings.Contains(err.Error(), "no trusted root") {
		t.Errorf("without a trusted root: %v, %v", read, err)
	}
}
