package controller

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var (
	served   = evidence.Sum([]byte("what served before"))
	inFirst  = promotion.Pair{Environment: "development", Model: "tumour"}
	inSecond = promotion.Pair{Environment: "staging", Model: "tumour"}
)

// path is a workshop whose releases go from development to staging once they
// have soaked for ten minutes.
type path struct {
	*remote
	exposed  map[promotion.Pair]environment.Exposure
	asked    int // how often it was to advance
	refuses  error
	proposed []environment.Proposal
}

func (p *path) Environments(string) ([]environment.Environment, error) {
	return []environment.Environment{
		{Name: "development", Spec: v1alpha1.EnvironmentSpec{Namespace: "models-development"}},
		{Name: "staging", Spec: v1alpha1.EnvironmentSpec{
			Namespace: "models-staging", After: v1alpha1.Names{"development"}, Promote: v1alpha1.Automatic, Soak: v1alpha1.Soak{Duration: 10 * time.Minute},
		}},
	}, nil
}

func (p *path) Expose(seen map[promotion.Pair]environment.Exposure) { p.exposed = seen }

func (p *path) PlainGit() forge.Git { return nil }

// Advance opens what the plan asks for, and nothing that is open.
func (p *path) Advance(context.Context, string, forge.Forge) ([]environment.Standing, error) {
	p.asked++
	if p.refuses != nil {
		return nil, p.refuses
	}
	world := environment.World{}
	world.Environments, _ = p.Environments("main")
	world.Environments[0].Models = []environment.Model{{Name: "tumour", Admissions: []promotion.Admission{{Release: digest}}, Exposure: p.exposed[inFirst]}}
	world.Environments[1].Models = []environment.Model{{Name: "tumour", Pin: environment.Pin{Release: served, Ours: true}, Admissions: []promotion.Admission{{Release: served}}}}
	for _, one := range environment.Plan(world) {
		if !slices.ContainsFunc(p.proposed, one.Same) {
			p.proposed = append(p.proposed, one)
		}
	}
	return environment.Look(world), nil
}

// walk is a house on whose path something runs.
type walk struct {
	*house
	path    *path
	cluster client.Client // nil where nobody looks
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	here := newHouse(t, func(repository *kube.Repository) { repository.Spec.Forge = &kube.Forge{Provider: "none"} })
	before := done()
	before.Request.Environment, before.Release.Digest = "staging", served
	here.remote.states = []*promotion.State{done(), before}
	here.look(t)
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	made := &walk{here, &path{remote: here.remote}, fake.NewClientBuilder().WithScheme(scheme).WithObjects(deployment()).Build()}
	made.restart()
	return made
}

// restart forgets what a process knows.
func (w *walk) restart() {
	makers := Makers{
		Workshop:     func(string) (Workshop, error) { return w.path, nil },
		Conversation: func(Workshop, forge.Forge, string) (Conversation, error) { return w.remote, nil },
	}
	if w.cluster != nil {
		makers.Health = func(Workshop, string) health.Health { return health.Workloads{Reader: w.cluster, Clock: w.clock.Now} }
	}
	w.Controllers = New(w.client, Options{Makers: makers, Secrets: w.client, Clock: w.clock, Events: w.events, Slots: NewSlots(2), Pulse: NewPulse(w.clock)})
}

// deployment has rolled out what development serves.
func deployment() *appsv1.Deployment {
	one := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "models-development", Name: "tumour-serving"}}
	one.Spec.Template.Spec.Volumes = []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{
		Image: &corev1.ImageVolumeSource{Reference: "registry.example.org/models/tumour@" + string(digest)},
	}}}
	one.Status = appsv1.DeploymentStatus{Replicas: 1, UpdatedReplicas: 1, AvailableReplicas: 1, Conditions: []appsv1.DeploymentCondition{
		{Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue},
		{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: "NewReplicaSetAvailable"},
	}}
	return one
}

// available says whether the pods of the deployment answer.
func (w *walk) available(t *testing.T, answer corev1.ConditionStatus) {
	t.Helper()
	one := deployment()
	one.Status.Conditions[0].Status = answer
	if err := w.cluster.Status().Update(t.Context(), one); err != nil {
		t.Fatal(err)
	}
}

// rounds looks every half minute, for so long, and gives the writes that it took.
func (w *walk) rounds(t *testing.T, so time.Duration) []string {
	t.Helper()
	w.writes = nil
	for end := w.clock.Now().Add(so); w.clock.Now().Before(end); {
		w.clock.pass(regularly)
		w.round(t)
	}
	return w.writes
}

func (w *walk) round(t *testing.T) {
	t.Helper()
	result, err := w.Exposures.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions})
	if err != nil || result.RequeueAfter < regularly || result.RequeueAfter > environment.Gap/2 {
		t.Fatalf("again after %v, %v", result.RequeueAfter, err)
	}
}

func (w *walk) condition(t *testing.T) string {
	t.Helper()
	return saying(w.promotion(t, "tumour.development").Status.Conditions, kube.Soaking)
}

// A soak is earned by healthy time alone, and ends in one pull request.
func TestASoakIsEarnedInHealthyTimeOnly(t *testing.T) {
	w := newWalk(t)
	w.round(t)
	w.rounds(t, 6*time.Minute)
	if healthy := w.path.exposed[inFirst].Healthy; healthy != 6*time.Minute || w.condition(t) != "True Counting" {
		t.Errorf("healthy for %v, says %q", healthy, w.condition(t))
	}
	w.available(t, corev1.ConditionFalse)
	w.rounds(t, 20*time.Minute)
	shown := w.promotion(t, "tumour.development").Status.Exposure
	if healthy := w.path.exposed[inFirst].Healthy; healthy != 6*time.Minute || w.condition(t) != "True Degraded" || shown.Unwell == nil {
		t.Errorf("degraded: healthy for %v, says %q, shown %+v", healthy, w.condition(t), shown)
	}
	w.available(t, corev1.ConditionTrue)
	w.rounds(t, 3*time.Minute)
	if len(w.path.proposed) != 0 {
		t.Errorf("proposed %+v", w.path.proposed)
	}
	w.rounds(t, 10*time.Minute)
	shown = w.promotion(t, "tumour.development").Status.Exposure
	if len(w.path.proposed) != 1 || w.path.proposed[0].Release != digest || w.condition(t) != "" || shown.Healthy.Duration < 10*time.Minute || shown.Unwell != nil {
		t.Errorf("proposed %+v, says %q, shown %+v", w.path.proposed, w.condition(t), shown)
	}
}

// Healthy time is written by the minute while a soak waits for it, and by the
// hour after that: looks come twice a minute, for each of many promotions.
func TestHealthyTimeIsWrittenByTheMinute(t *testing.T) {
	w := newWalk(t)
	w.round(t)
	writes := w.rounds(t, 5*time.Minute)
	if len(writes) != 5 || writes[0] != "status by assay-reconciler-exposures tumour.development" {
		t.Errorf("five minutes of a soak wrote %v", writes)
	}
	if writes := w.rounds(t, 5*time.Minute); len(writes) != 5 {
		t.Errorf("the end of a soak wrote %v", writes)
	}
	if writes := w.rounds(t, 3*time.Hour); len(writes) != 3 {
		t.Errorf("three hours without a soak wrote %v", writes)
	}
	if shown := w.promotion(t, "tumour.staging").Status; shown.Exposure != nil {
		t.Errorf("where nothing is seen: %+v", shown.Exposure)
	}
}

// A process that starts goes on where the status stands, and what happened while
// it was away earns nothing.
func TestWhatWasEarnedOutlivesTheProcess(t *testing.T) {
	w := newWalk(t)
	w.round(t)
	w.rounds(t, 6*time.Minute)
	w.clock.pass(2 * time.Hour)
	w.restart()
	w.rounds(t, 2*time.Minute)
	if healthy := w.path.exposed[inFirst].Healthy; healthy != 7*time.Minute+30*time.Second {
		t.Errorf("healthy for %v", healthy)
	}
}

// How long it has been degraded outlives the process too: or the way back would
// wait anew with each start.
func TestHowLongItIsDegradedOutlivesTheProcess(t *testing.T) {
	w := newWalk(t)
	w.available(t, corev1.ConditionFalse)
	w.round(t)
	since := w.path.exposed[inFirst].Unwell
	w.restart()
	if w.rounds(t, 5*time.Minute); since.IsZero() || !w.path.exposed[inFirst].Unwell.Equal(since) {
		t.Errorf("unwell since %v, and then since %v", since, w.path.exposed[inFirst].Unwell)
	}
}

func TestWhereNobodyLooksNothingIsEarned(t *testing.T) {
	w := newWalk(t)
	w.cluster = nil
	w.restart()
	w.rounds(t, time.Hour)
	shown := w.promotion(t, "tumour.development").Status
	if w.condition(t) != "True NobodyLooks" || shown.Exposure != nil || len(w.path.proposed) != 0 || w.path.exposed[inFirst].Healthy != 0 {
		t.Errorf("says %q, shown %+v, proposed %+v", w.condition(t), shown.Exposure, w.path.proposed)
	}
}

// A forge that wants to be left alone is; the looks go on, or the soak would be
// lost.
func TestAForgesLimitStopsNoLook(t *testing.T) {
	w := newWalk(t)
	w.round(t)
	w.path.asked, w.path.refuses = 0, &forge.LimitedError{Until: w.clock.Now().Add(20 * time.Minute)}
	w.rounds(t, 15*time.Minute)
	if healthy := w.path.exposed[inFirst].Healthy; w.path.asked != 1 || healthy != 15*time.Minute {
		t.Errorf("asked %d times, healthy for %v", w.path.asked, healthy)
	}
	w.path.refuses = nil
	if w.rounds(t, 6*time.Minute); len(w.path.proposed) != 1 {
		t.Errorf("proposed %+v", w.path.proposed)
	}
}

// broken cannot look at one of the places.
type broken struct{ health.Health }

func (b broken) Look(ctx context.Context, place health.Place) (environment.Observation, error) {
	if place.Environment == "staging" {
		return environment.Observation{}, errors.New("the cluster is gone")
	}
	return b.Health.Look(ctx, place)
}

func TestAPlaceThatCannotBeLookedAtHoldsUpNoOther(t *testing.T) {
	w := newWalk(t)
	inner := w.Exposures.sites.options.Makers.Health
	w.Exposures.sites.options.Makers.Health = func(of Workshop, address string) health.Health { return broken{inner(of, address)} }
	w.round(t)
	w.rounds(t, 11*time.Minute)
	if w.path.exposed[inFirst].Healthy < 10*time.Minute || w.path.exposed[inSecond].Release != "" || len(w.path.proposed) != 1 {
		t.Errorf("exposed %+v, proposed %+v", w.path.exposed, w.path.proposed)
	}
}

// Who writes what was merged leaves the soak to its own writer: a condition with
// two owners is one that nobody can take away. The storage here takes a list for
// one value, so what stands after a write is what its writer wrote.
func TestTheSoakHasOneWriter(t *testing.T) {
	w := newWalk(t)
	w.round(t)
	w.remote.tip = commit2
	_, writes := w.look(t)
	shown := w.promotion(t, "tumour.development").Status
	if !slices.Contains(writes, "status by assay-reconciler tumour.development") || w.condition(t) != "" || saying(shown.Conditions, kube.Ready) != "True Delivered" {
		t.Errorf("wrote %v, says %+v", writes, shown.Conditions)
	}
	if shown.Exposure == nil || shown.Exposure.Release != string(digest) {
		t.Errorf("the exposure is %+v", shown.Exposure)
	}
}

// A workshop that plans nothing, and a repository that is suspended, are let be.
func TestWithoutAPlanNobodyLooks(t *testing.T) {
	here := newHouse(t, nil)
	here.look(t)
	here.writes = nil
	if _, err := here.Exposures.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions}); err != nil || len(here.writes) != 0 {
		t.Errorf("wrote %v, %v", here.writes, err)
	}
	here = newHouse(t, func(repository *kube.Repository) { repository.Spec.Suspend = true })
	if result, err := here.Exposures.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions}); err != nil || result.RequeueAfter != 0 {
		t.Errorf("again after %v, %v", result.RequeueAfter, err)
	}
}
