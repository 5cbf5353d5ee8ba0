package security_test

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

var built = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)

// clinic is a registry with a vulnerability database, and the gate that uses
// them. It counts the blobs that are asked for.
type clinic struct {
	host  string
	gate  security.Gate
	blobs *atomic.Int64
}

func newClinic(t *testing.T, advisories ...images.Advisory) clinic {
	t.Helper()
	blobs := &atomic.Int64{}
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/trivy-db/blobs/") {
			blobs.Add(1)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	database, err := images.PushVulnerabilityDatabase(t.Context(), host+"/trivy-db", built, advisories)
	if err != nil {
		t.Fatal(err)
	}
	return clinic{host, security.Gate{Database: database, CacheDir: t.TempDir(), Insecure: true}, blobs}
}

// candidate is one that carries nothing bad, served by an image with OpenSSL
// of the version.
func (c clinic) candidate(t *testing.T, openssl string) gates.Candidate {
	t.Helper()
	image, err := images.PushServing(t.Context(), c.host+"/serving/predictor", []images.Package{
		{Name: "libc6", Version: "2.36-9", Source: "glibc"},
		{Name: "libssl3", Version: openssl, Source: "openssl"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return gates.Candidate{
		Name:       "wdbc",
		Image:      image,
		ModelFiles: fstest.MapFS{"model.json": {Data: []byte(`{"weights":["0.25","-1.5"]}`)}},
		Manifests:  fstest.MapFS{"predictor.yaml": {Data: []byte(deployment)}},
		Changed:    fstest.MapFS{"models/wdbc/model.yaml": {Data: []byte("kind: Model\n")}},
		Sources:    fstest.MapFS{"models/wdbc/Dockerfile": {Data: []byte("FROM scratch\nUSER 65532\n")}},
	}
}

var opensslFlaw = images.Advisory{
	ID: "CVE-2099-0001", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.2",
	Severity: "CRITICAL", Title: "made up", Score: 9.8,
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: predictor, namespace: models}
spec:
  selector: {matchLabels: {app: predictor}}
  template:
    metadata: {labels: {app: predictor}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: server
        image: registry.example/serving/predictor@sha256:0000000000000000000000000000000000000000000000000000000000000000
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "1", memory: 256Mi}}
        securityContext:
          allowPrivilegeEscalation: false
          privileged: false
          readOnlyRootFilesystem: true
          runAsNonRoot: true
          runAsUser: 65532
          runAsGroup: 65532
          capabilities: {drop: [ALL]}
          seccompProfile: {type: RuntimeDefault}
`

func measure(t *testing.T, gate security.Gate, candidate gates.Candidate) []evidence.Measurement {
	t.Helper()
	measurements, err := gate.Measure(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range measurements {
		if err := one.Validate(); err != nil {
			t.Error(err)
		}
	}
	return measurements
}

// value is the one measurement of that name and group.
func value(t *testing.T, all []evidence.Measurement, name, group string) evidence.Measurement {
	t.Helper()
	for _, one := range all {
		if one.Name == name && one.Group == group {
			return one
		}
	}
	t.Fatalf("there is no %s %q in %s", name, group, text(t, all))
	return evidence.Measurement{}
}

func text(t *testing.T, all []evidence.Measurement) string {
	t.Helper()
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestACleanCandidateCarriesNothing(t *testing.T) {
	clinic := newClinic(t, opensslFlaw)
	all := measure(t, clinic.gate, clinic.candidate(t, "3.0.2"))
	for _, none := range [][2]string{
		{"secrets", ""}, {"code_carrying_files", ""}, {"secrets_in_change", ""}, {"change_files_unread", ""},
		{"source_misconfigurations", "dockerfile critical"}, {"source_misconfigurations", "dockerfile high"}, {"sources_not_examined", ""},
		{"misconfigurations", "critical"}, {"misconfigurations", "high"},
		{"vulnerabilities", "critical"}, {"vulnerabilities", "high"}, {"fixable_vulnerabilities", "critical"},
	} {
		if got := value(t, all, none[0], none[1]); got.Value != "0" || got.N == 0 {
			t.Errorf("%v is %+v\n%s", none, got, text(t, all))
		}
	}
	if got := value(t, all, "packages_scanned", ""); got.Value != "2" {
		t.Errorf("packages_scanned is %+v", got)
	}
	if got := value(t, all, "operating_system_supported", ""); got.Value != "1" || got.Method != "debian 12.7" {
		t.Errorf("operating_system_supported is %+v", got)
	}
	if got := value(t, all, "vulnerability_database_updated", ""); got.Value != evidence.Count(int(built.Unix())) {
		t.Errorf("vulnerability_database_updated is %+v", got)
	}
}

func TestAVulnerablePackageIsNamed(t *testing.T) {
	clinic := newClinic(t, opensslFlaw)
	all := measure(t, clinic.gate, clinic.candidate(t, "3.0.1"))
	if got := value(t, all, "vulnerabilities", "critical"); got.Value != "1" || got.N != 2 {
		t.Errorf("vulnerabilities is %+v", got)
	}
	if got := value(t, all, "fixable_vulnerabilities", "critical"); got.Value != "1" {
		t.Errorf("fixable_vulnerabilities is %+v", got)
	}
	got := value(t, all, "vulnerability", "CVE-2099-0001 libssl3 3.0.1")
	if got.Value != "9.8" || got.Unit != "cvss" || got.Method != "critical, fixed in 3.0.2" {
		t.Errorf("vulnerability is %+v", got)
	}
}

func TestAVulnerabilityWithoutFixOrScoreSaysSo(t *testing.T) {
	flaw := images.Advisory{ID: "CVE-2099-0002", Bucket: images.Debian12, Package: "glibc", Severity: "HIGH"}
	clinic := newClinic(t, flaw)
	all := measure(t, clinic.gate, clinic.candidate(t, "3.0.2"))
	got := value(t, all, "vulnerability", "CVE-2099-0002 libc6 2.36-9")
	if got.Value != "1" || got.Unit != "count" || got.Method != "high, no fix" {
		t.Errorf("vulnerability is %+v", got)
	}
	if got := value(t, all, "fixable_vulnerabilities", "high"); got.Value != "0" {
		t.Errorf("fixable_vulnerabilities is %+v", got)
	}
}

func TestTheSameCandidateGivesTheSameBytesAndNoSecondDownload(t *testing.T) {
	clinic := newClinic(t, opensslFlaw)
	candidate := clinic.candidate(t, "3.0.1")
	first := text(t, measure(t, clinic.gate, candidate))
	downloads := clinic.blobs.Load()
	if downloads == 0 {
		t.Fatal("the first measurement downloaded no database")
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			all, err := clinic.gate.Measure(t.Context(), candidate)
			if err != nil {
				t.Error(err)
			} else if second := text(t, all); first != second {
				t.Errorf("two measurements differ:\n%s\n%s", first, second)
			}
		})
	}
	group.Wait()
	if again := clinic.blobs.Load(); again != downloads {
		t.Errorf("%d blobs of a cached database were downloaded again", again-downloads)
	}
}
