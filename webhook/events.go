package webhook

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Events tells of denials where people look for them: beside the object, as
// "kubectl events" shows. A controller whose pods are denied has nobody who reads
// the answer. They are a courtesy and no record: no review waits for one, and what
// is too much is dropped and counted. The record is the Log.
type Events struct {
	cluster client.Client
	self    string // which replica
	clock   func() time.Time
	counted *prometheus.CounterVec
	pace    flowcontrol.RateLimiter
	waiting chan notice
	told    map[string]*telling // by what was told; only Start's goroutine reads it
}

// notice is one answer that somebody should hear of.
type notice struct {
	about  corev1.ObjectReference
	reason string
	rules  string
	note   string
}

// telling is an event of the last minutes, and how often the same would have been
// told.
type telling struct {
	event       *eventsv1.Event
	first       time.Time
	last        time.Time
	count, told int32
}

// Reasons of events.
const (
	reasonDenied = "AdmissionDenied"
	reasonFailed = "AdmissionFailed"
	reasonGlass  = "GlassBroken"
)

const (
	maxWaiting    = 256
	maxTold       = 1024
	maxNote       = 1024 // bytes, as the API server allows
	maxInstance   = 128
	sameFor       = 10 * time.Minute
	countInterval = 10 * time.Second // how soon "again" is told
	eventTime     = 5 * time.Second  // that the API server may take
	eventRate     = 5                // in a second
	eventBurst    = 25
)

// Values of the label outcome.
const (
	eventTold    = "told"
	eventAgain   = "again"   // counted with one that was told
	eventDropped = "dropped" // there were too many
	eventFailed  = "failed"  // the API server did not take it
)

// NewEvents tells nothing until it is started.
func NewEvents(cluster client.Client, self string, clock func() time.Time, registry prometheus.Registerer) (*Events, error) {
	events := &Events{
		cluster: cluster, self: self, clock: clock,
		counted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_events_total", Help: "Denials by whether an event tells of them.",
		}, []string{"outcome"}),
		pace:    flowcontrol.NewTokenBucketRateLimiter(eventRate, eventBurst),
		waiting: make(chan notice, maxWaiting), told: map[string]*telling{},
	}
	return events, registry.Register(events.counted)
}

// tell hands an answer over and returns at once. A rehearsal leaves nothing behind;
// that evidence is being fetched is over before anybody reads of it.
func (e *Events) tell(request admission.Request, outcome string, response admission.Response) {
	if e == nil || request.DryRun != nil && *request.DryRun {
		return
	}
	reason := ""
	switch {
	case outcome == outcomeDenied:
		reason = reasonDenied
	case response.Result != nil && response.Result.Details != nil && response.Result.Details.RetryAfterSeconds > 0:
	case outcome == outcomeError:
		reason = reasonFailed
	case response.AuditAnnotations["glass"] != "":
		reason = reasonGlass
	}
	if reason == "" || request.Namespace == "" {
		return
	}
	select {
	case e.waiting <- notice{aboutOf(request), reason, response.AuditAnnotations["rules"], noteOf(response)}:
	default:
		e.counted.WithLabelValues(eventDropped).Inc()
	}
}

// aboutOf is the object, or its namespace while it has no name: nobody would find
// an event about a pod that never was.
func aboutOf(request admission.Request) corev1.ObjectReference {
	if request.Name == "" {
		return corev1.ObjectReference{APIVersion: "v1", Kind: "Namespace", Namespace: request.Namespace, Name: request.Namespace}
	}
	group := metav1.GroupVersion{Group: request.Kind.Group, Version: request.Kind.Version}
	return corev1.ObjectReference{
		APIVersion: subject.Clip(group.String(), maxName), Kind: subject.Clip(request.Kind.Kind, maxName),
		Namespace: request.Namespace, Name: subject.Clip(request.Name, maxName),
	}
}

// noteOf is the first line of an answer, which names the rule, and the digest by
// which the verdict is found again.
func noteOf(response admission.Response) string {
	var lines []string
	switch {
	case response.Result != nil && response.Result.Message != "":
		first, _, _ := strings.Cut(response.Result.Message, "\n")
		lines = append(lines, first)
	case len(response.Warnings) > 0:
		lines = append(lines, response.Warnings[0])
	}
	if verdict := response.AuditAnnotations["verdict"]; verdict != "" {
		lines = append(lines, "verdict "+verdict)
	}
	return subject.Clip(strings.Join(lines, "; "), maxNote)
}

// Start tells of what is handed over until the context ends.
func (e *Events) Start(ctx context.Context) error {
	ticker := time.NewTicker(countInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case heard := <-e.waiting:
			e.hear(ctx, heard)
		case <-ticker.C:
			e.recount(ctx)
		}
	}
}

// hear makes an event, or counts one that says the same already.
func (e *Events) hear(ctx context.Context, heard notice) {
	now := e.clock()
	key := strings.Join([]string{heard.about.Namespace, heard.about.Kind, heard.about.Name, heard.reason, heard.rules}, "\x00")
	if known := e.told[key]; known != nil && now.Sub(known.first) < sameFor {
		known.count, known.last = known.count+1, now
		e.counted.WithLabelValues(eventAgain).Inc()
		return
	}
	if !e.pace.TryAccept() {
		e.counted.WithLabelValues(eventDropped).Inc()
		return
	}
	event := &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: heard.about.Namespace, GenerateName: "assay-"},
		EventTime:  metav1.NewMicroTime(now), ReportingController: "assay.dev/webhook", ReportingInstance: e.self,
		Action: "Admit", Reason: heard.reason, Regarding: heard.about, Note: heard.note, Type: corev1.EventTypeWarning,
	}
	if e.send(ctx, func(ctx context.Context) error { return e.cluster.Create(ctx, event) }) {
		e.counted.WithLabelValues(eventTold).Inc()
		e.forget(now)
		e.told[key] = &telling{event: event, first: now, last: now, count: 1, told: 1}
	}
}

// forget makes room: what is past goes, and if that is not enough the oldest.
func (e *Events) forget(now time.Time) {
	oldest := ""
	for key, known := range e.told {
		if now.Sub(known.first) >= sameFor && known.count == known.told {
			delete(e.told, key)
		} else if oldest == "" || known.first.Before(e.told[oldest].first) {
			oldest = key
		}
	}
	if len(e.told) >= maxTold {
		delete(e.told, oldest)
	}
}

// recount writes how often the same was heard of since.
func (e *Events) recount(ctx context.Context) {
	for _, known := range e.told {
		if known.count == known.told || !e.pace.TryAccept() {
			continue
		}
		before := known.event.DeepCopy()
		known.event.Series = &eventsv1.EventSeries{Count: known.count, LastObservedTime: metav1.NewMicroTime(known.last)}
		e.send(ctx, func(ctx context.Context) error { return e.cluster.Patch(ctx, known.event, client.MergeFrom(before)) })
		known.told = known.count // whatever became of it: the next one says more
	}
	e.forget(e.clock())
}

// send does not try again: the next denial tells as much.
func (e *Events) send(ctx context.Context, call func(context.Context) error) bool {
	ctx, cancel := context.WithTimeout(ctx, eventTime)
	defer cancel()
	if err := call(ctx); err != nil {
		e.counted.WithLabelValues(eventFailed).Inc()
		log.FromContext(ctx).V(1).Info("an event was not taken", "error", err.Error())
		return false
	}
	return true
}

// newEvents tells the cluster of this replica's denials, while the process runs.
func newEvents(door manager.Manager) (*Events, error) {
	self, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("naming the replica: %w", err)
	}
	events, err := NewEvents(door.GetClient(), subject.Clip(self, maxInstance), time.Now, metrics.Registry)
	if err != nil {
		return nil, err
	}
	return events, door.Add(events)
}
