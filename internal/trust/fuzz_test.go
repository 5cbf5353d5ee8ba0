package trust_test

import (
	"testing"
	"time"

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
		}})
		if err != nil {
			return
		}
		at, err := time.Parse(time.RFC3339, revoked)
		if revoked != "" && (err != nil || !at.IsZero() && len(read.At(at)) != 0) || revoked == "" && len(read.At(time.Now())) != 1 {
			t.Errorf("revoked %q: trusted %v", revoked, read)
		}
	})
}
