package images_test

import (
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

var built = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)

func newRegistry(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func digestOf(t *testing.T, reference string) string {
	t.Helper()
	parsed, err := name.ParseReference(reference)
	if err != nil {
		t.Fatal(err)
	}
	image, err := remote.Image(parsed)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func TestTheSamePackagesGiveTheSameImage(t *testing.T) {
	host := newRegistry(t)
	push := func(version string) string {
		reference, err := images.PushServing(t.Context(), host+"/serving/predictor",
			[]images.Package{{Name: "libssl3", Version: version, Source: "openssl"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := digestOf(t, reference); !strings.HasSuffix(reference, "@"+got) {
			t.Fatalf("the reference is %s, the registry holds %s", reference, got)
		}
		return reference
	}
	if first, second := push("3.0.1"), push("3.0.1"); first != second {
		t.Fatalf("two builds differ: %s and %s", first, second)
	}
	if push("3.0.1") == push("3.0.2") {
		t.Fatal("another version gives the same image")
	}
}

func TestTheSameAdvisoriesGiveTheSameDatabase(t *testing.T) {
	host := newRegistry(t)
	push := func(severity string) string {
		reference, err := images.PushVulnerabilityDatabase(t.Context(), host+"/trivy-db", built, []images.Advisory{
			{ID: "CVE-2099-0001", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.2", Severity: severity},
		})
		if err != nil {
			t.Fatal(err)
		}
		return digestOf(t, reference)
	}
	if first, second := push("HIGH"), push("HIGH"); first != second {
		t.Fatalf("two builds differ: %s and %s", first, second)
	}
	if push("HIGH") == push("LOW") {
		t.Fatal("another severity gives the same database")
	}
}

func TestASeverityThatTrivyDoesNotKnowIsAnError(t *testing.T) {
	_, err := images.PushVulnerabilityDatabase(t.Context(), newRegistry(t)+"/trivy-db", built, []images.Advisory{
		{ID: "CVE-2099-0001", Bucket: images.Debian12, Package: "openssl", Severity: "severe"},
	})
	if err == nil || !strings.Contains(err.Error(), "CVE-2099-0001") {
		t.Fatalf("got %v", err)
	}
}
