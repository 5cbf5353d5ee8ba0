package faults

import (
	"debug/buildinfo"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// behaviour is how the registry answers.
type behaviour func(http.ResponseWriter, *http.Request)

// moody is a registry that behaves as it likes.
type moody struct {
	address string
	well    behaviour
	now     atomic.Pointer[behaviour]
	asked   atomic.Int64
}

func (m *moody) become(how behaviour) { m.now.Store(&how) }

// openRegistry begins with nothing.
func openRegistry(t *testing.T) *moody {
	t.Helper()
	address, err := harness.ServeRegistry(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	opened := &moody{well: httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address}).ServeHTTP}
	opened.become(opened.well)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opened.asked.Add(1)
		(*opened.now.Load())(w, r)
	}))
	t.Cleanup(func() {
		opened.become(opened.well)
		server.CloseClientConnections()
		server.Close()
	})
	opened.address = strings.TrimPrefix(server.URL, "http://")
	return opened
}

// moved is what was delivered, for doors whose models lie in another registry.
func moved(t *testing.T, was *load.Delivered, to string) *load.Delivered {
	t.Helper()
	from, _, _ := strings.Cut(was.Configuration.Repositories[0], "/")
	is := *was
	is.Configuration.Repositories = nil
	for _, repository := range was.Configuration.Repositories {
		is.Configuration.Repositories = append(is.Configuration.Repositories, strings.Replace(repository, from, to, 1))
	}
	text, err := os.ReadFile(was.Admission)
	if err != nil {
		t.Fatal(err)
	}
	is.Admission = filepath.Join(t.TempDir(), "admission.yaml")
	if err := os.WriteFile(is.Admission, []byte(strings.ReplaceAll(string(text), from, to)), 0o600); err != nil {
		t.Fatal(err)
	}
	return &is
}

// askingDoor is the door that is built with a client of registries.
const askingDoor = "assay-webhook-registry"

// raced is whether a binary is built with the race detector, which takes several
// times the memory.
func raced(t *testing.T, binary string) bool {
	t.Helper()
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// ill are ways of a registry to be no help.
var ill = []struct {
	name string
	is   behaviour
}{
	{"down", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	{"endless", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		text := `{"schemaVersion":2,"manifests":[` + strings.Repeat(" ", 1<<16)
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, text); err != nil {
				return
			}
		}
	}},
}

// most is how much memory a door may ever have taken, in MiB: its limit, and what
// the kernel keeps for it.
const most = 256

// misled lets the registry misbehave, to which the second door turns for evidence
// that no Release object holds. What needs it is denied; nothing else waits for it,
// and when the registry is well again the evidence in it counts.
func misled(s *siege, _ func(time.Duration)) {
	only := s.elsewhere()
	for n, ill := range ill {
		s.registry.become(ill.is)
		before := s.registry.asked.Load()
		stranger := s.strangerOf(unknown + 10 + n)
		stop := time.Now().Add(s.lull)
		for asked := false; !asked || time.Now().Before(stop); asked = true {
			if wrong, refused := judge(stranger, s.answer(s.t.Context(), stranger)); wrong || refused != "" {
				s.t.Errorf("the registry is %s: wrong is %t, refused: %s", ill.name, wrong, refused)
			}
		}
		if s.registry.asked.Load() == before {
			s.t.Errorf("a registry that is %s was not asked", ill.name)
		}
	}
	s.registry.become(s.registry.well)
	s.soon("what only the registry knows is admitted", func() error { return s.askSecond(only) })
	if _, peak, err := load.Process(s.doors[1].PID()).Memory(); err != nil || peak > most && !raced(s.t, s.Binary(askingDoor)) {
		s.t.Errorf("the door has taken %.0f MiB, %v", peak, err)
	}
}

// strangerOf mounts a model of which no Release object speaks, and no registry. A
// door says so, or that it does not know.
func (s *siege) strangerOf(i int) question {
	pod := s.crowd.Pod(i)
	pod.GenerateName, pod.Name = pod.Name+"-", ""
	return question{pod, load.Review{Rule: released}, true}
}

// elsewhere is the pod of a release that lies in the registry, and in no object of
// this cluster.
func (s *siege) elsewhere() *corev1.Pod {
	s.t.Helper()
	artifact, err := oci.Build(oci.Files{"model.json": []byte("{}")}, oci.Meta{Name: "elsewhere"})
	if err != nil {
		s.t.Fatal(err)
	}
	release, err := s.crowd.Signed(s.t.Context(), artifact.Subject(), s.crowd.Statements)
	if err != nil {
		s.t.Fatal(err)
	}
	var envelopes []evidence.Envelope
	for _, envelope := range release.Spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(envelope))
	}
	place, err := oci.Open(strings.TrimSuffix(s.crowd.Configuration.Repositories[0], "/models"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := place.Push(s.t.Context(), artifact, envelopes); err != nil {
		s.t.Fatal(err)
	}
	return s.crowd.Serving(artifact.Subject())
}

// askSecond asks the door that may ask the registry.
func (s *siege) askSecond(pod *corev1.Pod) error {
	review, err := load.Creating(pod, pod.Name)
	if err != nil {
		return err
	}
	review.Allowed = true
	asking, err := load.NewClient("https://"+s.doors[1].Address+"/admit", s.authority())
	if err != nil {
		return err
	}
	defer asking.Close()
	s.permitted.Add(1)
	return asking.Expect(s.t.Context(), review)
}
