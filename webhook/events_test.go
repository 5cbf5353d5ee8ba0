package webhook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// board is a cluster that keeps the events of a door.
type board struct {
	door    Handler
	events  *Events
	cluster client.Client
	broken  atomic.Bool
	clock   time.Time
}

func newBoard(t *testing.T) *board {
	t.Helper()
	scheme, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	made := &board{clock: noon}
	made.cluster = fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(interceptor.Funcs{
		Create: func(ctx context.Context, next client.WithWatch, object client.Object, options ...client.CreateOption) error {
			if made.broken.Load() {
				return errors.New("the API server is away")
			}
			return next.Create(ctx, object, options...)
		},
	}).Build()
	made.events, err = NewEvents(made.cluster, "assay-webhook-0", func() time.Time { return made.clock }, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	signer, memory := newMeasurer(t), NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	made.door = newHandler(t, realJudge(t), memory)
	made.door.Events = made.events
	return made
}

// heard lets the events be told, as Start would, and lists them.
func (b *board) heard(t *testing.T) []eventsv1.Event {
	t.Helper()
	for len(b.events.waiting) > 0 {
		b.events.hear(t.Context(), <-b.events.waiting)
	}
	b.events.recount(t.Context())
	var list eventsv1.EventList
	if err := b.cluster.List(t.Context(), &list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

func (b *board) counted(outcome string) float64 {
	return testutil.ToFloat64(b.events.counted.WithLabelValues(outcome))
}

func TestADenialIsToldBesideTheObject(t *testing.T) {
	world := newBoard(t)
	tagged := creating(t, podMounting(modelRepository+"/breast-malignancy:v1", servedBy+servingDigest))
	response := world.door.Handle(t.Context(), tagged)
	events := world.heard(t)
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	event := events[0]
	if event.Namespace != clinic || event.Regarding.Kind != "Pod" || event.Regarding.Name != "serve" || event.Reason != reasonDenied || event.Type != "Warning" ||
		!strings.Contains(event.Note, "workload.pinned: ") || !strings.Contains(event.Note, "verdict "+response.AuditAnnotations["verdict"]) ||
		strings.Contains(event.Note, "\n") || event.ReportingInstance != "assay-webhook-0" || event.Action == "" || event.EventTime.IsZero() {
		t.Errorf("%+v", event)
	}
}

func TestWhatIsToldOfAndWhatIsNot(t *testing.T) {
	rehearsal, nameless, strangers := true, "", strange
	for claim, story := range map[string]struct {
		reference string
		change    func(*board) (dryRun *bool, name, namespace *string)
		reason    string
		about     string
	}{
		"an object that comes in": {mounted, nil, "", ""},
		"a rehearsal":             {"tagged:v1", func(*board) (*bool, *string, *string) { return &rehearsal, nil, nil }, "", ""},
		"an object without name":  {"tagged:v1", func(*board) (*bool, *string, *string) { return nil, &nameless, nil }, reasonDenied, "Namespace"},
		"an error":                {mounted, func(*board) (*bool, *string, *string) { return nil, nil, &strangers }, reasonFailed, "Pod"},
	} {
		t.Run(claim, func(t *testing.T) {
			world := newBoard(t)
			request := creating(t, podMounting(story.reference, servedBy+servingDigest))
			if story.change != nil {
				dryRun, name, namespace := story.change(world)
				request.DryRun = dryRun
				if name != nil {
					request.Name = *name
				}
				if namespace != nil {
					request.Namespace = *namespace
				}
			}
			world.door.Handle(t.Context(), request)
			events := world.heard(t)
			if story.reason == "" && len(events) > 0 || story.reason != "" && (len(events) != 1 || events[0].Reason != story.reason || events[0].Regarding.Kind != story.about) {
				t.Errorf("%+v", events)
			}
		})
	}
}

// A controller tries again and again. That is one event, which counts.
func TestTheSameDenialIsCounted(t *testing.T) {
	world := newBoard(t)
	tagged := creating(t, podMounting(modelRepository+"/breast-malignancy:v1", servedBy+servingDigest))
	for range 40 {
		world.door.Handle(t.Context(), tagged)
	}
	if events := world.heard(t); len(events) != 1 || events[0].Series == nil || events[0].Series.Count != 40 {
		t.Errorf("%+v", events)
	}
	world.clock = world.clock.Add(sameFor)
	world.door.Handle(t.Context(), tagged)
	if events := world.heard(t); len(events) != 2 || len(world.events.told) != 1 {
		t.Errorf("after ten minutes there are %d events, %d remembered", len(events), len(world.events.told))
	}
}

// Thousands of different denials are neither waited for nor passed on.
func TestAFloodOfDenialsIsBounded(t *testing.T) {
	world := newBoard(t)
	began := time.Now()
	for i := range 3 * maxWaiting {
		request := creating(t, podMounting("tagged:v1", servedBy+servingDigest))
		request.Name = fmt.Sprint("pod-", i)
		world.door.Handle(t.Context(), request)
	}
	most := eventBurst + eventRate*(int(time.Since(began).Seconds())+2)
	if events := world.heard(t); len(events) > most || len(world.events.told) > maxTold {
		t.Errorf("%d events, at most %d; %d remembered", len(events), most, len(world.events.told))
	}
	if world.counted(eventDropped) < 2*maxWaiting {
		t.Errorf("%v denials were dropped", world.counted(eventDropped))
	}
}

func TestAnAPIServerThatTakesNoEventsStopsNothing(t *testing.T) {
	world := newBoard(t)
	world.broken.Store(true)
	tagged := creating(t, podMounting("tagged:v1", servedBy+servingDigest))
	world.door.Handle(t.Context(), tagged)
	if events := world.heard(t); len(events) != 0 || world.counted(eventFailed) != 1 {
		t.Errorf("%d events, %v failed", len(events), world.counted(eventFailed))
	}
	world.broken.Store(false)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- world.events.Start(ctx) }()
	world.door.Handle(t.Context(), tagged)
	for range 500 {
		if world.counted(eventTold) == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	end()
	if err := <-done; err != nil || world.counted(eventTold) != 1 {
		t.Errorf("%v, %v told", err, world.counted(eventTold))
	}
}

func TestADenialNamesACommandThatExplainsMore(t *testing.T) {
	world := newBoard(t)
	world.door.Door.Memory.Trust(nil)
	response := world.door.Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest)))
	lines := strings.Split(response.Result.Message, "\n")
	if want := "assay: hint: assay explain --why model.evidence.complete --cluster " + releasedDigest + " --environment staging"; lines[len(lines)-1] != want {
		t.Errorf("%q, want %q", lines[len(lines)-1], want)
	}
	if response.AuditAnnotations["releases"] != releasedDigest || response.AuditAnnotations["microseconds"] != "0" {
		t.Errorf("%v", response.AuditAnnotations)
	}
}
