package security

import (
	"io"
	"log"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	trivylog "github.com/aquasecurity/trivy/pkg/log"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"

	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

const aboutDatabase = `{"Version":2,"UpdatedAt":"2026-11-20T06:00:00Z"}`

// newDatabase pushes advisories and answers with the gate that reads them and
// the unpacked bolt file.
func newDatabase(t *testing.T) (Gate, string) {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	repository := strings.TrimPrefix(server.URL, "http://") + "/trivy-db"
	reference, err := images.PushVulnerabilityDatabase(t.Context(), repository, time.Unix(1_790_000_000, 0), []images.Advisory{
		{ID: "CVE-2099-0001", Bucket: images.Debian12, Package: "openssl", Severity: "HIGH"},
	})
	if err != nil {
		t.Fatal(err)
	}
	gate := Gate{Database: reference, CacheDir: t.TempDir(), Insecure: true}
	dir, err := gate.fetchDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bolt, err := os.ReadFile(filepath.Join(dir, "trivy.db"))
	if err != nil {
		t.Fatal(err)
	}
	return gate, string(bolt)
}

func TestADamagedBoltFileIsAnErrorAndNoCrash(t *testing.T) {
	gate, bolt := newDatabase(t)
	repository := strings.TrimSuffix(gate.Database, ":2")
	for claim, row := range map[string]struct {
		files map[string]string
		says  string
	}{
		"text":             {map[string]string{"metadata.json": aboutDatabase, "trivy.db": "advisories"}, "it is not a vulnerability database"},
		"empty":            {map[string]string{"metadata.json": aboutDatabase, "trivy.db": ""}, "it is not a vulnerability database"},
		"cut short":        {map[string]string{"metadata.json": aboutDatabase, "trivy.db": bolt[:2*4096]}, "it is damaged"},
		"pages of rubbish": {map[string]string{"metadata.json": aboutDatabase, "trivy.db": bolt[:2*4096] + strings.Repeat("\xff", len(bolt)-2*4096)}, "it is damaged"},
		"another schema":   {map[string]string{"metadata.json": `{"Version":3,"UpdatedAt":"2026-11-20T06:00:00Z"}`, "trivy.db": bolt}, "it has schema 3"},
		"no date":          {map[string]string{"metadata.json": `{"Version":2}`, "trivy.db": bolt}, "reads dated databases"},
		"no description":   {map[string]string{"metadata.json": "<html>", "trivy.db": bolt}, "it is not a vulnerability database"},
		"a third file":     {map[string]string{"metadata.json": aboutDatabase, "trivy.db": bolt, "../../authorized_keys": "x"}, "which no vulnerability database does"},
		"one file":         {map[string]string{"metadata.json": aboutDatabase}, "it has no trivy.db"},
	} {
		t.Run(claim, func(t *testing.T) {
			if _, err := images.PushDatabaseLayer(t.Context(), repository, pack(t, row.files)); err != nil {
				t.Fatal(err)
			}
			if _, err := gate.openDatabase(t.Context()); err == nil || !strings.Contains(err.Error(), row.says) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestAnImageThatUnpacksWithoutEndIsAnError(t *testing.T) {
	gate, _ := newDatabase(t)
	reference, err := images.PushServing(t.Context(), strings.TrimSuffix(gate.Database, "/trivy-db:2")+"/serving", nil)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := name.NewDigest(reference)
	if err != nil {
		t.Fatal(err)
	}
	image, err := remote.Image(digest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inspect(t.Context(), servingImage{image, digest, newBudget(1000)}); err == nil {
		t.Fatal("it was read")
	}
	if _, err := inspect(t.Context(), servingImage{image, digest, newBudget(100_000)}); err != nil {
		t.Fatal(err)
	}
}

func TestAnOperatingSystemWithoutAdvisoriesIsAnError(t *testing.T) {
	_, err := detect(t.Context(), fanal.ArtifactDetail{OS: fanal.OS{Family: "plan9", Name: "4"}})
	if err == nil || !strings.Contains(err.Error(), "plan9 4") {
		t.Fatalf("got %v", err)
	}
}

func TestALayerOnAHostOfThePublishersChoosingIsAnError(t *testing.T) {
	elsewhere, err := mutate.Append(empty.Image, mutate.Addendum{
		Layer: static.NewLayer([]byte("x"), "application/vnd.oci.image.layer.v1.tar+gzip"),
		URLs:  []string{"http://169.254.169.254/latest/meta-data"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := onlyOwnLayers(elsewhere); err == nil {
		t.Fatal("it would be fetched")
	}
}

func TestAFailureThatTrivyOnlyLogsIsAnError(t *testing.T) {
	complaints := listen()
	slog.Error("a failure of somebody else")
	trivylog.Warnf("something to know")
	if err := complaints.err(); err != nil {
		t.Fatalf("heard %v", err)
	}
	trivylog.Errorf("check %s broke", "KSV-0017")
	if err := complaints.err(); err == nil || !strings.Contains(err.Error(), "check KSV-0017 broke") {
		t.Fatalf("heard %v", err)
	}
	if err := listen().err(); err != nil {
		t.Fatalf("an old failure is heard again: %v", err)
	}
}
