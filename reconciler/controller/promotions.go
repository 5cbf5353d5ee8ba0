package controller

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// writers bounds how many objects are written at once.
const writers = 8

// promotions writes an object for each promotion that was looked at, and takes
// away those of promotions that are no more. One that was left as it was keeps
// its object, with the commit that it was judged at last.
func (b *book) promotions(ctx context.Context, repository *kube.Repository, commit string, states []*promotion.State, failure error) error {
	var shown kube.PromotionList
	if err := b.client.List(ctx, &shown, client.InNamespace(repository.Namespace)); err != nil {
		return fmt.Errorf("listing promotions: %w", err)
	}
	known := map[string]*kube.Promotion{}
	for i := range shown.Items {
		known[shown.Items[i].Name] = &shown.Items[i]
	}
	failed := make([]error, len(states))
	var running sync.WaitGroup
	places := make(chan struct{}, writers)
	for i, state := range states {
		before := known[nameOf(state)]
		delete(known, nameOf(state))
		if state.Unchanged && before != nil {
			continue
		}
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			failed[i] = b.promotion(ctx, repository, before, commit, state, promotion.FailureOf(failure, state.Request.Pair()))
		})
	}
	running.Wait()
	if failure == nil {
		for _, gone := range known {
			if metav1.IsControlledBy(gone, repository) {
				failed = append(failed, client.IgnoreNotFound(b.client.Delete(ctx, gone)))
			}
		}
	}
	return errors.Join(failed...)
}

func nameOf(state *promotion.State) string {
	return state.Request.Model + "." + state.Request.Environment
}

// promotion writes one object, only when it changes.
func (b *book) promotion(ctx context.Context, repository *kube.Repository, before *kube.Promotion, commit string, state *promotion.State, stopped *promotion.Error) error {
	if before == nil {
		before = &kube.Promotion{ObjectMeta: metav1.ObjectMeta{Namespace: repository.Namespace, Name: nameOf(state)}}
	}
	shown := before.DeepCopy()
	shown.Spec = kube.PromotionSpec{
		Repository: repository.Name, Environment: state.Request.Environment, Model: state.Request.Model, Commit: commit,
	}
	if err := controllerutil.SetControllerReference(repository, shown, b.client.Scheme()); err != nil {
		return fmt.Errorf("writing promotion %s: %w\nhint: another repository promotes a model of that name to an environment of that name; rename one", shown.Name, err)
	}
	if before.ResourceVersion == "" || !equality.Semantic.DeepEqual(before.Spec, shown.Spec) {
		if err := b.applySpec(ctx, shown); err != nil {
			return fmt.Errorf("writing promotion %s: %w", shown.Name, err)
		}
	}
	shown.Status = statusOf(before.Status, state, stopped, shown.Generation, b.clock.Now())
	if equality.Semantic.DeepEqual(before.Status, shown.Status) {
		return nil
	}
	part := shown.Status
	part.Exposure, part.Conditions = nil, without(part.Conditions, kube.Soaking) // another owner's
	if err := applyStatus(ctx, b.client, shown, "Promotion", ownerOfMerged, &part, part.Conditions); err != nil {
		return err
	}
	b.tell(shown, before.Status.Conditions, shown.Status.Conditions)
	return nil
}

// applySpec writes the specification, and reads which generation it has become.
func (b *book) applySpec(ctx context.Context, shown *kube.Promotion) error {
	content, err := applied(shown, "Promotion", "spec", &shown.Spec)
	if err != nil {
		return err
	}
	content.SetOwnerReferences(shown.OwnerReferences)
	if err := b.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(content), client.FieldOwner(ownerOfMerged), client.ForceOwnership); err != nil {
		return err
	}
	shown.Generation, shown.UID = content.GetGeneration(), content.GetUID()
	return nil
}
