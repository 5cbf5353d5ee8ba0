package main

import (
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

func TestTheBillOfMaterialsIsWrittenAndNamed(t *testing.T) {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	image, err := images.PushServing(t.Context(), server.Listener.Addr().String()+"/serving/predictor", images.Predictor(images.PredictorOpenSSL))
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := assay(t, "sbom", image)
	if code != allowed || !strings.Contains(stdout, `"purl":"pkg:deb/debian/libssl3@3.0.17-1~deb12u3?arch=amd64&distro=debian-12.7"`) {
		t.Errorf("%d\n%s\n%s", code, stdout, stderr)
	}
	if want := "the bill of materials is " + string(evidence.Sum([]byte(stdout))) + "\n"; stderr != want {
		t.Errorf("it says %q and not %q", stderr, want)
	}
	if code, _, stderr := assay(t, "sbom", "registry.example.org/predictor:latest"); code != couldNotJudge || !strings.Contains(stderr, "by digest") {
		t.Errorf("a tag: %d, %s", code, stderr)
	}
}

func TestVerifyTellsOfABillOfMaterials(t *testing.T) {
	document := []byte(`{"bomFormat":"CycloneDX"}`)
	subject := evidence.Subject{Name: "m", Digest: evidence.Sum(nil)}
	if got := describe(evidence.Listed(subject, document)); !strings.Contains(got, "CycloneDX "+string(evidence.Sum(document))) {
		t.Errorf("told %q", got)
	}
	if got := describe(evidence.Scanned(subject, evidence.Scan{})); !strings.Contains(got, evidence.ScanType) {
		t.Errorf("told %q", got)
	}
}
