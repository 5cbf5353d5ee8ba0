package keyless_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

func TestARootMustBeEnoughToVerify(t *testing.T) {
	deployment := deploy(t)
	good, err := deployment.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	text := func(parts sigstore.Parts) string {
		made, err := parts.TrustedRoot()
		if err != nil {
			t.Fatal(err)
		}
		return string(made)
	}
	for name, story := range map[string]struct{ text, want string }{
		"nothing":         {"", "reading a trusted root"},
		"no root":         {"{}", "media type"},
		"no authority":    {text(sigstore.Parts{Rekor: deployment}), "no certificate authority"},
		"no time":         {text(sigstore.Parts{Fulcio: deployment, Certificates: deployment}), "nothing could say when"},
		"too long":        {string(good) + strings.Repeat(" ", 256<<10), "larger than"},
		"an unknown part": {strings.Replace(string(good), `"tlogs"`, `"tlogz"`, 1), "tlogz"},
		"a part twice":    {strings.Replace(string(good), `"mediaType"`, `"mediaType":"x","mediaType"`, 1), "duplicate"},
		"a broken key":    {strings.Replace(string(good), `"rawBytes":"M`, `"rawBytes":"N`, 1), "parse"},
	} {
		if story.text == string(good) {
			t.Fatalf("%s: the case changes nothing", name)
		}
		if read, err := keyless.ReadRoot([]byte(story.text)); err == nil || read != nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A repository names the file, and the services whose keys must be in it.
func TestARepositoryNamesItsRoot(t *testing.T) {
	deployment := deploy(t)
	text, err := deployment.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	repository := fstest.MapFS{"sigstore/trusted_root.json": {Data: text}, "empty.json": {}}
	named := func(fulcio, rekor, file string) *v1alpha1.Keyless {
		return &v1alpha1.Keyless{Fulcio: fulcio, Rekor: rekor, TrustedRoot: file}
	}
	if read, err := keyless.Of(repository, nil); read != nil || err != nil {
		t.Errorf("none: %v, %v", read, err)
	}
	if read, err := keyless.Of(repository, named(deployment.URL, deployment.URL, "sigstore/trusted_root.json")); read == nil || err != nil {
		t.Errorf("ours: %v, %v", read, err)
	}
	for name, wrong := range map[string]*v1alpha1.Keyless{
		"absent":            named(deployment.URL, deployment.URL, "trusted_root.json"),
		"outside":           named(deployment.URL, deployment.URL, "../trusted_root.json"),
		"empty":             named(deployment.URL, deployment.URL, "empty.json"),
		"another authority": named("https://fulcio.example", deployment.URL, "sigstore/trusted_root.json"),
		"another log":       named(deployment.URL, "https://rekor.example", "sigstore/trusted_root.json"),
	} {
		if read, err := keyless.Of(repository, wrong); err == nil || read != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// leafOf is the certificate in an envelope.
func leafOf(t *testing.T, envelope evidence.Envelope) *x509.Certificate {
	t.Helper()
	var bundle struct {
		VerificationMaterial struct {
			Certificate struct {
				RawBytes string `json:"rawBytes"`
			} `json:"certificate"`
		} `json:"verificationMaterial"`
	}
	if err := json.Unmarshal(envelope, &bundle); err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(bundle.VerificationMaterial.Certificate.RawBytes)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

// Who signs something else than an envelope, such as a commit, is told by the
// certificate alone and an instant.
func TestACertificateNamesItsHolderWhileItLives(t *testing.T) {
	ours, foreign := deploy(t), deploy(t)
	leaf := leafOf(t, signed(t, ours, measurer))
	root := rootOf(t, whole(ours))
	for _, at := range []time.Time{leaf.NotBefore, leaf.NotBefore.Add(time.Minute), leaf.NotAfter} {
		if who, err := root.Certificate(leaf, nil, at); err != nil || who != measurer {
			t.Errorf("at %s: %s, %v", at, who, err)
		}
	}
	for name, story := range map[string]struct {
		root sigstore.Parts
		at   time.Time
		want string
	}{
		"before":                      {whole(ours), leaf.NotBefore.Add(-time.Second), "and not at"},
		"after":                       {whole(ours), leaf.NotAfter.Add(time.Second), "and not at"},
		"another authority":           {sigstore.Parts{Fulcio: foreign, Rekor: ours}, leaf.NotBefore, "no trusted authority"},
		"another log of certificates": {sigstore.Parts{Fulcio: ours, Certificates: foreign, Rekor: ours}, leaf.NotBefore, "no trusted log of certificates"},
	} {
		if who, err := rootOf(t, story.root).Certificate(leaf, nil, story.at); err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %s, %v", name, who, err)
		}
	}
}

// An intermediate that came with a certificate leads to the root, or nowhere.
func TestAnIntermediateMayComeAlong(t *testing.T) {
	ours, foreign := deploy(t), deploy(t)
	leaf := leafOf(t, signed(t, ours, measurer))
	along := []*x509.Certificate{ours.Intermediate()}
	if who, err := rootOf(t, sigstore.Parts{Fulcio: ours, Rekor: ours, RootOnly: true}).Certificate(leaf, along, leaf.NotBefore); err != nil || who != measurer {
		t.Errorf("with its intermediate: %s, %v", who, err)
	}
	if who, err := rootOf(t, sigstore.Parts{Fulcio: ours, Rekor: ours, RootOnly: true}).Certificate(leaf, nil, leaf.NotBefore); err == nil {
		t.Errorf("without: %s", who)
	}
	if who, err := rootOf(t, sigstore.Parts{Fulcio: foreign, Rekor: ours}).Certificate(leaf, along, leaf.NotBefore); err == nil {
		t.Errorf("to another root: %s", who)
	}
}
