package webhook

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Watch keeps the memory as the cluster's Release objects are. The answer says
// whether every Release that was there at the start has been filed, which is
// later than that the cache has listed it. The cache must shorten what it keeps.
func (m *Memory) Watch(ctx context.Context, informers cache.Informers) (filed func() bool, err error) {
	informer, err := informers.GetInformer(ctx, &kube.Release{}, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, fmt.Errorf("watching releases (is their CustomResourceDefinition installed?): %w", err)
	}
	registration, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    m.arrive,
		UpdateFunc: func(_, object any) { m.arrive(object) },
		DeleteFunc: func(object any) { m.leave(ctx, object) },
	})
	if err != nil {
		return nil, fmt.Errorf("watching releases: %w", err)
	}
	return registration.HasSynced, nil
}

// shorten leaves of a Release what the door reads: of what the audit says of it, how
// many workloads run it, by which a door that starts knows what to judge first.
func shorten(object any) (any, error) {
	if release, is := object.(*kube.Release); is {
		release.Status = kube.ReleaseStatus{Workloads: release.Status.Workloads}
	}
	return short(object)
}

// short packs the evidence of a Release before the cache keeps it, in place of its
// envelopes: the memory then holds the same bytes and no second copy. The cache
// may ask for it twice.
func short(object any) (any, error) {
	if release, is := object.(*kube.Release); is && !isShort(release) {
		release.ManagedFields = nil
		release.Spec.Envelopes = []string{string(pack(release.Spec.Envelopes))}
	}
	return object, nil
}

func isShort(release *kube.Release) bool {
	return len(release.Spec.Envelopes) == 1 && strings.HasPrefix(release.Spec.Envelopes[0], mark)
}

func (m *Memory) arrive(object any) {
	if release, is := object.(*kube.Release); is && isShort(release) {
		m.meet(release.Spec, release.CreationTimestamp.Time, release.Status.Workloads > 0)
		m.file(release.Name, release.Spec, packed(release.Spec.Envelopes[0]))
		if release.Status.Workloads > 0 { // as the audit has counted: what runs will be asked for
			m.want([]string{release.Name}, time.Now())
		}
	}
}

// leave is told of an object, or of a tombstone when the watch missed the
// deletion.
func (m *Memory) leave(ctx context.Context, object any) {
	name, err := toolscache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		log.FromContext(ctx).Error(err, "a release was deleted without a name")
		return
	}
	m.Forget(name)
}

const inspectionInterval = time.Second

// Inspect tells of every release that arrives, until the context ends: what its
// evidence proves, and what is wrong with it. Nothing waits for that.
func (m *Memory) Inspect(ctx context.Context) error {
	ticker := time.NewTicker(inspectionInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			m.inspect(ctx)
		}
	}
}

func (m *Memory) inspect(ctx context.Context) {
	m.orders.inspect(ctx)
	for _, filed := range m.uninspected() {
		if ctx.Err() != nil {
			return
		}
		opened := filed.open(ctx)
		filed.inspected.Store(true)
		log.FromContext(ctx).Info("release", "subject", filed.subject.String(), "environment", filed.place.environment,
			"statements", len(opened.Statements), "problems", opened.Problems)
	}
}

func (m *Memory) uninspected() []*release {
	return slices.DeleteFunc(m.all(), func(filed *release) bool { return filed.inspected.Load() })
}
