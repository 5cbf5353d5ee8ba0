package main

import (
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/controller"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
)

// What --health may be. Without a look no soak is earned, so nothing is promoted
// by itself: the safe one is the default.
const (
	noHealth        = "none"
	argoHealth      = "argo"
	workloadsHealth = "workloads"
)

func checkHealth(named string) error {
	switch named {
	case noHealth, argoHealth, workloadsHealth:
		return nil
	}
	return fmt.Errorf("--health: %q is not %s, %s or %s", named, noHealth, argoHealth, workloadsHealth)
}

// healthOf says how this process looks at what runs; nil where it does not.
func healthOf(chosen options, of manager.Manager) (func(controller.Workshop, string) health.Health, error) {
	switch chosen.looks {
	case workloadsHealth:
		looks := health.Workloads{Reader: of.GetAPIReader(), Clock: time.Now} // one by one: what is not cached need not be listed
		return func(controller.Workshop, string) health.Health { return looks }, nil
	case argoHealth:
		return argoOf(chosen, of)
	}
	return nil, nil
}

// argoOf watches Applications in their own namespace, so that a look at each of
// many models asks the API server for nothing.
func argoOf(chosen options, of manager.Manager) (func(controller.Workshop, string) health.Health, error) {
	applications, err := cache.New(of.GetConfig(), cache.Options{
		HTTPClient: of.GetHTTPClient(), Scheme: of.GetScheme(), Mapper: of.GetRESTMapper(),
		DefaultNamespaces: map[string]cache.Config{chosen.argo: {}}, DefaultTransform: cache.TransformStripManagedFields(),
	})
	if err != nil {
		return nil, fmt.Errorf("preparing to watch applications: %w", err)
	}
	if err := of.Add(applications); err != nil {
		return nil, err
	}
	return func(workshop controller.Workshop, address string) health.Health {
		ours, known := workshop.(*assembly.Workshop)
		if !known {
			return nil
		}
		return health.Argo{Reader: applications, Namespace: chosen.argo, Repository: address, Held: ours.Held}
	}, nil
}
