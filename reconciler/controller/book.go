package controller

import (
	"context"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// book writes what the objects say, only when it changes, and tells of
// transitions in events.
type book struct {
	client client.Client
	events events.EventRecorder
	clock  forge.Clock
}

// begun says that a commit is being made true, when it is another than before:
// to judge the same anew is no news, and what is tried again and again would
// have the condition go to and fro.
func (b *book) begun(ctx context.Context, repository *kube.Repository, commit string) error {
	status := &repository.Status
	same := status.Commit == commit && status.ObservedGeneration == repository.Generation
	if same || meta.IsStatusConditionTrue(status.Conditions, kube.Reconciling) {
		return nil
	}
	return b.change(ctx, repository, func(after *kube.RepositoryStatus, said *conditions) {
		said.set(kube.Reconciling, metav1.ConditionTrue, "Progressing", "making commit "+commit+" true")
	})
}

// done says that a commit is true, and how the branches were left.
func (b *book) done(ctx context.Context, repository *kube.Repository, commit string, branches []kube.Branch) error {
	return b.change(ctx, repository, func(after *kube.RepositoryStatus, said *conditions) {
		after.Commit, after.Branches = commit, branches
		said.ready("Reconciled", "what is merged has been judged")
	})
}

// failed says why not, and what helps.
func (b *book) failed(ctx context.Context, repository *kube.Repository, found trouble) error {
	return b.change(ctx, repository, func(_ *kube.RepositoryStatus, said *conditions) {
		if found.stalled {
			said.stalled(found.reason, found.message)
		} else {
			said.retrying(found.reason, found.message)
		}
	})
}

// suspended is not ready, and not because of anything that is wrong.
func (b *book) suspended(ctx context.Context, repository *kube.Repository) error {
	return b.change(ctx, repository, func(_ *kube.RepositoryStatus, said *conditions) {
		said.stalled("Suspended", "spec.suspend is set: nothing is judged and nothing delivered")
	})
}

// change writes a repository's status, and leaves the new one in the object.
func (b *book) change(ctx context.Context, repository *kube.Repository, change func(*kube.RepositoryStatus, *conditions)) error {
	before := repository.Status
	after := *before.DeepCopy()
	said := conditionsFrom(before.Conditions, repository.Generation, b.clock.Now())
	change(&after, said)
	after.Conditions, after.ObservedGeneration = said.list, said.observed(before.ObservedGeneration)
	if equality.Semantic.DeepEqual(before, after) {
		return nil
	}
	repository.Status = after
	part := after
	part.PullRequests = nil // another owner's
	if err := applyStatus(ctx, b.client, repository, "Repository", ownerOfMerged, &part, after.Conditions); err != nil {
		return err
	}
	b.tell(repository, before.Conditions, after.Conditions)
	return nil
}

// tell makes an event of a transition of Ready.
func (b *book) tell(object client.Object, before, after []metav1.Condition) {
	was, is := meta.FindStatusCondition(before, kube.Ready), meta.FindStatusCondition(after, kube.Ready)
	if b.events == nil || is == nil || was != nil && was.Status == is.Status && was.Reason == is.Reason {
		return
	}
	kind := corev1.EventTypeNormal
	if is.Status != metav1.ConditionTrue {
		kind = corev1.EventTypeWarning
	}
	b.events.Eventf(object, nil, kind, is.Reason, "Reconcile", "%s", is.Message)
}

// branchesOf are the tips as a run has left them.
func branchesOf(workshop Workshop, branch, commit string) ([]kube.Branch, error) {
	if watcher, watches := workshop.(Watcher); watches {
		return watcher.Branches(branch)
	}
	delivered, err := workshop.Delivered()
	if err != nil {
		return nil, fmt.Errorf("reading what was delivered: %w", err)
	}
	tips := maps.Clone(delivered)
	if tips == nil {
		tips = map[string]string{}
	}
	tips[branch] = commit
	var found []kube.Branch
	for _, name := range slices.Sorted(maps.Keys(tips)) {
		found = append(found, kube.Branch{Name: name, Commit: tips[name]})
	}
	return found, nil
}
