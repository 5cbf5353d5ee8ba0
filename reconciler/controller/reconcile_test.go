package controller

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// remote is a promotion repository that says what a story lets it say.
type remote struct {
	tip    string
	states []*promotion.State
	err    error
	merged int // how often the merged truth was made real
	looked int // how often only the tip was asked for
}

func (r *remote) Tip(context.Context, string) (string, error) {
	r.looked++
	return r.tip, r.err
}

func (r *remote) Merged(context.Context, string) (string, []*promotion.State, error) {
	r.merged++
	return r.tip, r.states, r.err
}

// site is a reconciler over an API server's storage, which counts the writes.
type site struct {
	*Reconciler
	client client.Client
	remote *remote
	opened int
	writes []string
	refuse error // of every write
}

var promotions = client.ObjectKey{Namespace: "assay-system", Name: "promotions"}

func newSite(t *testing.T, interval time.Duration) *site {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	repository := &kube.Repository{ObjectMeta: metav1.ObjectMeta{Namespace: promotions.Namespace, Name: promotions.Name, Generation: 1},
		Spec: kube.RepositorySpec{URL: "https://git.example.org/promotions.git", Branch: "main", Interval: metav1.Duration{Duration: interval}}}
	here := &site{remote: &remote{tip: "c1", states: []*promotion.State{done()}}}
	wrote := func(verb string, object client.Object, write func() error) error {
		if here.refuse != nil {
			return here.refuse
		}
		here.writes = append(here.writes, verb+" "+object.GetName())
		return write()
	}
	here.client = fake.NewClientBuilder().WithScheme(scheme).WithObjects(repository).WithStatusSubresource(&kube.Repository{}, &kube.Promotion{}).
		WithInterceptorFuncs(interceptor.Funcs{
			Create: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.CreateOption) error {
				return wrote("create", object, func() error { return to.Create(ctx, object, options...) })
			},
			Update: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.UpdateOption) error {
				return wrote("update", object, func() error { return to.Update(ctx, object, options...) })
			},
			SubResourceUpdate: func(ctx context.Context, to client.Client, sub string, object client.Object, options ...client.SubResourceUpdateOption) error {
				return wrote(sub, object, func() error { return to.SubResource(sub).Update(ctx, object, options...) })
			},
		}).Build()
	here.Reconciler = New(here.client, func(string) (Workshop, error) {
		here.opened++
		return here.remote, nil
	})
	return here
}

// look reconciles once, and gives the writes that it took.
func (s *site) look(t *testing.T) (time.Duration, []string) {
	t.Helper()
	s.writes = nil
	result, err := s.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions})
	if err != nil {
		t.Fatal(err)
	}
	return result.RequeueAfter, s.writes
}

func (s *site) ready(t *testing.T) (kube.Repository, metav1.Condition) {
	t.Helper()
	var repository kube.Repository
	if err := s.client.Get(t.Context(), promotions, &repository); err != nil {
		t.Fatal(err)
	}
	if condition := meta.FindStatusCondition(repository.Status.Conditions, "Ready"); condition != nil {
		return repository, *condition
	}
	return repository, metav1.Condition{}
}

func TestWhatIsMergedIsShownOnce(t *testing.T) {
	here := newSite(t, time.Minute)
	after, writes := here.look(t)
	if want := []string{"create tumour.development", "status tumour.development", "status promotions"}; after != time.Minute || !slices.Equal(writes, want) {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
	var shown kube.Promotion
	if err := here.client.Get(t.Context(), client.ObjectKey{Namespace: "assay-system", Name: "tumour.development"}, &shown); err != nil {
		t.Fatal(err)
	}
	if owner := metav1.GetControllerOf(&shown); owner == nil || owner.Name != "promotions" || shown.Spec.Commit != "c1" || shown.Status.Release == "" {
		t.Errorf("shown %+v, owned by %v", shown.Spec, owner)
	}
	if repository, ready := here.ready(t); repository.Status.Commit != "c1" || ready.Status != metav1.ConditionTrue {
		t.Errorf("the repository says %q, %v", repository.Status.Commit, ready)
	}
}

// An unmoved branch costs one request, and writes nothing.
func TestAnUnmovedBranchIsOnlyLookedAt(t *testing.T) {
	here := newSite(t, time.Minute)
	here.look(t)
	for range 3 {
		if after, writes := here.look(t); after != time.Minute || len(writes) != 0 {
			t.Errorf("again after %v, wrote %v", after, writes)
		}
	}
	if here.remote.merged != 1 || here.remote.looked != 3 || here.opened != 1 {
		t.Errorf("merged %d, looked %d, opened %d", here.remote.merged, here.remote.looked, here.opened)
	}
	here.remote.tip = "c2"
	if _, writes := here.look(t); here.remote.merged != 2 || !slices.Contains(writes, "update tumour.development") {
		t.Errorf("the branch moved: merged %d, wrote %v", here.remote.merged, writes)
	}
}

func TestAJudgementThatIsTheSameAgainWritesNothing(t *testing.T) {
	here := newSite(t, time.Minute)
	here.remote.states = []*promotion.State{done(), denied(strings.Repeat("ü", 3000))}
	here.look(t)
	here.forget(promotions)
	if _, writes := here.look(t); len(writes) != 0 || here.remote.merged != 2 {
		t.Errorf("wrote %v in %d looks", writes, here.remote.merged)
	}
}

func TestEvidenceAgesSoAnUnmovedBranchIsJudgedAnew(t *testing.T) {
	here := newSite(t, time.Minute)
	here.look(t)
	last := here.settled[promotions]
	last.at = last.at.Add(-anew - time.Second)
	here.settled[promotions] = last
	if here.look(t); here.remote.merged != 2 {
		t.Errorf("merged %d times", here.remote.merged)
	}
	last = here.settled[promotions]
	last.generation--
	here.settled[promotions] = last
	if here.look(t); here.remote.merged != 3 {
		t.Errorf("another specification: merged %d times", here.remote.merged)
	}
}

// An error leaves every promotion where it was, is tried again soon, and is
// told; once it is over, the repository says so even at the old commit.
func TestAnErrorIsToldTriedAgainAndForgotten(t *testing.T) {
	here := newSite(t, time.Minute)
	here.look(t)
	here.remote.tip, here.remote.err, here.remote.states = "c2", errors.New("the registry did not answer"), nil
	after, writes := here.look(t)
	if after != slowly || !slices.Equal(writes, []string{"status promotions"}) {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
	if repository, ready := here.ready(t); repository.Status.Commit != "c1" || ready.Status != metav1.ConditionFalse || ready.Reason != "Error" {
		t.Errorf("the repository says %q, %v", repository.Status.Commit, ready)
	}
	here.remote.tip, here.remote.err, here.remote.states = "c1", nil, []*promotion.State{done()}
	here.look(t)
	if _, ready := here.ready(t); ready.Status != metav1.ConditionTrue {
		t.Errorf("back at the old commit the repository still says %v", ready)
	}
}

func TestAnUnreadableTipIsNotAnUnmovedBranch(t *testing.T) {
	here := newSite(t, time.Minute)
	here.look(t)
	here.remote.err = errors.New("no route")
	if after, _ := here.look(t); after != slowly || here.remote.merged != 2 {
		t.Errorf("again after %v, merged %d", after, here.remote.merged)
	}
}

func TestARemoteThatCannotBeOpenedIsTriedAgain(t *testing.T) {
	here := newSite(t, time.Minute)
	here.open = func(string) (Workshop, error) { return nil, errors.New("disk full") }
	if after, writes := here.look(t); after != slowly || len(writes) != 1 {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
	if _, ready := here.ready(t); ready.Message != "disk full" {
		t.Errorf("the repository says %v", ready)
	}
}

func TestNoIntervalIsTooShort(t *testing.T) {
	for _, interval := range []time.Duration{-time.Hour, 0, time.Nanosecond} {
		here := newSite(t, interval)
		for range 2 {
			if after, _ := here.look(t); after != often {
				t.Errorf("interval %v: again after %v", interval, after)
			}
		}
	}
}

func TestARepositoryThatIsGoneIsLeftAlone(t *testing.T) {
	here := newSite(t, time.Minute)
	here.look(t)
	repository, _ := here.ready(t)
	if err := here.client.Delete(t.Context(), &repository); err != nil {
		t.Fatal(err)
	}
	if after, writes := here.look(t); after != 0 || len(writes) != 0 || len(here.settled) != 0 {
		t.Errorf("again after %v, wrote %v, remembers %v", after, writes, here.settled)
	}
}

func TestAWriteThatFailsIsAnErrorAndNotSettled(t *testing.T) {
	here := newSite(t, time.Minute)
	here.refuse = errors.New("etcd is full")
	if _, err := here.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions}); !errors.Is(err, here.refuse) || !strings.Contains(err.Error(), "tumour.development") {
		t.Errorf("error is %v", err)
	}
	if here.refuse = nil; len(here.settled) != 0 {
		t.Error("the commit counts as shown")
	}
	if _, writes := here.look(t); len(writes) != 3 {
		t.Errorf("wrote %v", writes)
	}
}
