package security_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	absent := "/serving/predictor@sha256:" + strings.Repeat("0", 64)
	for claim, spoil := range map[string]func(*clinic, *gates.Candidate){
		"an image that the registry does not hold": func(c *clinic, candidate *gates.Candidate) {
			candidate.Image = c.host + absent
		},
		"a registry that is down": func(c *clinic, candidate *gates.Candidate) {
			candidate.Image = "127.0.0.1:1" + absent
		},
		"a tag, which may move": func(c *clinic, candidate *gates.Candidate) {
			candidate.Image = c.host + "/serving/predictor:latest"
		},
		"no image": func(c *clinic, candidate *gates.Candidate) { candidate.Image = "" },
		"a database that is down": func(c *clinic, candidate *gates.Candidate) {
			c.gate.Database = "127.0.0.1:1/trivy-db:2"
		},
		"a database that is an image": func(c *clinic, candidate *gates.Candidate) {
			c.gate.Database = candidate.Image
		},
		"a manifest that does not parse": func(c *clinic, candidate *gates.Candidate) {
			candidate.Manifests = fstest.MapFS{"a.yaml": {Data: []byte("kind: [")}}
		},
		"a list, which hides objects from the checks": func(c *clinic, candidate *gates.Candidate) {
			candidate.Manifests = fstest.MapFS{"a.yaml": {Data: []byte("apiVersion: v1\nkind: List\nitems: []\n")}}
		},
		"a link out of the model directory": func(c *clinic, candidate *gates.Candidate) {
			candidate.ModelFiles = fstest.MapFS{"model.json": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}}
		},
		"no manifests at all": func(c *clinic, candidate *gates.Candidate) { candidate.Manifests = nil },
	} {
		t.Run(claim, func(t *testing.T) {
			clinic := newClinic(t)
			candidate := clinic.candidate(t, "3.0.2")
			spoil(&clinic, &candidate)
			if all, err := clinic.gate.Measure(t.Context(), candidate); err == nil {
				t.Fatalf("measured %s", text(t, all))
			} else {
				t.Log(err)
			}
		})
	}
}

func TestADatabaseThatIsDamagedIsAnErrorAndNotAZero(t *testing.T) {
	for claim, layer := range map[string][]byte{
		"not a gzip archive": []byte("<html>sign in to the hospital network</html>"),
		"nothing":            {},
		"gzip cut short":     {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1},
	} {
		t.Run(claim, func(t *testing.T) {
			clinic := newClinic(t, opensslFlaw)
			candidate := clinic.candidate(t, "3.0.1")
			if _, err := images.PushDatabaseLayer(t.Context(), clinic.host+"/trivy-db", layer); err != nil {
				t.Fatal(err)
			}
			_, err := clinic.gate.Measure(t.Context(), candidate)
			if err == nil || !strings.Contains(err.Error(), "opening vulnerability database") {
				t.Fatalf("got %v", err)
			}
			// The publisher repairs it, and the next measurement recovers.
			if _, err := images.PushVulnerabilityDatabase(t.Context(), clinic.host+"/trivy-db", built, nil); err != nil {
				t.Fatal(err)
			}
			measure(t, clinic.gate, candidate)
		})
	}
}

func TestAnEmptyImageShowsThatNothingWasScanned(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	reference, err := name.ParseReference(clinic.host + "/serving/empty:1")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(reference, empty.Image); err != nil {
		t.Fatal(err)
	}
	digest, err := empty.Image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	candidate.Image = reference.Context().Digest(digest.String()).String()
	if got := value(t, measure(t, clinic.gate, candidate), "packages_scanned", ""); got.Value != "0" {
		t.Fatalf("packages_scanned is %+v", got)
	}
}

func TestAnEndedOperatingSystemIsTold(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	afterDebian12 := built.AddDate(5, 0, 0) // https://wiki.debian.org/DebianReleases: June 2028
	if _, err := images.PushVulnerabilityDatabase(t.Context(), clinic.host+"/trivy-db", afterDebian12, nil); err != nil {
		t.Fatal(err)
	}
	if got := value(t, measure(t, clinic.gate, candidate), "operating_system_supported", ""); got.Value != "0" {
		t.Fatalf("operating_system_supported is %+v", got)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if all, err := clinic.gate.Measure(ctx, candidate); err == nil {
		t.Fatalf("measured %s", text(t, all))
	}
}

func TestTrivyIsQuietAndOthersAreHeard(t *testing.T) {
	var heard bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&heard, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	clinic := newClinic(t, opensslFlaw)
	measure(t, clinic.gate, clinic.candidate(t, "3.0.1"))
	if heard.Len() > 0 {
		t.Errorf("trivy wrote:\n%s", heard.String())
	}
	slog.Info("phase done")
	if !strings.Contains(heard.String(), "phase done") {
		t.Errorf("a line of ours is lost: %q", heard.String())
	}
}
