package trust_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/trust"
)

// FuzzATimeThatIsNotReadTrustsNobody: a bound that is written either holds, or
// the whole is refused; no misspelt time leaves a key open for ever.
func FuzzATimeThatIsNotReadTrustsNobody(f *testing.F) {
	_, public, err := evidence.GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("2027-01-01T00:00:00Z", "clinical")
	f.Add("2027-01-01", "")
	f.Add("never", "x")
	f.Fuzz(func(t *testing.T, revoked, role string) {
		read, err := trust.Of([]v1alpha1.Signer{{
			Name: "x", Role: role, PublicKey: string(public), Predicates: evidence.ReconcilerTypes(), Revoked: revoked,
		}}, nil)
		if err != nil {
			return
		}
		at, err := time.Parse(time.RFC3339, revoked)
		if revoked != "" && (err != nil || !at.IsZero() && vouching(read.At(at)) != 0) || revoked == "" && vouching(read.At(time.Now())) != 1 {
			t.Errorf("revoked %q: trusted %v", revoked, read)
		}
	})
}

// vouching counts the keys that may sign anything: of others the name is left.
func vouching(trusted evidence.Trust) int {
	return len(slices.DeleteFunc(trusted, func(key evidence.TrustedKey) bool { return len(key.Predicates) == 0 }))
}

// FuzzASignerIsWhoIsWritten: a list of signers as people write it is refused, or
// everybody in it is trusted for what stands there and for no more: by a key or
// by a whole name, for some predicates.
func FuzzASignerIsWhoIsWritten(f *testing.F) {
	_, public, err := evidence.GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	key := strings.ReplaceAll(string(public), "\n", "\n    ")
	f.Add("- name: a\n  predicates: [x]\n  publicKey: |\n    " + key)
	f.Add("- {name: a, predicates: [x], environments: [staging], identity: {issuer: https://i, subject: s}}")
	f.Add("- {name: a, predicates: [x], identity: {issuer: '', subject: .*}, until: 2027-01-01T00:00:00Z}")
	f.Fuzz(func(t *testing.T, text string) {
		var written []v1alpha1.Signer
		if yaml.Unmarshal([]byte(text), &written) != nil {
			return
		}
		read, err := trust.Of(written, authority{})
		if err != nil {
			return
		}
		if len(read) != len(written) {
			t.Fatalf("%d of %d signers", len(read), len(written))
		}
		for i, signer := range read {
			byName := signer.Certificates != nil && signer.Identity.Issuer != "" && signer.Identity.Subject != ""
			if byName == (signer.Key != nil) || len(signer.Predicates) == 0 || !slices.Equal(signer.Environments, written[i].Environments) {
				t.Errorf("%+v was read as %+v", written[i], signer)
			}
		}
	})
}
