package assembly

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

// The names that are believed, and the root that vouches for them, are those of
// the base: a root that cannot be read trusts nobody, and says which file it is.
func TestNamesAreBelievedByTheRootOfTheBase(t *testing.T) {
	deployment, err := sigstore.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(deployment.Close)
	root, err := deployment.TrustedRoot()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(platformText, "environments: [development]", `environments: [development], keyless: {fulcio: "URL", rekor: "URL", trustedRoot: trusted_root.json},
  signers: [{name: reconciler, predicates: ["`+evidence.ProvenanceType+`"], identity: {issuer: "https://oidc.example.org", subject: s}}]`, 1)
	base := fstest.MapFS{"assay.yaml": {Data: []byte(strings.ReplaceAll(text, "URL", deployment.URL))}, "trusted_root.json": {Data: root}}
	workshop := openWorkshop(t, newOrigin(t))
	tools, err := workshop.Tools(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	if trust := tools.Trust.(evidence.Trust); trust[0].Certificates == nil || trust[0].Identity.Subject != "s" {
		t.Errorf("it trusts %+v", trust)
	}
	base["trusted_root.json"] = &fstest.MapFile{Data: []byte("{}")}
	if _, err := workshop.Tools(t.Context(), base); err == nil || !strings.Contains(err.Error(), "spec.keyless: trusted_root.json: ") {
		t.Errorf("a root that cannot be read: %v", err)
	}
	delete(base, "trusted_root.json")
	if _, err := workshop.Tools(t.Context(), base); err == nil || !strings.Contains(err.Error(), "assay.yaml: spec.keyless: ") {
		t.Errorf("no root: %v", err)
	}
}
