package webhook

import (
	"context"
	"fmt"

	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Watch keeps the memory as the cluster's Release objects are. The answer says
// whether every Release that was there at the start has been opened, which is
// later than that the cache has listed it.
func (m *Memory) Watch(ctx context.Context, informers cache.Informers) (opened func() bool, err error) {
	informer, err := informers.GetInformer(ctx, &kube.Release{}, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, fmt.Errorf("watching releases (is their CustomResourceDefinition installed?): %w", err)
	}
	registration, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { m.remember(ctx, object) },
		UpdateFunc: func(_, object any) { m.remember(ctx, object) },
		DeleteFunc: func(object any) { m.forget(ctx, object) },
	})
	if err != nil {
		return nil, fmt.Errorf("watching releases: %w", err)
	}
	return registration.HasSynced, nil
}

func (m *Memory) remember(ctx context.Context, object any) {
	release, ok := object.(*kube.Release)
	if !ok {
		return
	}
	m.Remember(ctx, release)
	for _, known := range m.find(release.Spec.Environment, release.Spec.Digest) {
		log.FromContext(ctx).Info("release", "subject", known.subject.String(), "environment", known.spec.Environment,
			"statements", len(known.evidence.Statements), "problems", known.evidence.Problems)
	}
}

// forget is told of an object, or of a tombstone when the watch missed the
// deletion.
func (m *Memory) forget(ctx context.Context, object any) {
	name, err := toolscache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		log.FromContext(ctx).Error(err, "a release was deleted without a name")
		return
	}
	m.Forget(name)
}
