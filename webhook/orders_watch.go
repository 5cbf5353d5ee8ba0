package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// WatchOrders keeps the orders as the cluster's Quarantine, Freeze and BreakGlass
// objects are. Until the cluster has told all of them, those that a store remembers
// count; without either no workload is judged.
func (m *Memory) WatchOrders(ctx context.Context, informers cache.Informers) (told func() bool, err error) {
	quarantines, err := follow(ctx, informers, &kube.Quarantine{}, func(object any) {
		if order, is := object.(*kube.Quarantine); is {
			m.Quarantine(order)
		}
	}, m.Lift)
	if err != nil {
		return nil, fmt.Errorf("watching quarantines: %w", err)
	}
	freezes, err := follow(ctx, informers, &kube.Freeze{}, func(object any) {
		if order, is := object.(*kube.Freeze); is {
			m.Freeze(order)
		}
	}, m.Thaw)
	if err != nil {
		return nil, fmt.Errorf("watching freezes: %w", err)
	}
	glasses, err := follow(ctx, informers, &kube.BreakGlass{}, func(object any) {
		if order, is := object.(*kube.BreakGlass); is {
			m.BreakGlass(order)
		}
	}, m.Mend)
	if err != nil {
		return nil, fmt.Errorf("watching break-glasses: %w", err)
	}
	m.orders.told = func() bool { return quarantines() && freezes() && glasses() }
	return m.orders.told, nil
}

// follow hands over what arrives of a kind, and the names of what leaves.
func follow(ctx context.Context, informers cache.Informers, kind client.Object, arrive func(any), leave func(string)) (told func() bool, err error) {
	informer, err := informers.GetInformer(ctx, kind, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, err
	}
	registration, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    arrive,
		UpdateFunc: func(_, object any) { arrive(object) },
		DeleteFunc: func(object any) {
			if name, err := toolscache.DeletionHandlingMetaNamespaceKeyFunc(object); err == nil {
				leave(name)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return registration.HasSynced, nil
}

// installed is an error when the cluster says that it does not have what the door
// watches, or does not show it to the door: nothing would ever arrive, and the
// door would wait without a word. A cluster that says nothing is no such error;
// it may come back.
func installed(ctx context.Context, cluster client.Reader) error {
	for name, list := range map[string]client.ObjectList{
		"releases": &kube.ReleaseList{}, "quarantines": &kube.QuarantineList{}, "freezes": &kube.FreezeList{}, "breakglasses": &kube.BreakGlassList{},
	} {
		err := cluster.List(ctx, list, client.Limit(1))
		if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
			return fmt.Errorf("listing %s.assay.dev: %w\nhint: kubectl apply -k manifests/system brings its definition and the right to read it", name, err)
		}
	}
	return nil
}

// isTold is ready when it is known what people have ordered.
func isTold(known func() bool) healthz.Checker {
	return func(*http.Request) error {
		if !known() {
			return errors.New("the cluster has not told its quarantines, freezes and break-glasses yet; hint: kubectl get crd quarantines.assay.dev freezes.assay.dev breakglasses.assay.dev")
		}
		return nil
	}
}
