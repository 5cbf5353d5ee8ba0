package e2e

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

// workload is in whose name the reconciler of a cluster signs.
var workload = evidence.Identity{
	Issuer:  "https://oidc.hospital.example",
	Subject: "https://kubernetes.io/namespaces/assay-system/serviceaccounts/assay-reconciler",
}

var publicKeyBlock = regexp.MustCompile(`publicKey: \|\n(?:        .*\n)+`)

// goKeyless replaces the key in assay.yaml by a name.
func (b *bench) goKeyless(deployment *sigstore.Deployment) error {
	root, err := deployment.TrustedRoot()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.clone, "trusted_root.json"), root, 0o644); err != nil {
		return err
	}
	file := filepath.Join(b.clone, "assay.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	named := publicKeyBlock.ReplaceAllString(string(text), fmt.Sprintf("identity: {issuer: %q, subject: %q}\n", workload.Issuer, workload.Subject))
	services := fmt.Sprintf("spec:\n  keyless: {fulcio: %q, rekor: %q, trustedRoot: trusted_root.json}\n", deployment.URL, deployment.URL)
	return os.WriteFile(file, []byte(strings.Replace(named, "spec:\n", services, 1)), 0o644)
}

func (b *bench) nameless(deployment *sigstore.Deployment, who evidence.Identity) *keyless.Signer {
	b.t.Helper()
	token := filepath.Join(b.t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(deployment.Token(who.Issuer, who.Subject)), 0o600); err != nil {
		b.t.Fatal(err)
	}
	signer, err := keyless.OpenSigner(keyless.Scheme + "?" + url.Values{
		"fulcio": {deployment.URL}, "rekor": {deployment.URL}, "root": {filepath.Join(b.clone, "trusted_root.json")}, "token": {token},
	}.Encode())
	if err != nil {
		b.t.Fatal(err)
	}
	return signer
}

// Nobody keeps a key: a release is signed in the reconciler's name, judged,
// delivered once, and admitted when every service of Sigstore is gone. What
// another workload signs with the same services is not evidence.
func TestAReleaseIsSignedWithoutAKey(t *testing.T) {
	t.Parallel()
	deployment, err := sigstore.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(deployment.Close)
	bench := newBench(t, "breast-malignancy")
	bench.pushed("keyless", func() error { return bench.goKeyless(deployment) })
	bench.mustMerge("keyless")
	stranger := evidence.Identity{Issuer: workload.Issuer, Subject: "https://kubernetes.io/namespaces/default/serviceaccounts/default"}
	for _, story := range []struct {
		who     evidence.Identity
		allowed bool
	}{{stranger, false}, {workload, true}} {
		state := t.TempDir()
		bench.Workshop = bench.open(assembly.Options{StateDir: state, Ledger: filepath.Join(state, "ledger"), Signer: bench.nameless(deployment, story.who)})
		made := bench.merged("breast-malignancy")
		if made.Verdict.Allowed() != story.allowed {
			t.Fatalf("signed by %s: %+v", story.who, made.Verdict.Findings)
		}
		delivered := bench.tip("env/development")
		if again := bench.merged("breast-malignancy"); again.Verdict.Allowed() != story.allowed || bench.tip("env/development") != delivered {
			t.Errorf("signed by %s: looked at again, it is delivered again", story.who)
		}
		if !story.allowed {
			continue
		}
		deployment.Close()
		if _, whole := admit(t, bench, releaseOf(t, bench, made), "development"); !whole.Allowed() {
			t.Errorf("at the door: %+v", whole.Findings)
		}
	}
}
