package v1alpha1_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const environment = `apiVersion: assay.dev/v1alpha1
kind: Environment
metadata:
  name: staging
spec:
  after: development
  profile: staging
  namespace: models-staging
`

func TestDecodeReadsAnObject(t *testing.T) {
	var read v1alpha1.Environment
	if err := v1alpha1.Decode("environments/staging/environment.yaml", []byte(environment), &read); err != nil {
		t.Fatal(err)
	}
	if read.Metadata.Name != "staging" || !slices.Equal(read.Spec.After, []string{"development"}) {
		t.Errorf("read %+v", read)
	}
}

// Every mistake names file, line and field.
func TestDecodeNamesFileLineAndField(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"unknown field":     {"  profile: staging", "  profil: staging", `e.yaml:7: unknown field "profil"`},
		"field twice":       {"  profile: staging", "  after: x\n  profile: staging", `e.yaml:7: field "after" stands here again, first at line 6`},
		"wrong type":        {"  profile: staging", "  profile: [a]", "e.yaml:7: "},
		"not a name":        {"  namespace: models-staging", "  namespace: Models_Staging", `e.yaml:8: spec.namespace: "Models_Staging" is not a name`},
		"other kind":        {"kind: Environment", "kind: Model", `e.yaml:2: kind: "Model" is not Environment`},
		"other version":     {"assay.dev/v1alpha1", "assay.dev/v2", `e.yaml:1: apiVersion: "assay.dev/v2" is not assay.dev/v1alpha1`},
		"missing field":     {"  profile: staging\n", "", "e.yaml:6: spec.profile: "},
		"second document":   {"  namespace: models-staging\n", "  namespace: models-staging\n---\nkind: X\n", "a second document"},
		"not YAML at all":   {"spec:", "spec: {", "e.yaml:"},
		"tabs":              {"  profile", "\tprofile", "e.yaml:"},
		"an alias of alias": {"  name: staging", "  name: &a staging\n  labels: {a: *b}", "e.yaml:"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(environment, test.old, test.new, 1)
			var read v1alpha1.Environment
			err := v1alpha1.Decode("e.yaml", []byte(text), &read)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if err := v1alpha1.Decode("e.yaml", nil, &v1alpha1.Environment{}); err == nil || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("empty file: %v", err)
	}
}

// FuzzDecodeNeverPanicsAndNamesTheFile: whatever the bytes, Decode ends, and
// an error starts with the file's name.
func FuzzDecodeNeverPanicsAndNamesTheFile(f *testing.F) {
	f.Add([]byte(environment))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("spec: {after: 3, profile: !!binary x}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, object := range []v1alpha1.Object{&v1alpha1.Environment{}, &v1alpha1.Model{}, &v1alpha1.Dataset{}, &v1alpha1.Platform{}} {
			if err := v1alpha1.Decode("f.yaml", content, object); err != nil && !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Errorf("%v", err)
			}
		}
	})
}
