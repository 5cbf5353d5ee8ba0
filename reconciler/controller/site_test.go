package controller

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// tick is a clock that stands still, unless a story moves it. Who sleeps wakes
// up when the story is over.
type tick struct {
	mu  sync.Mutex
	now time.Time
}

func (c *tick) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *tick) Sleep(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

func (c *tick) pass(time time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time)
}

// remote is a promotion repository, and a forge, that say what a story lets them.
type remote struct {
	tip    string
	tipErr error
	states []*promotion.State
	err    error
	during func(context.Context) error // while the merged truth is made real
	merged int                         // how often it was
	looked int                         // how often only the tip was asked for

	open    []forge.PullRequest
	openErr error
	outcome conversation.Outcome
	lookErr error
}

func (r *remote) Tip(context.Context, string) (string, error) {
	r.looked++
	return r.tip, r.tipErr
}

func (r *remote) Merged(ctx context.Context, _ string) (string, []*promotion.State, error) {
	r.merged++
	if r.during != nil {
		if err := r.during(ctx); err != nil {
			return r.tip, nil, err
		}
	}
	return r.tip, r.states, r.err
}

func (r *remote) Delivered() (map[string]string, error) {
	return map[string]string{"env/development": strings.Repeat("e", 40)}, nil
}

func (r *remote) Open(context.Context) ([]forge.PullRequest, error) { return r.open, r.openErr }

func (r *remote) Look(_ context.Context, number int64) (conversation.Outcome, error) {
	outcome := r.outcome
	outcome.Number = number
	return outcome, r.lookErr
}

// house is a process over an API server's storage, which counts the writes.
type house struct {
	*Controllers
	client client.Client
	clock  *tick
	remote *remote
	opened []string // addresses
	writes []string
	refuse func(verb string, object string) error
	events *events.FakeRecorder
}

var promotions = name{Namespace: "assay-system", Name: "promotions"}

const (
	commit1 = "1111111111111111111111111111111111111111"
	commit2 = "2222222222222222222222222222222222222222"
)

func newHouse(t *testing.T, change func(*kube.Repository), more ...client.Object) *house {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	repository := &kube.Repository{ObjectMeta: metav1.ObjectMeta{Namespace: promotions.Namespace, Name: promotions.Name, Generation: 1, UID: "u1"},
		Spec: kube.RepositorySpec{URL: "https://git.example.org/promotions.git", Branch: "main", Interval: metav1.Duration{Duration: time.Minute}}}
	if change != nil {
		change(repository)
	}
	here := &house{remote: &remote{tip: commit1, states: []*promotion.State{done()}}, clock: &tick{now: time.Unix(1_800_000_000, 0)}, events: events.NewFakeRecorder(100)}
	here.client = fake.NewClientBuilder().WithScheme(scheme).WithObjects(append(more, repository)...).
		WithStatusSubresource(&kube.Repository{}, &kube.Promotion{}).WithInterceptorFuncs(here.counting()).Build()
	here.start()
	return here
}

// start is what a process does when it starts: it remembers nothing.
func (h *house) start() {
	h.Controllers = New(h.client, Options{
		Makers: Makers{
			Workshop: func(address string) (Workshop, error) {
				h.opened = append(h.opened, address)
				return h.remote, nil
			},
			Conversation: func(Workshop, forge.Forge, string) (Conversation, error) { return h.remote, nil },
		},
		Secrets: h.client, Clock: h.clock, Events: h.events, Slots: NewSlots(2), Pulse: NewPulse(h.clock), Workers: 4,
	})
}

func (h *house) counting() interceptor.Funcs {
	wrote := func(verb, object string, write func() error) error {
		if h.refuse != nil {
			if err := h.refuse(verb, object); err != nil {
				return err
			}
		}
		h.writes = append(h.writes, verb+" "+object)
		return write()
	}
	return interceptor.Funcs{
		Apply: func(ctx context.Context, to client.WithWatch, object runtime.ApplyConfiguration, options ...client.ApplyOption) error {
			return wrote("apply", named(object), func() error { return to.Apply(ctx, object, options...) })
		},
		SubResourceApply: func(ctx context.Context, to client.Client, sub string, object runtime.ApplyConfiguration, options ...client.SubResourceApplyOption) error {
			asked := &client.SubResourceApplyOptions{}
			asked.ApplyOpts(options)
			return wrote(sub+" by "+asked.FieldManager, named(object), func() error { return to.SubResource(sub).Apply(ctx, object, options...) })
		},
		Delete: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.DeleteOption) error {
			return wrote("delete", object.GetName(), func() error { return to.Delete(ctx, object, options...) })
		},
	}
}

func named(object runtime.ApplyConfiguration) string {
	return object.(interface{ GetName() string }).GetName()
}

// look reconciles the merged branch once, and gives the writes that it took.
func (h *house) look(t *testing.T) (time.Duration, []string) {
	t.Helper()
	h.writes = nil
	result, err := h.Merged.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(h.writes)
	return result.RequeueAfter, h.writes
}

func (h *house) repository(t *testing.T) *kube.Repository {
	t.Helper()
	var repository kube.Repository
	if err := h.client.Get(t.Context(), promotions, &repository); err != nil {
		t.Fatal(err)
	}
	return &repository
}

func (h *house) promotion(t *testing.T, called string) *kube.Promotion {
	t.Helper()
	var shown kube.Promotion
	if err := h.client.Get(t.Context(), name{Namespace: promotions.Namespace, Name: called}, &shown); err != nil {
		t.Fatal(err)
	}
	return &shown
}

// said is what a condition says: "True Reason", and nothing where it is not.
func saying(list []metav1.Condition, kind string) string {
	if condition := meta.FindStatusCondition(list, kind); condition != nil {
		return string(condition.Status) + " " + condition.Reason
	}
	return ""
}
