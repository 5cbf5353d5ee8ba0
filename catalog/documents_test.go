package catalog_test

import (
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
)

func digestOf(t *testing.T, file string) string {
	t.Helper()
	content, err := fs.ReadFile(catalog.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	return string(evidence.Sum(content))
}

// A document that is named by its content must be there, and be that content:
// who edits one writes its new digest into governance.yaml.
func TestGovernanceNamesTheDocumentsThatAreThere(t *testing.T) {
	files, err := fs.Glob(catalog.FS, "models/*/governance.yaml")
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(catalog.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		var governance v1alpha1.Governance
		if err := v1alpha1.Decode(file, content, &governance); err != nil {
			t.Fatal(err)
		}
		spec, folder := governance.Spec, path.Dir(file)
		for _, document := range append(slices.Clone(spec.TechnicalFile.Documents), v1alpha1.Document{Kind: "qualification", Digest: spec.Qualification.Digest}) {
			want := digestOf(t, folder+"/technical-file.md")
			if document.Kind == "qualification" {
				want = digestOf(t, "qualification.json")
			}
			if document.Digest != want {
				t.Errorf("%s: %s is %s, the file has %s", file, document.Kind, document.Digest, want)
			}
		}
		if want := digestOf(t, folder+"/instructions.md"); spec.TechnicalFile.Instructions.Digest != want {
			t.Errorf("%s: instructions are %s, the file has %s", file, spec.TechnicalFile.Instructions.Digest, want)
		}
	}
}
