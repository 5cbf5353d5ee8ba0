package interop

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

// trustedRoot names no certificate authority and no transparency log: trust in
// a key needs neither, and cosign then asks nobody on the network.
const trustedRoot = `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`

// notary is a registry with one release in it, a key of each kind, and cosign.
type notary struct {
	dir       string
	place     *oci.Registry
	artifact  oci.Artifact
	reference string
}

func newNotary(t *testing.T) notary {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	n := notary{dir: t.TempDir()}
	var err error
	if n.place, err = oci.Open(server.Listener.Addr().String() + "/clinic"); err != nil {
		t.Fatal(err)
	}
	if n.artifact, err = oci.Build(oci.Files{"model.json": []byte(`{"intercept":-1.5}`)}, oci.Meta{Name: "breast-malignancy"}); err != nil {
		t.Fatal(err)
	}
	if n.reference, err = n.place.Reference(n.artifact.Subject()); err != nil {
		t.Fatal(err)
	}
	n.write(t, "root.json", []byte(trustedRoot))
	return n
}

func (n notary) write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(n.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (n notary) cosign(ctx context.Context, arguments ...string) (string, error) {
	binary, err := filepath.Abs(filepath.Join("..", "..", ".assay", "bin", "cosign"))
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Dir, command.Stdin = n.dir, nil
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + n.dir, "COSIGN_PASSWORD=", "TUF_ROOT=" + n.dir}
	said, err := command.CombinedOutput()
	return string(said), err
}

func (n notary) verify(ctx context.Context, key, predicate string) (string, error) {
	return n.cosign(ctx, "verify-attestation", "--key", key, "--type", predicate, "--trusted-root", "root.json",
		"--insecure-ignore-tlog", "--allow-http-registry", n.reference)
}

// privateKeys are one of each kind that evidence may be signed with.
func privateKeys(t *testing.T) map[string][]byte {
	t.Helper()
	edwards, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"ed25519": edwards, "ecdsa": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

func signerOf(t *testing.T, private []byte) (evidence.KeySigner, []byte) {
	t.Helper()
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	return signer, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func measurements() evidence.Measurements {
	return evidence.Measurements{
		Gate: "performance", Environment: "staging",
		Model:        evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"},
		Inputs:       []evidence.Subject{{Name: "holdout", Digest: evidence.Sum([]byte("rows"))}},
		Measurements: []evidence.Measurement{{Name: "auroc", Value: "0.98", Low: "0.97", High: "0.99", N: 285, Method: "delong"}},
	}
}

// An auditor with cosign and our public key verifies what Assay attached, and
// refuses it under any other key and for any other claim.
func TestCosignBelievesWhatAssayWrote(t *testing.T) {
	for kind, private := range privateKeys(t) {
		n := newNotary(t)
		signer, public := signerOf(t, private)
		_, stranger := signerOf(t, privateKeys(t)[kind])
		n.write(t, "ours.pub", public)
		n.write(t, "strange.pub", stranger)
		envelope, err := signer.Sign(t.Context(), evidence.Measured(n.artifact.Subject(), measurements()))
		if err != nil {
			t.Fatal(err)
		}
		if err := n.place.Push(t.Context(), n.artifact, []evidence.Envelope{envelope}); err != nil {
			t.Fatal(err)
		}
		said, err := n.verify(t.Context(), "ours.pub", evidence.MeasurementsType)
		if err != nil || !strings.Contains(said, "in-toto") {
			t.Errorf("%s: %v\n%s", kind, err, said)
		}
		if said, err := n.verify(t.Context(), "strange.pub", evidence.MeasurementsType); err == nil {
			t.Errorf("%s: cosign believed a strange key:\n%s", kind, said)
		}
		if said, err := n.verify(t.Context(), "ours.pub", evidence.ProvenanceType); err == nil {
			t.Errorf("%s: cosign found a claim that nobody made:\n%s", kind, said)
		}
	}
}

// What cosign attaches with a key that we trust is evidence like our own.
func TestAssayBelievesWhatCosignWrote(t *testing.T) {
	n := newNotary(t)
	private := privateKeys(t)["ecdsa"]
	signer, _ := signerOf(t, private)
	if err := n.place.Push(t.Context(), n.artifact, nil); err != nil {
		t.Fatal(err)
	}
	predicate, err := json.Marshal(measurements())
	if err != nil {
		t.Fatal(err)
	}
	n.write(t, "predicate.json", predicate)
	n.write(t, "key.pem", private)
	for _, step := range [][]string{
		{"import-key-pair", "--key", "key.pem", "--output-key-prefix", "imported"},
		{"attest", "--key", "imported.key", "--predicate", "predicate.json", "--type", evidence.MeasurementsType, "--tlog-upload=false",
			"--use-signing-config=false", "--new-bundle-format", "--allow-http-registry", n.reference},
	} {
		if said, err := n.cosign(t.Context(), step...); err != nil {
			t.Fatalf("cosign %s: %v\n%s", step[0], err, said)
		}
	}
	envelopes, err := n.place.List(t.Context(), n.artifact.Subject())
	if err != nil || len(envelopes) != 1 {
		t.Fatalf("listed %d envelopes: %v", len(envelopes), err)
	}
	trust := evidence.Trust{{Name: "cosign", Key: signer.Public(), Predicates: []string{evidence.MeasurementsType}}}
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
