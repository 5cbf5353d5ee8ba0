package oci

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// What a hostile registry may cost its reader: all that is allocated while it
// is asked, and the time until it is refused.
const (
	memoryBound = 256 << 20
	timeBound   = 20 * time.Second
)

// cost runs what must end in an error that says why, within the bounds.
func cost(t *testing.T, want string, ask func() error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	err := ask()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	if allocated > memoryBound || took > timeBound {
		t.Errorf("it took %s and %d MiB", took, allocated>>20)
	}
	t.Logf("%s, %.1f MiB allocated: %v", took.Round(time.Millisecond), float64(allocated)/(1<<20), err)
}

// endless writes until its reader has gone away, or 10 GB have been written.
func endless(w io.Writer) {
	chunk := make([]byte, 1<<20)
	for i := range chunk {
		chunk[i] = ' '
	}
	for range 10 << 10 {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// hostile is a registry that lies where the story says, and is honest elsewhere.
func hostile(t *testing.T, lie func(w http.ResponseWriter, r *http.Request, honest *httptest.ResponseRecorder) bool) (*Registry, evidence.Subject, func()) {
	t.Helper()
	lying := false
	honest := honestRegistry()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		honest.ServeHTTP(answer, r)
		if lying && r.Method == http.MethodGet && lie(w, r, answer) {
			return
		}
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	place, err := Open(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	subject := pushed(t, place)
	return place, subject, func() { lying = true }
}

func TestAnAnswerWithoutEndIsRefusedWithinBounds(t *testing.T) {
	at := func(part string, lie func(w http.ResponseWriter, honest *httptest.ResponseRecorder)) func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) bool {
		return func(w http.ResponseWriter, r *http.Request, honest *httptest.ResponseRecorder) bool {
			if !strings.Contains(r.URL.Path, part) {
				return false
			}
			w.Header().Set("Content-Type", honest.Header().Get("Content-Type"))
			lie(w, honest)
			return true
		}
	}
	tenGigabytes := func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
		w.Header().Set("Content-Length", fmt.Sprint(10<<30))
		endless(w)
	}
	withoutEnd := func(w http.ResponseWriter, honest *httptest.ResponseRecorder) {
		w.Write(honest.Body.Bytes())
		endless(w)
	}
	cut := func(w http.ResponseWriter, honest *httptest.ResponseRecorder) {
		w.Write(honest.Body.Bytes()[:honest.Body.Len()/2])
	}
	longer := func(w http.ResponseWriter, honest *httptest.ResponseRecorder) {
		w.Header().Set("Content-Length", fmt.Sprint(honest.Body.Len()+100))
		w.Write(honest.Body.Bytes())
	}
	for name, test := range map[string]struct {
		part string
		lie  func(http.ResponseWriter, *httptest.ResponseRecorder)
		want string
	}{
		"a manifest of 10 GB":                   {"/manifests/", tenGigabytes, "too large"},
		"a manifest without end":                {"/manifests/", withoutEnd, "too large"},
		"a manifest cut short":                  {"/manifests/", cut, "does not match requested digest"},
		"a manifest shorter than it says":       {"/manifests/", longer, "EOF"},
		"a file of 10 GB":                       {"/blobs/", tenGigabytes, "the registry answered with other content"},
		"a file without end":                    {"/blobs/", withoutEnd, "the registry answered with other content"},
		"a file cut short":                      {"/blobs/", cut, "error verifying"},
		"a file that is shorter than it says":   {"/blobs/", longer, "EOF"},
		"a list of referrers of 10 GB":          {"/referrers/", tenGigabytes, "too large"},
		"a list of referrers without end":       {"/referrers/", withoutEnd, "too large"},
		"a list of referrers that is cut short": {"/referrers/", cut, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			place, subject, begin := hostile(t, at(test.part, test.lie))
			begin()
			cost(t, test.want, func() error {
				if strings.Contains(test.part, "referrers") {
					_, err := place.List(t.Context(), subject)
					return err
				}
				_, _, err := place.Pull(t.Context(), subject)
				return err
			})
		})
	}
}

// A registry that says nothing is waited for as long as the caller allows.
func TestARegistryThatSaysNothingIsNotWaitedForWithoutEnd(t *testing.T) {
	place, subject, begin := hostile(t, func(_ http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) bool {
		<-r.Context().Done()
		return true
	})
	begin()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	cost(t, "deadline exceeded", func() error {
		_, err := place.List(ctx, subject)
		return err
	})
}

// paged answers with one referrer a page, and leads on as the story says.
func paged(next func(r *http.Request, page int) string) func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) bool {
	return func(w http.ResponseWriter, r *http.Request, honest *httptest.ResponseRecorder) bool {
		if !strings.Contains(r.URL.Path, "/referrers/") {
			return false
		}
		var page int
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		if link := next(r, page); link != "" {
			w.Header().Set("Link", "<"+link+`>; rel="next"`)
		}
		w.Header().Set("Content-Type", honest.Header().Get("Content-Type"))
		if page == 1 { // the evidence is on the second
			w.Write(honest.Body.Bytes())
			return true
		}
		fmt.Fprint(w, `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`)
		return true
	}
}

func TestEvidenceOnALaterPageIsRead(t *testing.T) {
	place, subject, begin := hostile(t, paged(func(r *http.Request, page int) string {
		if page < 2 {
			return fmt.Sprint(r.URL.Path, "?page=", page+1)
		}
		return ""
	}))
	begin()
	if envelopes, err := place.List(t.Context(), subject); err != nil || len(envelopes) != 1 {
		t.Errorf("listed %d, %v", len(envelopes), err)
	}
}

func TestAListThatLeadsInACircleOrAwayIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		next func(r *http.Request, page int) string
		want string
	}{
		"in a circle":         {func(r *http.Request, _ int) string { return r.URL.Path }, "does not end"},
		"without end":         {func(r *http.Request, page int) string { return fmt.Sprint(r.URL.Path, "?page=", page+1) }, "does not end"},
		"to another host":     {func(*http.Request, int) string { return "http://example.org/v2/steal/referrers/x" }, "goes on elsewhere"},
		"to another artifact": {func(*http.Request, int) string { return "/v2/models/other/referrers/sha256:0" }, "goes on elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			place, subject, begin := hostile(t, paged(test.next))
			begin()
			cost(t, test.want, func() error {
				_, err := place.List(t.Context(), subject)
				return err
			})
		})
	}
}

// Evidence about evidence is not followed: a referrer that refers to itself,
// or to what refers to it, costs one look.
func TestReferrersThatReferToEachOtherEnd(t *testing.T) {
	place, subject, begin := hostile(t, func(w http.ResponseWriter, r *http.Request, honest *httptest.ResponseRecorder) bool {
		if !strings.Contains(r.URL.Path, "/referrers/") {
			return false
		}
		w.Header().Set("Content-Type", honest.Header().Get("Content-Type"))
		digest := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		fmt.Fprintf(w, `{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,"artifactType":%q,"digest":%q}]}`, evidence.BundleType, digest)
		return true
	})
	begin()
	if envelopes, err := place.List(t.Context(), subject); err != nil || len(envelopes) != 0 {
		t.Errorf("listed %d, %v", len(envelopes), err)
	}
}

// One manifest, one reading: whatever another program might take for the
// files of a model is refused.
func TestAManifestThatCanBeReadTwoWaysIsRefused(t *testing.T) {
	artifact, err := Build(Files{"model.json": []byte("honest")}, Meta{Name: "m"})
	if err != nil {
		t.Fatal(err)
	}
	subject := evidence.Sum([]byte("model"))
	model := string(artifact.Manifest())
	attached := attachmentOf(t, subject)
	for name, test := range map[string]struct{ text, before, after, want string }{
		"a key twice":                   {model, `"layers":`, `"layers":[],"layers":`, `duplicate field "layers"`},
		"a key in another case":         {model, `"layers":`, `"Layers":[],"layers":`, `unknown field "Layers"`},
		"an unknown key":                {model, `"layers":`, `"history":[],"layers":`, `unknown field "history"`},
		"a size beyond all numbers":     {model, `"size":6`, `"size":1e999`, "cannot unmarshal"},
		"a size that is no number":      {model, `"size":6`, `"size":NaN`, "invalid character"},
		"a file of another media type":  {model, string(weightType), "application/octet-stream", "is not a plain file"},
		"an artifact of another type":   {model, modelType, "application/vnd.example", "another type of artifact"},
		"evidence of something else":    {attached, subject.Hex(), strings.Repeat("0", 64), "it is not about"},
		"evidence with a subject twice": {attached, `"subject":`, `"subject":null,"subject":`, `duplicate field "subject"`},
		"evidence of another type":      {attached, `"artifactType":"` + evidence.BundleType, `"artifactType":"application/vnd.example`, "another type of artifact"},
		"an envelope of another type":   {attached, evidence.BundleType, "application/vnd.example", "its envelope is a"},
	} {
		changed := strings.Replace(test.text, test.before, test.after, 1)
		if changed == test.text {
			t.Fatalf("%s: nothing was changed in %s", name, test.text)
		}
		_, err := parseModel([]byte(changed))
		if test.text == attached {
			_, err = parseAttachment([]byte(changed), subject)
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
