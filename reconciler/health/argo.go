package health

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// Labels of the Applications that manifests/argocd/applicationset.yaml makes.
const (
	environmentLabel = "assay.dev/environment"
	clusterLabel     = "assay.dev/cluster"
)

// Held tells which release of a model an environment's branch held at a commit;
// empty for none.
type Held func(ctx context.Context, environment, model, commit string) (evidence.Digest, error)

// Argo reads the Applications of one promotion repository. It is of use where
// Argo CD runs beside the reconciler.
type Argo struct {
	Reader     client.Reader
	Namespace  string // of the Applications
	Repository string // URL; Applications of other repositories are none of ours
	Held       Held
}

// Look takes all clusters of an environment together: they serve one release and
// are all well, or nothing is said for it.
func (a Argo) Look(ctx context.Context, place Place) (environment.Observation, error) {
	var list unstructured.UnstructuredList
	list.SetGroupVersionKind(schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "ApplicationList"})
	err := a.Reader.List(ctx, &list, client.InNamespace(a.Namespace), client.MatchingLabels{environmentLabel: place.Environment})
	if err != nil {
		return environment.Observation{}, fmt.Errorf("listing the applications of %s: %w", place.Environment, err)
	}
	var seen []environment.Observation
	found := map[string]bool{}
	for _, item := range list.Items {
		var one application
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &one); err != nil {
			return environment.Observation{}, fmt.Errorf("reading application %s: %w", item.GetName(), err)
		}
		if plainURL(one.Spec.Source.RepoURL) != plainURL(a.Repository) {
			continue
		}
		look, err := a.look(ctx, place, one)
		if err != nil {
			return environment.Observation{}, fmt.Errorf("application %s: %w", item.GetName(), err)
		}
		found[item.GetLabels()[clusterLabel]] = true
		seen = append(seen, look)
	}
	for _, cluster := range place.Clusters {
		if !found[cluster] {
			return environment.Observation{}, nil // it serves nothing that anybody sees
		}
	}
	return together(seen), nil
}

// application is what is read of an Application.
type application struct {
	Spec struct {
		Source struct {
			RepoURL string `json:"repoURL"`
		} `json:"source"`
	} `json:"spec"`
	Status struct {
		ReconciledAt string `json:"reconciledAt"`
		Health       status `json:"health"`
		Sync         struct {
			Status   string `json:"status"`
			Revision string `json:"revision"`
		} `json:"sync"`
		OperationState struct {
			Phase      string `json:"phase"`
			FinishedAt string `json:"finishedAt"`
			SyncResult struct {
				Revision string `json:"revision"`
			} `json:"syncResult"`
		} `json:"operationState"`
		Resources []resource `json:"resources"`
	} `json:"status"`
}

type status struct {
	Status string `json:"status"`
}

// resource has a health of its own where Argo CD keeps it
// (controller.resource.health.persist, off from version 3.0).
type resource struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Health status `json:"health"`
}

// look believes a health only of the revision that it was found at: Argo CD syncs,
// and assesses what it synced at its next reconciliation. Until then the health that
// stands there is the old revision's.
func (a Argo) look(ctx context.Context, place Place, one application) (environment.Observation, error) {
	status := one.Status
	assessed, err := time.Parse(time.RFC3339, status.ReconciledAt)
	if err != nil {
		return environment.Observation{}, nil // never reconciled
	}
	seen := environment.Observation{Time: assessed}
	finished, err := time.Parse(time.RFC3339, status.OperationState.FinishedAt)
	settled := err == nil && assessed.After(finished) && status.OperationState.Phase == "Succeeded" &&
		status.Sync.Status == "Synced" && status.OperationState.SyncResult.Revision == status.Sync.Revision
	if !settled {
		return seen, nil
	}
	if seen.Release, err = a.Held(ctx, place.Environment, place.Model, status.Sync.Revision); err != nil {
		return environment.Observation{}, err
	}
	seen.Health = healthOf(place, one)
	return seen, nil
}

// healthOf is that of the model's own workload, where Argo CD keeps it: an
// Application has all models of an environment, and one of them being unwell says
// nothing about another.
func healthOf(place Place, one application) environment.Health {
	health := one.Status.Health.Status
	for _, resource := range one.Status.Resources {
		if resource.Name == workload(place.Model) && (resource.Kind == "Deployment" || resource.Kind == "InferenceService") && resource.Health.Status != "" {
			health = resource.Health.Status
		}
	}
	switch health {
	case "Healthy":
		return environment.Healthy
	case "Degraded":
		return environment.Degraded
	}
	return ""
}

// together is the worst of several looks, as of the oldest. Where they found
// different releases, none of them is what the environment serves.
func together(looks []environment.Observation) environment.Observation {
	if len(looks) == 0 {
		return environment.Observation{}
	}
	whole := looks[0]
	for _, look := range looks[1:] {
		switch {
		case look.Release != whole.Release:
			return environment.Observation{}
		case whole.Health == environment.Degraded || look.Health == environment.Degraded:
			whole.Health = environment.Degraded
		case look.Health != whole.Health:
			whole.Health = ""
		}
		if look.Time.Before(whole.Time) {
			whole.Time = look.Time
		}
	}
	return whole
}

// plainURL is an address as two people may write it differently.
func plainURL(address string) string {
	if scheme, rest, found := strings.Cut(address, "://"); found {
		if _, host, credentials := strings.Cut(rest, "@"); credentials {
			address = scheme + "://" + host
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git")
}
