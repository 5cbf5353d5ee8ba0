package keyless_test

import (
	"reflect"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
)

// FuzzABundleSaysWhatWasSigned: whatever is believed on a certificate says what
// its holder signed.
func FuzzABundleSaysWhatWasSigned(f *testing.F) {
	deployment := deploy(f)
	trust := trusting(rootOf(f, whole(deployment)))
	envelope := signed(f, deployment, measurer)
	f.Add([]byte(envelope))
	f.Add([]byte(without(f, envelope, "tlogEntries")))
	f.Add([]byte(changed(f, envelope, func(bundle map[string]any) { entry(bundle)["logIndex"] = "1" })))
	f.Add([]byte(stamped(f, deployment)))
	want := statement()
	want.By = evidence.Person{Name: trust[0].Name}
	f.Fuzz(func(t *testing.T, content []byte) {
		if read, err := trust.Verify(t.Context(), content); err == nil && !reflect.DeepEqual(read, want) {
			t.Errorf("believed %q", content)
		}
		if who, err := trust[0].Certificates.Identify(content); err == nil && who != measurer {
			t.Errorf("%q was signed by %s", content, who)
		}
	})
}

// FuzzARootIsReadOrRefused: a trusted root that is read vouches for nobody whom
// another deployment has certified.
func FuzzARootIsReadOrRefused(f *testing.F) {
	ours, foreign := deploy(f), deploy(f)
	envelope := signed(f, foreign, measurer)
	for _, parts := range []func() ([]byte, error){ours.TrustedRoot, whole(ours).TrustedRoot} {
		text, err := parts()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","certificateAuthorities":[{}],"tlogs":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		root, err := keyless.ReadRoot(text)
		if err != nil {
			if root != nil {
				t.Error("refused, and read")
			}
			return
		}
		if who, err := root.Identify(envelope); err == nil {
			t.Errorf("%s is believed by the word of %q", who, text)
		}
	})
}
