package v1alpha1_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const platformByName = `apiVersion: assay.dev/v1alpha1
kind: Platform
metadata:
  name: oncology
spec:
  registry: registry.example.org/assay
  environments: [development]
  keyless:
    fulcio: https://fulcio.example.org
    rekor: https://rekor.example.org
    trustedRoot: trusted_root.json
  signers:
  - name: reconciler
    predicates: [https://slsa.dev/provenance/v1]
    identity:
      issuer: https://oidc.example.org
      subject: https://kubernetes.io/namespaces/assay-system/serviceaccounts/assay-reconciler
`

// Half a name would be many people's, and a name without a trusted root nobody's.
func TestASignerByNameIsWrittenWhole(t *testing.T) {
	for name, story := range map[string]struct{ old, new, want string }{
		"whole":            {"", "", ""},
		"no issuer":        {"      issuer: https://oidc.example.org\n", "", "p.yaml:16: spec.signers[0].identity.issuer: "},
		"an empty subject": {"subject: https://kubernetes.io/namespaces/assay-system/serviceaccounts/assay-reconciler", "subject: ''", "p.yaml:17: spec.signers[0].identity.subject: "},
		"a key as well":    {"    identity:", "    publicKey: x\n    identity:", "p.yaml:13: spec.signers[0]: has either a publicKey or an identity"},
		"a pattern":        {"subject: ", "subjectRegExp: x\n      subject: ", `unknown field "subjectRegExp"`},
		"no root":          {"    trustedRoot: trusted_root.json\n", "", "p.yaml:9: spec.keyless.trustedRoot: "},
		"no authority":     {"    fulcio: https://fulcio.example.org\n", "", "p.yaml:9: spec.keyless.fulcio: "},
		"nothing": {"  keyless:\n    fulcio: https://fulcio.example.org\n    rekor: https://rekor.example.org\n    trustedRoot: trusted_root.json\n", "",
			"p.yaml:12: spec.signers[0].identity: needs spec.keyless"},
	} {
		var read v1alpha1.Platform
		err := v1alpha1.Decode("p.yaml", []byte(strings.Replace(platformByName, story.old, story.new, 1)), &read)
		switch {
		case story.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case story.want != "" && (err == nil || !strings.Contains(err.Error(), story.want)):
			t.Errorf("%s: got %v, want %q", name, err, story.want)
		}
	}
}
