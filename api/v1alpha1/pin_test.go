package v1alpha1_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const promoted = `# who may change this: the tumour board
apiVersion: assay.dev/v1alpha1
kind: Promotion
metadata:
  name: tumour
spec:
  model: tumour # the only one
  replicas: 3
`

var (
	digestA = "sha256:" + strings.Repeat("a", 64)
	digestB = "sha256:" + strings.Repeat("b", 64)
)

func TestAPinLeavesEverythingElseAsItWas(t *testing.T) {
	first := strings.Replace(promoted, "# the only one\n", "# the only one\n  release: "+digestA+"\n", 1)
	for name, test := range map[string]struct{ before, want string }{
		"the first pin":      {promoted, first},
		"another release":    {strings.ReplaceAll(first, digestA, digestB), first},
		"a comment behind":   {strings.Replace(first, digestA, digestB+" # since May", 1), strings.Replace(first, digestA, digestA+" # since May", 1)},
		"in quotes":          {strings.Replace(first, digestA, `"`+digestB+`"`, 1), first},
		"in single quotes":   {strings.Replace(first, digestA, "'"+digestB+"'", 1), first},
		"empty":              {strings.Replace(first, digestA, `""`, 1), first},
		"the same":           {first, first},
		"in the metadata":    {strings.Replace(promoted, "metadata:\n", "metadata:\n  labels: {release: x}\n", 1), strings.Replace(first, "metadata:\n", "metadata:\n  labels: {release: x}\n", 1)},
		"windows line ends":  {strings.ReplaceAll(strings.ReplaceAll(first, digestA, digestB), "\n", "\r\n"), strings.ReplaceAll(first, "\n", "\r\n")},
		"model in flow form": {"apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: tumour}\nspec: {model: tumour, release: " + digestB + "}\n", "apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: tumour}\nspec: {model: tumour, release: " + digestA + "}\n"},
	} {
		got, err := v1alpha1.Pin("p.yaml", []byte(test.before), digestA)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestWhatCannotBePinnedIsRefused(t *testing.T) {
	flow := "apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: tumour}\nspec: {model: tumour}\n"
	for name, test := range map[string]struct{ text, release, want string }{
		"no line of its own": {flow, digestA, "give every field of spec a line of its own"},
		"no promotion":       {"kind: Model\n", digestA, "p.yaml:1: kind"},
		"no digest":          {promoted, "latest", "cannot be written"},
		"two lines":          {promoted, digestA + "\n  model: other", "cannot be written"},
	} {
		if got, err := v1alpha1.Pin("p.yaml", []byte(test.text), test.release); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// FuzzAPinChangesTheReleaseOnly: whatever promotion it is, pinning it gives one
// that differs in its release alone, or an error.
func FuzzAPinChangesTheReleaseOnly(f *testing.F) {
	f.Add([]byte(promoted))
	f.Add([]byte(strings.Replace(promoted, "replicas: 3", "release: |-\n    "+digestB, 1)))
	f.Fuzz(func(t *testing.T, content []byte) {
		var before, after v1alpha1.Promotion
		if v1alpha1.Decode("p.yaml", content, &before) != nil {
			return
		}
		pinned, err := v1alpha1.Pin("p.yaml", content, digestA)
		if err != nil {
			return
		}
		if err := v1alpha1.Decode("p.yaml", pinned, &after); err != nil || after.Spec.Release != digestA || after.Spec.Model != before.Spec.Model || after.Spec.Replicas != before.Spec.Replicas {
			t.Errorf("%v: %s became %s", err, content, pinned)
		}
	})
}
