package security_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

// The catalog's models say that somebody has reviewed what the demo's image is
// made of. This is the bill that was reviewed.
func TestTheCatalogNamesTheBillOfTheDemosImage(t *testing.T) {
	clinic := newClinic(t)
	image, err := images.PushServing(t.Context(), clinic.host+"/assay/serving/predictor", images.Predictor(images.PredictorOpenSSL))
	if err != nil {
		t.Fatal(err)
	}
	bill, err := clinic.gate.Components(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range []string{"breast-malignancy", "colon-mortality", "lung-survival"} {
		name := "models/" + model + "/governance.yaml"
		text, err := catalog.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if want := "components: " + string(evidence.Sum(bill)); !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %s", name, want)
		}
	}
}
