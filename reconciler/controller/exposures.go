package controller

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Exposures looks at what runs, counts for how long it was healthy, and has the
// pull requests opened that follow from that: on, and back.
type Exposures struct {
	sites *sites
	book  *book
	clock forge.Clock
	every time.Duration
	known *memory[name, map[promotion.Pair]environment.Exposure]
	rests *memory[name, time.Time] // until when nothing is proposed: the forge said so, or it did not work
}

// watched is a promotion in one round.
type watched struct {
	pair  promotion.Pair
	shown *kube.Promotion
	seen  environment.Exposure
}

// Reconcile looks once, and comes back after the interval whatever went wrong:
// time in which nobody looks is time that no release earns.
func (e *Exposures) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	at := request.NamespacedName
	repository, err := e.sites.find(ctx, at)
	if err != nil {
		return ctrl.Result{}, err
	}
	if repository == nil || repository.Spec.Suspend {
		e.known.forget(at)
		e.rests.forget(at)
		return ctrl.Result{}, nil
	}
	if err := e.round(ctx, repository); err != nil {
		log.FromContext(ctx).Error(err, "not everything that runs could be looked at")
	}
	return ctrl.Result{RequeueAfter: around(at, e.every)}, nil
}

// round looks, tells the workshop what was seen, writes it down, and then asks
// what follows.
func (e *Exposures) round(ctx context.Context, repository *kube.Repository) error {
	open, err := e.sites.of(ctx, repository)
	if err != nil {
		return err // told at the repository
	}
	planner, plans := open.workshop.(Planner)
	if !plans {
		return nil
	}
	all, err := e.promotionsOf(ctx, repository)
	if err != nil || len(all) == 0 {
		return err
	}
	environments, err := planner.Environments(repository.Spec.Branch)
	if err != nil {
		return err
	}
	failed := e.lookAt(ctx, open.health, environments, all)
	seen := map[promotion.Pair]environment.Exposure{}
	for _, one := range all {
		seen[one.pair] = one.seen
	}
	e.known.put(client.ObjectKeyFromObject(repository), seen)
	planner.Expose(seen)
	return errors.Join(failed, e.tell(ctx, open.health != nil, environments, all), e.advance(ctx, repository, open, planner, environments))
}

// promotionsOf are a repository's own, with what was counted so far: what this
// process remembers is newer than what stands in a status.
func (e *Exposures) promotionsOf(ctx context.Context, repository *kube.Repository) ([]*watched, error) {
	var list kube.PromotionList
	if err := e.book.client.List(ctx, &list, client.InNamespace(repository.Namespace)); err != nil {
		return nil, fmt.Errorf("listing promotions: %w", err)
	}
	known, _ := e.known.get(client.ObjectKeyFromObject(repository))
	var found []*watched
	for i := range list.Items {
		shown := &list.Items[i]
		if !metav1.IsControlledBy(shown, repository) {
			continue
		}
		one := &watched{pair: promotion.Pair{Environment: shown.Spec.Environment, Model: shown.Spec.Model}, shown: shown}
		var remembered bool
		if one.seen, remembered = known[one.pair]; !remembered {
			one.seen = exposureOf(shown.Status.Exposure)
		}
		found = append(found, one)
	}
	return found, nil
}

// lookAt looks at each. One that cannot be looked at earns nothing, and keeps
// nobody else from it.
func (e *Exposures) lookAt(ctx context.Context, at health.Health, environments []environment.Environment, all []*watched) error {
	if at == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, e.every) // a cluster that does not answer holds no worker
	defer stop()
	failed := make([]error, len(all))
	var running sync.WaitGroup
	places := make(chan struct{}, writers)
	for i, one := range all {
		here := slices.IndexFunc(environments, func(here environment.Environment) bool { return here.Name == one.pair.Environment })
		if here < 0 {
			continue // it is about to go
		}
		place := health.Place{
			Environment: one.pair.Environment, Namespace: environments[here].Spec.Namespace, Clusters: environments[here].Clusters, Model: one.pair.Model,
		}
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			found, err := at.Look(ctx, place)
			if err != nil {
				failed[i], found = err, environment.Observation{}
			}
			one.seen = one.seen.Observe(found)
		})
	}
	running.Wait()
	return first(failed)
}

// first stands for all errors of a round: what stops one look often stops a
// thousand.
func first(failed []error) error {
	failed = slices.DeleteFunc(failed, func(err error) bool { return err == nil })
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("%d looks: the first: %w", len(failed), failed[0])
}

// advance opens the pull requests that what was seen asks for, where anything
// moves by itself. A forge that wants to be left alone, and one that refuses, is
// asked later; the looks go on meanwhile.
func (e *Exposures) advance(ctx context.Context, repository *kube.Repository, open *site, planner Planner, environments []environment.Environment) error {
	at := client.ObjectKeyFromObject(repository)
	until, _ := e.rests.get(at)
	if open.forge == nil || e.clock.Now().Before(until) || !slices.ContainsFunc(environments, moves) {
		return nil
	}
	_, err := planner.Advance(ctx, repository.Spec.Branch, open.forge)
	if err != nil {
		e.rests.put(at, e.clock.Now().Add(diagnose(err).again(e.clock.Now())))
		return fmt.Errorf("proposing where releases go next: %w", err)
	}
	return nil
}

// moves holds for an environment that a pull request may be proposed for.
func moves(here environment.Environment) bool {
	return here.Spec.Promote == v1alpha1.Automatic || here.Spec.Rollback.After > 0
}
