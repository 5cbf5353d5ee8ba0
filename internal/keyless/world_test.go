package keyless_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

// The cast: a workload that signs, by the word of its cluster.
var measurer = evidence.Identity{
	Issuer:  "https://oidc.hospital.example",
	Subject: "https://kubernetes.io/namespaces/assay-system/serviceaccounts/reconciler",
}

var subject = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("model"))}

func deploy(t testing.TB) *sigstore.Deployment {
	t.Helper()
	deployment, err := sigstore.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(deployment.Close)
	return deployment
}

func rootOf(t testing.TB, parts sigstore.Parts) *keyless.Root {
	t.Helper()
	text, err := parts.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	read, err := keyless.ReadRoot(text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// whole are the parts of a deployment that its clients trust.
func whole(deployment *sigstore.Deployment) sigstore.Parts {
	return sigstore.Parts{Fulcio: deployment, Certificates: deployment, Rekor: deployment}
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// reference names the deployment's services, and a token for that identity.
func reference(t testing.TB, deployment *sigstore.Deployment, who evidence.Identity) string {
	t.Helper()
	root, err := deployment.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	return keyless.Scheme + "?" + url.Values{
		"fulcio": {deployment.URL}, "rekor": {deployment.URL}, "root": {write(t, "trusted_root.json", string(root))},
		"token": {write(t, "token", deployment.Token(who.Issuer, who.Subject))},
	}.Encode()
}

func signer(t testing.TB, deployment *sigstore.Deployment, who evidence.Identity) *keyless.Signer {
	t.Helper()
	opened, err := keyless.OpenSigner(reference(t, deployment, who))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func statement() evidence.Statement {
	return evidence.Measured(subject, evidence.Measurements{
		Gate: "performance", Environment: "staging",
		Measurements: []evidence.Measurement{{Name: "auroc", Value: "0.98", Low: "0.97", High: "0.99", N: 285, Method: "delong"}},
	})
}

func signed(t testing.TB, deployment *sigstore.Deployment, who evidence.Identity) evidence.Envelope {
	t.Helper()
	envelope, err := signer(t, deployment, who).Sign(t.Context(), statement())
	if err != nil {
		t.Fatal(err)
	}
	return envelope
}

func trusting(root *keyless.Root) evidence.Trust {
	return evidence.Trust{{
		Name: "reconciler", Certificates: root, Identity: measurer, Predicates: evidence.ReconcilerTypes(), Environments: []string{"staging"},
	}}
}

// changed is an envelope in which something is another.
func changed(t testing.TB, envelope evidence.Envelope, change func(bundle map[string]any)) evidence.Envelope {
	t.Helper()
	var bundle map[string]any
	if err := json.Unmarshal(envelope, &bundle); err != nil {
		t.Fatal(err)
	}
	change(bundle)
	text, err := json.Marshal(bundle)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func material(bundle map[string]any) map[string]any {
	return bundle["verificationMaterial"].(map[string]any)
}

func entry(bundle map[string]any) map[string]any {
	return material(bundle)["tlogEntries"].([]any)[0].(map[string]any)
}
