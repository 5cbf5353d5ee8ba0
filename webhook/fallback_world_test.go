package webhook

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

// outpost is a cluster whose Release objects have not come, and a real registry
// that holds the evidence. From when it lies, its answers go through lie.
type outpost struct {
	door     Handler
	memory   *Memory
	signer   measurer
	place    *oci.Registry
	subject  evidence.Subject
	mounted  string
	requests atomic.Int64
	lie      atomic.Pointer[func(w http.ResponseWriter, r *http.Request, honest http.Handler)]
	clock    atomic.Pointer[time.Time]
}

func newOutpost(t testing.TB) *outpost {
	t.Helper()
	world := &outpost{signer: newMeasurer(t), memory: NewMemory()}
	world.clock.Store(&noon)
	honest := registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		world.requests.Add(1)
		if lie := world.lie.Load(); lie != nil {
			(*lie)(w, r, honest)
			return
		}
		honest.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	prefix := server.Listener.Addr().String() + "/clinic"
	var err error
	if world.place, err = oci.Open(prefix); err != nil {
		t.Fatal(err)
	}
	artifact, err := oci.Build(oci.Files{"model.json": []byte(`{"intercept":-1.5}`)}, oci.Meta{Name: "breast-malignancy"})
	if err != nil {
		t.Fatal(err)
	}
	world.subject = artifact.Subject()
	if err := world.place.Push(t.Context(), artifact, world.evidence(t, staging)); err != nil {
		t.Fatal(err)
	}
	world.mounted = prefix + "/models/breast-malignancy@" + string(world.subject.Digest)
	world.memory.Trust(world.signer.trust)
	world.door = newHandler(t, realJudge(t), world.memory)
	world.door.Settings = func() Configuration {
		return Configuration{Repositories: []string{prefix + "/models"}, Profiles: map[string]string{staging: staging}}
	}
	ctx, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	world.door.Door.Fallback, err = NewFallback(ctx, oci.NewReader(), world.memory, world.door.Settings, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	world.door.Door.Fallback.clock = func() time.Time { return *world.clock.Load() }
	world.requests.Store(0)
	return world
}

// evidence is what was measured of the model for an environment.
func (o *outpost) evidence(t testing.TB, environment string) []evidence.Envelope {
	var envelopes []evidence.Envelope
	for _, text := range o.released(t, environment).Spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(text))
	}
	return envelopes
}

func (o *outpost) released(t testing.TB, environment string) *kube.Release {
	return o.signer.release(t, "breast", o.subject, environment, servingDigest)
}

func (o *outpost) later(by time.Duration) {
	then := o.clock.Load().Add(by)
	o.clock.Store(&then)
}

func (o *outpost) lies(lie func(w http.ResponseWriter, r *http.Request, honest http.Handler)) {
	o.lie.Store(&lie)
}

func (o *outpost) creates(t testing.TB, reference string) admission.Response {
	return o.door.Handle(t.Context(), creating(t, podMounting(reference, servedBy+servingDigest)))
}

// settled waits until no question is underway.
func (o *outpost) settled(t testing.TB) {
	t.Helper()
	fallback := o.door.Door.Fallback
	for range 3000 {
		fallback.mutex.Lock()
		underway := fallback.underway
		fallback.mutex.Unlock()
		if underway == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("a question to the registry does not end")
}

func (o *outpost) counted(outcome string) float64 {
	return testutil.ToFloat64(o.door.Door.Fallback.counted.WithLabelValues(outcome))
}
