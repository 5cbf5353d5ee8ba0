package controller

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Workshop is a promotion repository with the tools to work on it.
type Workshop interface {
	// Tip is the commit that the branch holds now.
	Tip(ctx context.Context, branch string) (string, error)
	// Merged makes the merged truth of a branch real. States are what was
	// reached, also when there is an error.
	Merged(ctx context.Context, branch string) (commit string, states []*promotion.State, err error)
}

// Reconciler makes Repository objects true. New makes one.
type Reconciler struct {
	client client.Client
	open   func(url string) (Workshop, error)

	mu      sync.Mutex
	known   map[string]Workshop
	settled map[types.NamespacedName]settled
}

// New makes a reconciler. open is called once for each remote.
func New(client client.Client, open func(url string) (Workshop, error)) *Reconciler {
	return &Reconciler{client: client, open: open, known: map[string]Workshop{}, settled: map[types.NamespacedName]settled{}}
}

// settled remembers that a commit was made true, so that a look at an unmoved
// branch costs one request. Forgetting it costs one more reconciliation.
type settled struct {
	commit     string
	generation int64
	at         time.Time
}

const (
	often  = time.Second      // the shortest interval between two looks, whatever a Repository asks for
	slowly = 10 * time.Second // how soon a promotion that could not be judged is tried again
	anew   = 10 * time.Minute // how soon an unmoved branch is judged again: evidence ages
)

// Reconcile looks at the remote, makes what is merged true, and comes back
// after the interval. An error of the remote or of a registry leaves every
// promotion where it was.
func (r *Reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var repository kube.Repository
	if err := r.client.Get(ctx, request.NamespacedName, &repository); err != nil {
		r.forget(request.NamespacedName)
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	interval := max(repository.Spec.Interval.Duration, often)
	workshop, err := r.workshop(repository.Spec.URL)
	if err != nil {
		return ctrl.Result{RequeueAfter: slowly}, r.record(ctx, &repository, "", err)
	}
	if r.unmoved(ctx, request.NamespacedName, &repository, workshop) {
		return ctrl.Result{RequeueAfter: interval}, nil
	}
	r.forget(request.NamespacedName)
	started := time.Now()
	commit, states, failure := workshop.Merged(ctx, repository.Spec.Branch)
	for _, state := range states {
		if err := r.show(ctx, &repository, commit, state, failure); err != nil {
			return ctrl.Result{}, err
		}
	}
	if err := r.record(ctx, &repository, commit, failure); err != nil {
		return ctrl.Result{}, err
	}
	if failure != nil {
		log.FromContext(ctx).Error(failure, "not everything that is merged could be made true", "commit", commit)
		return ctrl.Result{RequeueAfter: slowly}, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settled[request.NamespacedName] = settled{commit, repository.Generation, started}
	return ctrl.Result{RequeueAfter: interval}, nil
}

// forget makes the next look a whole reconciliation.
func (r *Reconciler) forget(name types.NamespacedName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.settled, name)
}

// unmoved holds when the branch is where it was made true a while ago.
func (r *Reconciler) unmoved(ctx context.Context, name types.NamespacedName, repository *kube.Repository, workshop Workshop) bool {
	r.mu.Lock()
	last, known := r.settled[name]
	r.mu.Unlock()
	if !known || last.generation != repository.Generation || time.Since(last.at) > anew {
		return false
	}
	tip, err := workshop.Tip(ctx, repository.Spec.Branch)
	return err == nil && tip == last.commit
}

func (r *Reconciler) workshop(url string) (Workshop, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if workshop := r.known[url]; workshop != nil {
		return workshop, nil
	}
	workshop, err := r.open(url)
	if err != nil {
		return nil, err
	}
	r.known[url] = workshop
	return workshop, nil
}

// record writes the repository's status, only when it changes.
func (r *Reconciler) record(ctx context.Context, repository *kube.Repository, commit string, failure error) error {
	before := repository.Status.DeepCopy()
	ready := metav1.Condition{Type: "Ready", Status: metav1.ConditionTrue, Reason: "Reconciled",
		Message: "what is merged has been judged", ObservedGeneration: repository.Generation}
	if failure != nil {
		ready.Status, ready.Reason, ready.Message = metav1.ConditionFalse, "Error", cut(failure.Error())
	} else {
		repository.Status.Commit = commit
	}
	repository.Status.ObservedGeneration = repository.Generation
	meta.SetStatusCondition(&repository.Status.Conditions, ready)
	if equality.Semantic.DeepEqual(*before, repository.Status) {
		return nil
	}
	if err := r.client.Status().Update(ctx, repository); err != nil {
		return fmt.Errorf("writing the status of repository %s: %w", repository.Name, err)
	}
	return nil
}

// SetupWithManager makes the manager call the reconciler: when a Repository
// appears or its specification changes, and for nothing that it writes itself.
func (r *Reconciler) SetupWithManager(manager ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(manager).
		For(&kube.Repository{}).
		WithEventFilter(specChanged).
		Complete(r)
}
