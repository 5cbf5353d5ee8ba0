package keyless_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

// One name is one key, whoever keeps what was signed; each signature has a
// certificate of its own.
func TestASignerIsKnownByItsName(t *testing.T) {
	deployment := deploy(t)
	ours, again := signer(t, deployment, measurer), signer(t, deployment, measurer)
	other := signer(t, deployment, evidence.Identity{Issuer: measurer.Issuer, Subject: "https://kubernetes.io/namespaces/x/serviceaccounts/y"})
	elsewhere := signer(t, deployment, evidence.Identity{Issuer: "https://oidc.elsewhere.example", Subject: measurer.Subject})
	renewed := signer(t, deploy(t), measurer)
	if ours.Key() != again.Key() || ours.Key() == other.Key() || ours.Key() == elsewhere.Key() || ours.Key() == renewed.Key() {
		t.Errorf("keys %q, %q, %q, %q, %q", ours.Key(), again.Key(), other.Key(), elsewhere.Key(), renewed.Key())
	}
	first, second := signed(t, deployment, measurer), signed(t, deployment, measurer)
	if first.Digest() == second.Digest() {
		t.Error("two signatures have one certificate")
	}
}

func TestATokenIsFoundWhereOthersLookForIt(t *testing.T) {
	deployment := deploy(t)
	reference, file, _ := strings.Cut(reference(t, deployment, measurer), "&token=")
	file, err := url.QueryUnescape(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keyless.OpenSigner(reference); err == nil || !strings.Contains(err.Error(), "SIGSTORE_ID_TOKEN") {
		t.Errorf("no token: %v", err)
	}
	t.Setenv("SIGSTORE_ID_TOKEN", string(text)+"\n")
	opened, err := keyless.OpenSigner(reference)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Sign(t.Context(), statement()); err != nil {
		t.Error(err)
	}
	t.Setenv("SIGSTORE_ID_TOKEN", deployment.Token(measurer.Issuer, "somebody@else.example"))
	if _, err := opened.Sign(t.Context(), statement()); err == nil || !strings.Contains(err.Error(), "the identity token is now of") {
		t.Errorf("the token of somebody else: %v", err)
	}
}

// What could not sign, or could give the token away, is an error at once.
func TestAMistakeInTheReferenceIsAnErrorAtOnce(t *testing.T) {
	deployment := deploy(t)
	good := reference(t, deployment, measurer)
	query, err := url.ParseQuery(strings.TrimPrefix(good, keyless.Scheme+"?"))
	if err != nil {
		t.Fatal(err)
	}
	with := func(name, value string) string {
		changed := url.Values{}
		for key, values := range query {
			changed[key] = values
		}
		changed.Set(name, value)
		return keyless.Scheme + "?" + changed.Encode()
	}
	for name, story := range map[string]struct{ reference, want string }{
		"nothing":               {"keyless:", "write keyless:?fulcio=URL"},
		"another scheme":        {"keylessly:?x", "write keyless:?fulcio=URL"},
		"a misspelt part":       {good + "&tokne=x", "is not a part"},
		"a part twice":          {good + "&token=x", "stands twice"},
		"no authority":          {with("fulcio", ""), "is not the URL of a service"},
		"an open connection":    {with("rekor", "http://rekor.hospital.example"), "https only"},
		"another authority":     {with("fulcio", "https://fulcio.hospital.example"), "names no certificate authority at"},
		"another log":           {with("rekor", "https://rekor.hospital.example"), "names no transparency log at"},
		"no trusted root":       {with("root", filepath.Join(t.TempDir(), "absent")), "reading the trusted root"},
		"a root that is none":   {with("root", write(t, "root", "{}")), "reading a trusted root"},
		"a token that is none":  {with("token", write(t, "token", "x.y.z")), "does not say who gave it"},
		"a token in two parts":  {with("token", write(t, "token", "x.y")), "not a JWT"},
		"a token without claim": {with("token", write(t, "token", "x.e30.z")), "does not say who gave it"},
		"a token without end":   {with("token", write(t, "token", strings.Repeat("x.", 1<<17))), "not a JWT"},
	} {
		if opened, err := keyless.OpenSigner(story.reference); err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v, %v", name, opened, err)
		}
	}
}

// What a service answers is verified before it is kept: of the certificate of
// another authority, or the entry of another log, no envelope is made.
func TestWhatAServiceAnswersIsVerified(t *testing.T) {
	ours, foreign := deploy(t), deploy(t)
	query, err := url.ParseQuery(strings.TrimPrefix(reference(t, ours, measurer), keyless.Scheme+"?"))
	if err != nil {
		t.Fatal(err)
	}
	opened := func(parts sigstore.Parts) *keyless.Signer {
		root, err := parts.TrustedRoot()
		if err != nil {
			t.Fatal(err)
		}
		query.Set("root", write(t, "root", strings.ReplaceAll(string(root), foreign.URL, ours.URL)))
		made, err := keyless.OpenSigner(keyless.Scheme + "?" + query.Encode())
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	for name, story := range map[string]struct {
		root sigstore.Parts
		want string
	}{
		"another authority": {sigstore.Parts{Fulcio: foreign, Rekor: ours}, "answered what cannot be verified: no trusted authority"},
		"another log":       {sigstore.Parts{Fulcio: ours, Rekor: foreign}, "answered what cannot be verified: the entry is of a transparency log"},
	} {
		if _, err := opened(story.root).Sign(t.Context(), statement()); err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A service that refuses, or is not there, is an error that names it, and soon.
func TestAServiceThatRefusesIsNamed(t *testing.T) {
	deployment, foreign := deploy(t), deploy(t)
	query, err := url.ParseQuery(strings.TrimPrefix(reference(t, deployment, measurer), keyless.Scheme+"?"))
	if err != nil {
		t.Fatal(err)
	}
	query.Set("token", write(t, "token", foreign.Token(measurer.Issuer, measurer.Subject)))
	opened, err := keyless.OpenSigner(keyless.Scheme + "?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Sign(t.Context(), evidence.Statement{}); err == nil {
		t.Error("a statement of nothing was signed")
	}
	for _, want := range []string{"the token is not of this identity provider", "connection refused"} {
		if _, err := opened.Sign(t.Context(), statement()); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), deployment.URL) {
			t.Errorf("%s: %v", want, err)
		}
		deployment.Close()
	}
}
