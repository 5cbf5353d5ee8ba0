package oci

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func honestRegistry() http.Handler {
	return registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0)))
}

// attachmentOf is the manifest of an envelope about a model.
func attachmentOf(t testing.TB, subject evidence.Digest) string {
	t.Helper()
	hash, err := v1.NewHash(string(subject))
	if err != nil {
		t.Fatal(err)
	}
	honest, err := newAttachment(v1.Descriptor{MediaType: types.OCIManifestSchema1, Digest: hash}, evidence.Envelope("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return string(honest.raw)
}

// rewritten is a registry that answers with what change makes of a body.
func rewritten(t *testing.T, change func(request *http.Request, body []byte) []byte) *Registry {
	t.Helper()
	honest := honestRegistry()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			honest.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		honest.ServeHTTP(answer, r)
		body := change(r, answer.Body.Bytes())
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(answer.Code)
		w.Write(body)
	}))
	t.Cleanup(server.Close)
	place, err := Open(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func pushed(t *testing.T, place *Registry) evidence.Subject {
	t.Helper()
	artifact, err := Build(Files{"model.json": []byte("honest")}, Meta{Name: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if err := place.Push(t.Context(), artifact, []evidence.Envelope{evidence.Envelope(`{"honest":1}`)}); err != nil {
		t.Fatal(err)
	}
	return artifact.Subject()
}

func TestARegistryThatLiesIsCaught(t *testing.T) {
	for kind, lie := range map[string]func(*http.Request, []byte) []byte{
		"other file": func(_ *http.Request, body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), "honest", "tamper"))
		},
		"longer file": func(_ *http.Request, body []byte) []byte { return append(body, "more"...) },
		"other manifest": func(_ *http.Request, body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), "model.json", "../../.bash"))
		},
	} {
		lying := false
		place := rewritten(t, func(r *http.Request, body []byte) []byte {
			if !lying || path.Base(r.URL.Path) == "v2" {
				return body
			}
			return lie(r, body)
		})
		subject := pushed(t, place)
		if _, _, err := place.Pull(t.Context(), subject); err != nil {
			t.Fatal(err)
		}
		lying = true
		if _, _, err := place.Pull(t.Context(), subject); err == nil {
			t.Errorf("%s: believed", kind)
		}
	}
}

func TestAFloodOfReferrersIsAnErrorNotAShorterList(t *testing.T) {
	place := rewritten(t, func(_ *http.Request, body []byte) []byte { return body })
	subject := pushed(t, place)
	for i := range maxReferrers {
		if err := place.Attach(t.Context(), subject, []evidence.Envelope{evidence.Envelope(fmt.Sprintf(`{"n":%d}`, i))}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := place.List(t.Context(), subject); err == nil || !strings.Contains(err.Error(), fmt.Sprint("more than ", maxReferrers)) {
		t.Errorf("got %v", err)
	}
}

func TestAnEndlessListIsCutOff(t *testing.T) {
	lying := false
	place := rewritten(t, func(r *http.Request, body []byte) []byte {
		if lying && strings.Contains(r.URL.Path, "/referrers/") {
			return append([]byte(strings.Repeat(" ", maxManifest)), body...)
		}
		return body
	})
	subject := pushed(t, place)
	lying = true
	if _, err := place.List(t.Context(), subject); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("got %v", err)
	}
}

// FuzzParsedModelsAreBounded: a manifest that is accepted names only safe
// paths, each once, and promises no more bytes than may be pulled.
func FuzzParsedModelsAreBounded(f *testing.F) {
	honest, err := Build(Files{"a/b": []byte("1"), "c": nil}, Meta{Name: "m"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(honest.Manifest())
	f.Add([]byte(strings.ReplaceAll(string(honest.Manifest()), "a/b", "../b")))
	f.Add([]byte(strings.ReplaceAll(string(honest.Manifest()), `"size":1`, `"size":-1`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		manifest, err := parseModel(raw)
		if err != nil {
			return
		}
		var total int64
		seen := map[string]bool{}
		for _, layer := range manifest.Layers {
			name := layer.Annotations[filePath]
			if cleaned := path.Join("/model", name); cleaned != "/model/"+name || seen[name] {
				t.Errorf("accepted the path %q", name)
			}
			seen[name] = true
			total += layer.Size
		}
		if total < 0 || total > maxModel {
			t.Errorf("accepted %d bytes", total)
		}
	})
}

// FuzzParsedEvidenceIsAboutItsSubject: a referrer that is accepted is about
// the subject that was asked for.
func FuzzParsedEvidenceIsAboutItsSubject(f *testing.F) {
	subject := evidence.Sum([]byte("model"))
	hash, err := v1.NewHash(string(subject))
	if err != nil {
		f.Fatal(err)
	}
	honest := attachmentOf(f, subject)
	f.Add([]byte(honest))
	f.Add([]byte(strings.ReplaceAll(honest, subject.Hex(), strings.Repeat("0", 64))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		layer, err := parseAttachment(raw, subject)
		if err != nil {
			return
		}
		manifest, err := v1.ParseManifest(bytes.NewReader(raw))
		if err != nil || manifest.Subject.Digest != hash || layer.Size > maxEnvelope {
			t.Errorf("accepted %q", raw)
		}
	})
}
