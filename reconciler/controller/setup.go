package controller

import (
	"context"
	"errors"

	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// workers of merged work and of lists. They hold their key while they wait for a
// remote; what is heavy is bounded by [Slots].
const workers = 8

// said: when a Repository appears, when somebody changes its specification, its
// shard or a note on it, and for nothing that the reconcilers write themselves.
var said = builder.WithPredicates(predicate.Or(
	predicate.GenerationChangedPredicate{}, predicate.LabelChangedPredicate{}, predicate.AnnotationChangedPredicate{},
))

// SetupWithManager makes the manager call the reconcilers.
func (c *Controllers) SetupWithManager(manager ctrl.Manager) error {
	of := func(named name) ctrl.Request { return ctrl.Request{NamespacedName: named} }
	return errors.Join(
		ctrl.NewControllerManagedBy(manager).Named("merged").For(&kube.Repository{}, said).
			WatchesRawSource(source.Func(fed(&c.Merged.queue, of))).
			WithOptions(controller.Options{MaxConcurrentReconciles: workers}).Complete(c.Merged),
		ctrl.NewControllerManagedBy(manager).Named("poll").For(&kube.Repository{}, said).
			WatchesRawSource(source.Func(fed(&c.Poll.queue, of))).
			WithOptions(controller.Options{MaxConcurrentReconciles: workers}).Complete(c.Poll),
		ctrl.NewControllerManagedBy(manager).Named("exposures").For(&kube.Repository{}, said).
			WithOptions(controller.Options{MaxConcurrentReconciles: workers}).Complete(c.Exposures),
		builder.TypedControllerManagedBy[pull](manager).Named("pulls").
			WatchesRawSource(source.TypedFunc[pull](fed(&c.Pulls.queue, func(key pull) pull { return key }))).
			WithOptions(controller.TypedOptions[pull]{MaxConcurrentReconciles: c.workers}).Complete(c.Pulls),
	)
}

// fed is a source that lets a feed add to the queue of its controller.
func fed[K, Q comparable](feed *feed[K], key func(K) Q) func(context.Context, workqueue.TypedRateLimitingInterface[Q]) error {
	return func(_ context.Context, queue workqueue.TypedRateLimitingInterface[Q]) error {
		feed.open(func(one K) { queue.Add(key(one)) })
		return nil
	}
}
