package controller

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	oteltrace "go.opentelemetry.io/otel/trace"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Merged makes the merged commit of a repository true.
type Merged struct {
	sites   *sites
	book    *book
	clock   forge.Clock
	pulse   *Pulse
	slots   *Slots
	going   *runs[name]
	settled *memory[name, settled]
	queue   feed[name]
}

// settled remembers that a commit was made true, so that a look at an unmoved
// branch costs one request. Forgetting it costs one more run.
type settled struct {
	commit     string
	generation int64
	at         time.Time
	until      time.Time // when something ends that nothing was delivered for; zero for never
}

// Reconcile looks at the remote, makes what is merged true, and comes back
// after the interval. An error of the remote or of a registry leaves every
// promotion where it was.
func (m *Merged) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	defer m.pulse.begin()()
	at := request.NamespacedName
	repository, err := m.sites.find(ctx, at)
	if repository == nil || err != nil {
		m.settled.forget(at)
		m.sites.close(at)
		return ctrl.Result{}, err
	}
	if repository.Spec.Suspend {
		m.settled.forget(at)
		return ctrl.Result{}, m.book.suspended(ctx, repository)
	}
	open, err := m.sites.of(ctx, repository)
	if err != nil {
		return m.stop(ctx, repository, diagnose(err))
	}
	tip, err := observeFetch(ctx, func(ctx context.Context) (string, error) { return open.workshop.Tip(ctx, repository.Spec.Branch) })
	if err != nil {
		return m.stop(ctx, repository, diagnose(err))
	}
	if last, known := m.settled.get(at); known && last.holds(tip, repository.Generation, m.clock.Now()) {
		return ctrl.Result{RequeueAfter: last.again(around(at, repository.Spec.Interval.Duration), m.clock.Now())}, nil
	}
	release, free := m.slots.try()
	if !free {
		return ctrl.Result{RequeueAfter: often}, nil
	}
	defer release()
	return m.run(ctx, repository, open, tip)
}

// run makes one commit true, unless news come in between.
func (m *Merged) run(ctx context.Context, repository *kube.Repository, open *site, tip string) (ctrl.Result, error) {
	at := client.ObjectKeyFromObject(repository)
	m.settled.forget(at)
	if err := m.book.begun(ctx, repository, tip); err != nil {
		return ctrl.Result{}, err
	}
	started := m.clock.Now()
	commit, states, failure := m.make(ctx, at, repository, open, tip)
	if errors.Is(failure, errNews) {
		return ctrl.Result{RequeueAfter: time.Millisecond}, nil
	}
	countVerdicts(states)
	if err := m.book.promotions(ctx, repository, commit, states, failure); err != nil {
		return ctrl.Result{}, err
	}
	if failure != nil {
		log.FromContext(ctx).Error(failure, "not everything that is merged could be made true", "commit", commit)
		return m.stop(ctx, repository, trouble{reason: "Error", message: failure.Error()})
	}
	branches, err := branchesOf(open.workshop, repository.Spec.Branch, commit)
	if err != nil {
		return m.stop(ctx, repository, diagnose(err))
	}
	if err := m.book.done(ctx, repository, commit, branches); err != nil {
		return ctrl.Result{}, err
	}
	last := settled{commit: commit, generation: repository.Generation, at: started}
	m.settled.put(at, last)
	return ctrl.Result{RequeueAfter: last.again(around(at, repository.Spec.Interval.Duration), m.clock.Now())}, nil
}

// make makes the tip true, until news end it. A panic leaves nothing going.
func (m *Merged) make(ctx context.Context, at name, repository *kube.Repository, open *site, tip string) (string, []*promotion.State, error) {
	under, end := m.going.begin(ctx, at, tip)
	defer end()
	under, span := tracer.Start(under, "make true", oteltrace.WithAttributes(attribute.String("repository", at.String()), attribute.String("commit", tip)))
	defer span.End()
	watched, stop := context.WithCancel(ctx)
	defer stop()
	go m.watch(watched, at, open, repository.Spec)
	if watcher, watches := open.workshop.(Watcher); watches {
		watcher.Remember(repository.Status.Branches, repository.Annotations[environment.AcceptHistory])
	}
	return open.workshop.Merged(under, repository.Spec.Branch)
}

// watch asks for the tip while a run is going on: a branch that has moved
// makes what the run is about old.
func (m *Merged) watch(ctx context.Context, at name, open *site, spec kube.RepositorySpec) {
	for m.clock.Sleep(ctx, around(at, spec.Interval.Duration)) == nil {
		if tip, err := open.workshop.Tip(ctx, spec.Branch); err == nil {
			m.going.news(at, tip)
		}
	}
}

// stop tells why nothing more could be done.
func (m *Merged) stop(ctx context.Context, repository *kube.Repository, found trouble) (ctrl.Result, error) {
	return ctrl.Result{RequeueAfter: found.again(m.clock.Now())}, m.book.failed(ctx, repository, found)
}

// holds when nothing has moved since, and the judgement is not old.
func (s settled) holds(tip string, generation int64, now time.Time) bool {
	resumed := !s.until.IsZero() && !now.Before(s.until)
	return tip == s.commit && s.generation == generation && now.Sub(s.at) <= anew && !resumed
}

func (s settled) again(interval time.Duration, now time.Time) time.Duration {
	if s.until.IsZero() {
		return interval
	}
	return max(min(interval, s.until.Sub(now)), time.Millisecond)
}
