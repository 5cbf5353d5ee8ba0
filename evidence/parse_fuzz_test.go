package evidence_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzDecimalsAreFiniteNumbers: text that is taken for a decimal is a finite
// number, and reads back from JSON as the same text.
func FuzzDecimalsAreFiniteNumbers(f *testing.F) {
	for _, seed := range []string{`"0"`, `"-1.5"`, `"1e9"`, `1.5`, `null`, `"-0"`, `"\u0031"`, `"` + "١" + `"`, `"0x1"`, `[]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var read evidence.Decimal
		if json.Unmarshal(text, &read) != nil || read == "" {
			return
		}
		if value := read.Float(); math.IsNaN(value) {
			t.Errorf("%s was read as %q, which is no number", text, read)
		}
		written, err := json.Marshal(read)
		var again evidence.Decimal
		if err != nil || json.Unmarshal(written, &again) != nil || again != read {
			t.Errorf("%q was written as %s (%v)", read, written, err)
		}
	})
}

// FuzzOneContentOneName: what is taken for a digest is written in one way.
func FuzzOneContentOneName(f *testing.F) {
	f.Add(string(evidence.Sum(nil)))
	f.Add("sha256:ABC")
	f.Add(string(evidence.Sum(nil)) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		digest, err := evidence.ParseDigest(text)
		if err != nil {
			if digest != "" {
				t.Errorf("%q is refused, and named %q", text, digest)
			}
			return
		}
		if string(digest) != text || len(text) != len("sha256:")+64 || digest != "sha256:"+evidence.Digest(digest.Hex()) {
			t.Errorf("%q is taken for %q", text, digest)
		}
	})
}

// FuzzKeysSignOrAreRefused: bytes are no key, or one that signs what its
// public half verifies.
func FuzzKeysSignOrAreRefused(f *testing.F) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(private)
	f.Add(public)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := evidence.ParsePublicKey(text); err == nil && key == nil {
			t.Error("a public key of nothing")
		}
		signer, err := evidence.NewSigner(text)
		if err != nil {
			return
		}
		subject := evidence.Subject{Name: "m", Digest: evidence.Sum(nil)}
		envelope, err := signer.Sign(t.Context(), evidence.Trained(subject, evidence.Provenance{}))
		if err != nil {
			t.Fatal(err)
		}
		trust := evidence.Trust{{Name: "k", Key: signer.Public(), Predicates: evidence.PredicateTypes()}}
		if _, err := trust.Verify(t.Context(), envelope); err != nil {
			t.Error(err)
		}
	})
}
