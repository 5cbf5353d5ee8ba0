package webhook

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

const workload = "https://kubernetes.io/namespaces/assay-system/serviceaccounts/assay-reconciler"

const admissionByName = `apiVersion: assay.dev/v1alpha1
kind: Admission
metadata: {name: local}
spec:
  modelRepositories: [registry.example.org:5000/models]
  environments: [{name: staging, profile: strict}]
  signers:
  - name: reconciler
    predicates: [https://assay.dev/predicate/measurements/v1alpha1, https://slsa.dev/provenance/v1]
    identity: {issuer: https://oidc.hospital.example, subject: SUBJECT}
  trustedRoot: |
    ROOT
`

// readRoot is what cmd/webhook gives when it is built with -tags keyless.
func readRoot(text []byte) (evidence.CertificateVerifier, error) { return keyless.ReadRoot(text) }

// again signs what a release says in a name.
func again(t *testing.T, signed measurer, object *kube.Release, deployment *sigstore.Deployment, root string) *kube.Release {
	t.Helper()
	files := map[string]string{"root": root, "token": deployment.Token("https://oidc.hospital.example", workload)}
	query := url.Values{"fulcio": {deployment.URL}, "rekor": {deployment.URL}}
	for name, content := range files {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		query.Set(name, file)
	}
	signer, err := keyless.OpenSigner(keyless.Scheme + "?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	made := object.DeepCopy()
	for i, envelope := range object.Spec.Envelopes {
		statement, err := signed.trust.Verify(t.Context(), evidence.Envelope(envelope))
		if err != nil {
			t.Fatal(err)
		}
		named, err := signer.Sign(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		made.Spec.Envelopes[i] = string(named)
	}
	return made
}

// A door that is told a trusted root and a name admits what was signed in that
// name, with nobody to ask; another name, or a door that is built without, shuts.
func TestADoorBelievesANameThatItWasTold(t *testing.T) {
	deployment, err := sigstore.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(deployment.Close)
	root, err := deployment.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	signer := newMeasurer(t)
	object := again(t, signer, signer.release(t, "one", model, staging, servingDigest), deployment, string(root))
	deployment.Close()
	for subject, allowed := range map[string]bool{workload: true, workload + "-2": false, strings.TrimSuffix(workload, "-reconciler"): false} {
		text := []byte(strings.NewReplacer("SUBJECT", subject, "ROOT", string(root)).Replace(admissionByName))
		configuration, err := ParseConfiguration(text, readRoot)
		if err != nil {
			t.Fatal(err)
		}
		memory := NewMemory()
		memory.Trust(configuration.Trust)
		memory.Remember(object)
		said := newHandler(t, realJudge(t), memory).Handle(t.Context(), creating(t, podMounting(mounted, "registry.example.org/serve@"+servingDigest)))
		if said.Allowed != allowed {
			t.Errorf("%s: %+v", subject, said.Result)
		}
		if _, err := ParseConfiguration(text, nil); err == nil || !strings.Contains(err.Error(), "built without") {
			t.Errorf("a door that is built without: %v", err)
		}
	}
	for name, root := range map[string]string{"no root": "", "no JSON": "root"} {
		text := strings.NewReplacer("SUBJECT", workload, "ROOT", root).Replace(admissionByName)
		if _, err := ParseConfiguration([]byte(text), readRoot); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}
