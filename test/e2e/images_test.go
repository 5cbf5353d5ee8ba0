package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

var (
	anyImage = regexp.MustCompile(`\S+@sha256:[0-9a-f]{64}`)
	anyBill  = regexp.MustCompile(`components: sha256:[0-9a-f]{64}`)
)

// serve lets the model be served by another image, of which somebody has
// reviewed what it is made of.
func (b *bench) serve(model string, image v1.Image) error {
	reference, err := images.Push(b.t.Context(), b.registry.host()+"/assay/serving/predictor", image)
	if err != nil {
		return err
	}
	bill, err := security.Gate{}.Components(b.t.Context(), reference)
	if err != nil {
		return err
	}
	for name, change := range map[string]func(string) string{
		"model.yaml": func(text string) string { return anyImage.ReplaceAllLiteralString(text, reference) },
		"governance.yaml": func(text string) string {
			return anyBill.ReplaceAllLiteralString(text, "components: "+string(evidence.Sum(bill)))
		},
	} {
		path := filepath.Join(b.clone, "models", model, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(change(string(text))), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// vex says of libssl3 that it is not affected.
func vex(updated string) string {
	return fmt.Sprintf(`{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1", "author": "security@example.org",
  "timestamp": %q, "version": 1, "statements": [{"vulnerability": {"name": "CVE-2024-5535"},
  "products": [{"@id": "pkg:deb/debian/libssl3@3.0.9-1"}], "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]}`, updated)
}

func TestAnImageIsJudgedByWhatIsInIt(t *testing.T) {
	t.Parallel()
	const model, old = "breast-malignancy", "3.0.9-1"
	bench := newBench(t, model)
	stripped := images.Predictor(images.PredictorOpenSSL)
	for i := range stripped {
		stripped[i].Licence = ""
	}
	for name, story := range map[string]struct {
		packages []images.Package
		wheels   []images.Wheel
		vex      string
		denied   []string
	}{
		"a-clean-image":        {images.Predictor(images.PredictorOpenSSL), nil, "", nil},
		"a-known-flaw":         {images.Predictor(old), nil, "", []string{"model.security.vulnerabilities"}},
		"which-does-no-harm":   {images.Predictor(old), nil, vex("2026-11-01T00:00:00Z"), nil},
		"as-was-said-long-ago": {images.Predictor(old), nil, vex("2026-08-01T00:00:00Z"), []string{"model.security.exploitability"}},
		"a-forbidden-licence": {images.Predictor(images.PredictorOpenSSL), []images.Wheel{{Name: "ghost", Version: "1", Licence: "AGPL-3.0"}}, "",
			[]string{"model.security.licences"}},
		"licences-stripped": {stripped, nil, "", []string{"model.security.licences"}},
	} {
		image, err := images.Serving(story.packages, story.wheels...)
		if err != nil {
			t.Fatal(err)
		}
		rules, said := bench.deniedBy(name, model, func() error {
			if err := bench.serve(model, image); err != nil {
				return err
			}
			if story.vex == "" {
				return nil
			}
			return bench.write("vex/predictor.json", story.vex)
		})
		if !slices.Equal(rules, story.denied) {
			t.Errorf("%s is denied by %v: %v", name, rules, said)
		}
	}
}

// Somebody changes the serving image, and leaves the review of the old one.
func TestAnImageThatNobodyReviewedIsDenied(t *testing.T) {
	t.Parallel()
	const model = "breast-malignancy"
	bench := newBench(t, model)
	rules, said := bench.deniedBy("another-image", model, func() error {
		path := filepath.Join(bench.clone, "models", model, "governance.yaml")
		reviewed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		image, err := images.Serving(append(images.Predictor(images.PredictorOpenSSL), images.Package{Name: "zlib1g", Version: "1", Licence: "Zlib"}))
		if err != nil {
			return err
		}
		if err := bench.serve(model, image); err != nil {
			return err
		}
		return os.WriteFile(path, reviewed, 0o644)
	})
	if !slices.Equal(rules, []string{"model.compliance.software"}) {
		t.Errorf("it is denied by %v: %v", rules, said)
	}
}
