// Package health looks at what runs: which release serves in an environment, and
// whether it is well.
//
// A soak counts time in which a release was seen healthy, so a look that is wrong in
// favour of a release is worse than none. What is still rolling out, what was synced
// but not looked at since, what one of several clusters lacks and what cannot be
// told is neither healthy nor degraded: the zero Health.
//
// [Argo] reads the Application objects of Argo CD, which watches any number of
// clusters. [Workloads] reads the objects themselves, where the reconciler stands in
// the cluster that serves. Neither writes anything.
//
// The package must never import git, a forge or the judge, nor Argo CD: of an
// Application it reads the fields that it names.
package health

import (
	"context"

	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// Place is where to look.
type Place struct {
	Environment string
	Namespace   string   // of the environment's models
	Clusters    []string // of the environment; empty where Argo CD is not told of them
	Model       string
}

// Health looks. An error is ignorance: whoever gets one has seen nothing.
type Health interface {
	Look(ctx context.Context, place Place) (environment.Observation, error)
}
