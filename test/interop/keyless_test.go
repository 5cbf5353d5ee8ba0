package interop

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

var measurer = evidence.Identity{
	Issuer:  "https://oidc.hospital.example",
	Subject: "https://kubernetes.io/namespaces/assay-system/serviceaccounts/reconciler",
}

// sign lets us sign with the services of a deployment.
func (n notary) sign(t *testing.T, deployment *sigstore.Deployment, root []byte) evidence.Envelope {
	t.Helper()
	signer, err := keyless.OpenSigner(keyless.Scheme + "?" + url.Values{
		"fulcio": {deployment.URL}, "rekor": {deployment.URL}, "root": {n.write(t, "root.json", root)},
		"token": {n.write(t, "token", []byte(deployment.Token(measurer.Issuer, measurer.Subject)))},
	}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := signer.Sign(t.Context(), evidence.Measured(n.artifact.Subject(), measurements()))
	if err != nil {
		t.Fatal(err)
	}
	return envelope
}

func deployed(t *testing.T) (deployment *sigstore.Deployment, root []byte) {
	t.Helper()
	deployment, err := sigstore.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(deployment.Close)
	if root, err = deployment.TrustedRoot(); err != nil {
		t.Fatal(err)
	}
	return deployment, root
}

// An auditor with cosign, the trusted root and the name verifies what was signed
// without a key, with every service gone; and refuses it in any other name.
func TestCosignBelievesTheNameThatAssaySignedIn(t *testing.T) {
	n := newNotary(t)
	deployment, root := deployed(t)
	_, foreign := deployed(t)
	if err := n.place.Push(t.Context(), n.artifact, []evidence.Envelope{n.sign(t, deployment, root)}); err != nil {
		t.Fatal(err)
	}
	deployment.Close()
	n.write(t, "foreign.json", foreign)
	for name, story := range map[string]struct {
		root, issuer, subject, predicate string
		believed                         bool
	}{
		"ours":              {"root.json", measurer.Issuer, measurer.Subject, evidence.MeasurementsType, true},
		"another issuer":    {"root.json", "https://oidc.elsewhere.example", measurer.Subject, evidence.MeasurementsType, false},
		"another subject":   {"root.json", measurer.Issuer, measurer.Subject + "/x", evidence.MeasurementsType, false},
		"another predicate": {"root.json", measurer.Issuer, measurer.Subject, evidence.ProvenanceType, false},
		"another root":      {"foreign.json", measurer.Issuer, measurer.Subject, evidence.MeasurementsType, false},
	} {
		said, err := n.cosign(t.Context(), "verify-attestation", "--type", story.predicate, "--trusted-root", story.root,
			"--certificate-identity", story.subject, "--certificate-oidc-issuer", story.issuer, "--offline", "--allow-http-registry", n.reference)
		if (err == nil) != story.believed || story.believed && !strings.Contains(said, "in-toto") {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}

// What cosign signs in a name that we trust is evidence like our own.
func TestAssayBelievesTheNameThatCosignSignedIn(t *testing.T) {
	n := newNotary(t)
	deployment, root := deployed(t)
	if err := n.place.Push(t.Context(), n.artifact, nil); err != nil {
		t.Fatal(err)
	}
	services, err := deployment.SigningConfig()
	if err != nil {
		t.Fatal(err)
	}
	predicate, err := json.Marshal(measurements())
	if err != nil {
		t.Fatal(err)
	}
	n.write(t, "root.json", root)
	n.write(t, "services.json", services)
	n.write(t, "predicate.json", predicate)
	n.write(t, "token", []byte(deployment.Token(measurer.Issuer, measurer.Subject)))
	if said, err := n.cosign(t.Context(), "attest", "--predicate", "predicate.json", "--type", evidence.MeasurementsType, "--yes",
		"--signing-config", "services.json", "--trusted-root", "root.json", "--identity-token", "token",
		"--allow-http-registry", n.reference); err != nil {
		t.Fatalf("cosign attest: %v\n%s", err, said)
	}
	envelopes, err := n.place.List(t.Context(), n.artifact.Subject())
	if err != nil || len(envelopes) != 1 {
		t.Fatalf("listed %d envelopes: %v", len(envelopes), err)
	}
	read, err := keyless.ReadRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	trust := evidence.Trust{{Name: "cosign", Certificates: read, Identity: measurer, Predicates: []string{evidence.MeasurementsType}}}
	opened := evidence.Open(t.Context(), trust, n.artifact.Subject(), envelopes)
	if len(opened.Statements) != 1 || opened.Statements[0].Measurements.Measurements[0].Value != "0.98" {
		t.Fatalf("opened %+v\n%s", opened, envelopes[0])
	}
	for i := range envelopes[0] {
		changed := bytes.Clone(envelopes[0])
		changed[i] ^= 1
		if read, err := trust.Verify(t.Context(), changed); err == nil {
			t.Errorf("byte %d (%q) changed: it says %+v", i, envelopes[0][i], read)
		}
	}
}
