package oci_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

var (
	breast = oci.Files{"model.json": []byte(`{"intercept":-1.5}`), "maps/columns.json": []byte(`["age"]`)}
	meta   = oci.Meta{Name: "breast-risk", Task: "binary", Recipe: "sha256:" + strings.Repeat("1", 64)}
)

func build(t *testing.T, files oci.Files) oci.Artifact {
	t.Helper()
	artifact, err := oci.Build(files, meta)
	if err != nil {
		t.Fatal(err)
	}
	return artifact
}

// signed makes real envelopes about the artifact, one per gate.
func signed(t *testing.T, subject evidence.Subject, gates ...string) []evidence.Envelope {
	t.Helper()
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	var envelopes []evidence.Envelope
	for _, gate := range gates {
		envelope, err := signer.Sign(t.Context(), evidence.Measured(subject, evidence.Measurements{Gate: gate, Environment: "dev"}))
		if err != nil {
			t.Fatal(err)
		}
		envelopes = append(envelopes, envelope)
	}
	return envelopes
}

// served starts a registry, behind a door that may refuse requests.
func served(t *testing.T, door func(*http.Request) bool) *oci.Registry {
	t.Helper()
	handler := registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if door != nil && !door(r) {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return open(t, server.Listener.Addr().String()+"/clinic")
}

func open(t *testing.T, prefix string) *oci.Registry {
	t.Helper()
	place, err := oci.Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func equal(a, b []evidence.Envelope) bool {
	set := func(envelopes []evidence.Envelope) map[evidence.Digest]int {
		count := map[evidence.Digest]int{}
		for _, envelope := range envelopes {
			count[envelope.Digest()]++
		}
		return count
	}
	return maps.Equal(set(a), set(b))
}

func TestAReleaseComesBackAsItWas(t *testing.T) {
	place := served(t, nil)
	artifact := build(t, breast)
	envelopes := signed(t, artifact.Subject(), "bias", "dataset")
	if err := place.Push(t.Context(), artifact, envelopes); err != nil {
		t.Fatal(err)
	}
	files, gotMeta, err := place.Pull(t.Context(), artifact.Subject())
	if err != nil || gotMeta != meta || fmt.Sprint(files) != fmt.Sprint(breast) {
		t.Errorf("pulled %v, %v, %v", files, gotMeta, err)
	}
	listed, err := place.List(t.Context(), artifact.Subject())
	if err != nil || !equal(listed, envelopes) {
		t.Errorf("listed %d envelopes, %v", len(listed), err)
	}
	later := signed(t, artifact.Subject(), "security")
	if err := place.Attach(t.Context(), artifact.Subject(), later); err != nil {
		t.Fatal(err)
	}
	listed, err = place.List(t.Context(), artifact.Subject())
	if err != nil || !equal(listed, append(later, envelopes...)) {
		t.Errorf("after attaching: %d envelopes, %v", len(listed), err)
	}
}

func TestSameFilesSameDigest(t *testing.T) {
	first, again := build(t, breast), build(t, maps.Clone(breast))
	if first.Digest() != again.Digest() {
		t.Errorf("%s and %s", first.Digest(), again.Digest())
	}
	sum := sha256.Sum256(first.Manifest())
	if got := first.Digest().Hex(); got != hex.EncodeToString(sum[:]) {
		t.Errorf("the digest is %s, not that of the manifest", got)
	}
	other := maps.Clone(breast)
	other["model.json"] = []byte(`{"intercept":-1.6}`)
	if build(t, other).Digest() == first.Digest() {
		t.Error("another model has the same digest")
	}
}

func TestAPushThatBreaksOffLeavesNoRelease(t *testing.T) {
	var broken atomic.Bool
	var artifact oci.Artifact
	place := served(t, func(r *http.Request) bool {
		isRelease := strings.HasSuffix(r.URL.Path, "/manifests/"+string(artifact.Digest()))
		return !broken.Load() || r.Method != http.MethodPut || !isRelease
	})
	artifact = build(t, breast)
	envelopes := signed(t, artifact.Subject(), "bias")
	broken.Store(true)
	if err := place.Push(t.Context(), artifact, envelopes); err == nil {
		t.Fatal("the push did not fail")
	}
	if there, err := place.Exists(t.Context(), artifact.Subject()); err != nil || there {
		t.Errorf("half a push is a release: %v, %v", there, err)
	}
	if _, _, err := place.Pull(t.Context(), artifact.Subject()); !errors.Is(err, oci.ErrNotFound) {
		t.Errorf("pulling half a push: %v", err)
	}
	broken.Store(false)
	if err := place.Push(t.Context(), artifact, envelopes); err != nil {
		t.Fatal(err)
	}
	if there, err := place.Exists(t.Context(), artifact.Subject()); err != nil || !there {
		t.Errorf("after the second push: %v, %v", there, err)
	}
	if listed, err := place.List(t.Context(), artifact.Subject()); err != nil || !equal(listed, envelopes) {
		t.Errorf("listed %d envelopes, %v", len(listed), err)
	}
}

func TestTheEvidenceIsThereBeforeTheModel(t *testing.T) {
	var artifact oci.Artifact
	var manifests []string
	place := served(t, func(r *http.Request) bool {
		if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/manifests/") {
			manifests = append(manifests, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
		}
		return true
	})
	artifact = build(t, breast)
	if err := place.Push(t.Context(), artifact, signed(t, artifact.Subject(), "bias", "dataset")); err != nil {
		t.Fatal(err)
	}
	if len(manifests) != 3 || manifests[2] != string(artifact.Digest()) {
		t.Errorf("manifests came in the order %q", manifests)
	}
}

func TestPushingTwiceWritesOnce(t *testing.T) {
	var writes atomic.Int32
	place := served(t, func(r *http.Request) bool {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			writes.Add(1)
		}
		return true
	})
	artifact := build(t, breast)
	envelopes := signed(t, artifact.Subject(), "bias", "dataset")
	if err := place.Push(t.Context(), artifact, envelopes); err != nil {
		t.Fatal(err)
	}
	before := writes.Load()
	envelopes[0], envelopes[1] = envelopes[1], envelopes[0]
	if err := place.Push(t.Context(), artifact, envelopes); err != nil {
		t.Fatal(err)
	}
	if after := writes.Load(); before == 0 || after != before {
		t.Errorf("%d writes, then %d more", before, after-before)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	place := served(t, nil)
	subject := build(t, breast).Subject()
	if there, err := place.Exists(t.Context(), subject); err != nil || there {
		t.Errorf("exists: %v, %v", there, err)
	}
	if listed, err := place.List(t.Context(), subject); err != nil || len(listed) != 0 {
		t.Errorf("list: %v, %v", listed, err)
	}
	if err := place.Attach(t.Context(), subject, signed(t, subject, "bias")); !errors.Is(err, oci.ErrNotFound) {
		t.Errorf("attach: %v", err)
	}
}

func TestARegistryThatIsDown(t *testing.T) {
	place := open(t, "127.0.0.1:1/clinic")
	artifact := build(t, breast)
	if err := place.Push(t.Context(), artifact, nil); err == nil || !strings.Contains(err.Error(), "pushing 127.0.0.1:1/clinic/models/breast-risk") {
		t.Errorf("push: %v", err)
	}
	if _, err := place.List(t.Context(), artifact.Subject()); err == nil {
		t.Error("listing at a registry that is down is no error")
	}
	if _, err := place.Exists(t.Context(), artifact.Subject()); err == nil {
		t.Error("a registry that is down knows that nothing exists")
	}
}

func TestPathsThatLeaveTheFolderAreNotPacked(t *testing.T) {
	for _, path := range []string{"../x", "/etc/passwd", "a/../../x", "a//b", ".", "", `..\x`, "a\nb", strings.Repeat("x", 300)} {
		if _, err := oci.Build(oci.Files{path: nil}, meta); err == nil {
			t.Errorf("packed %q", path)
		}
	}
	if _, err := oci.Build(nil, meta); err == nil {
		t.Error("packed no files")
	}
}

func TestCollectReadsAFolder(t *testing.T) {
	files, err := oci.Collect(fstest.MapFS{"model.json": {Data: []byte("1")}, "a/b": {Data: []byte("2")}})
	if err != nil || fmt.Sprint(files) != fmt.Sprint(oci.Files{"model.json": []byte("1"), "a/b": []byte("2")}) {
		t.Errorf("collected %v, %v", files, err)
	}
}
