package health

import (
	"context"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// workload is the name of what serves a model (manifests/serving).
func workload(model string) string { return model + "-serving" }

// volume holds the model in the pods of a workload.
const volume = "model"

// Workloads reads what serves in the cluster where the reconciler runs: a
// Deployment, or a KServe InferenceService.
type Workloads struct {
	Reader client.Reader
	Clock  func() time.Time
}

// Look finds the release by the volume that the pods mount, and its health by what
// the controller of the object says of its newest specification.
func (w Workloads) Look(ctx context.Context, place Place) (environment.Observation, error) {
	for _, kind := range []schema.GroupVersionKind{
		{Group: "serving.kserve.io", Version: "v1beta1", Kind: "InferenceService"}, // makes a Deployment of another name
		{Group: "apps", Version: "v1", Kind: "Deployment"},
	} {
		var object unstructured.Unstructured
		object.SetGroupVersionKind(kind)
		err := w.Reader.Get(ctx, client.ObjectKey{Namespace: place.Namespace, Name: workload(place.Model)}, &object)
		switch {
		case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
			continue
		case err != nil:
			return environment.Observation{}, fmt.Errorf("looking at %s in %s: %w", place.Model, place.Environment, err)
		}
		var read served
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &read); err != nil {
			return environment.Observation{}, fmt.Errorf("reading the %s of %s in %s: %w", kind.Kind, place.Model, place.Environment, err)
		}
		return environment.Observation{Release: read.release(), Health: read.health(kind.Kind), Time: w.Clock()}, nil
	}
	return environment.Observation{Time: w.Clock()}, nil
}

// served is what is read of both kinds.
type served struct {
	Metadata struct {
		Generation int64 `json:"generation"`
	} `json:"metadata"`
	Spec struct {
		Replicas *int64 `json:"replicas"`
		Template struct {
			Spec pod `json:"spec"`
		} `json:"template"`
		Predictor pod `json:"predictor"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration int64 `json:"observedGeneration"`
		Replicas           int64 `json:"replicas"`
		Updated            int64 `json:"updatedReplicas"`
		Available          int64 `json:"availableReplicas"`
		Conditions         []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
			Reason string `json:"reason"`
		} `json:"conditions"`
	} `json:"status"`
}

type pod struct {
	Volumes []struct {
		Name  string `json:"name"`
		Image struct {
			Reference string `json:"reference"`
		} `json:"image"`
	} `json:"volumes"`
}

// release is the one that all pods of the newest specification mount.
func (s served) release() evidence.Digest {
	for _, one := range append(s.Spec.Template.Spec.Volumes, s.Spec.Predictor.Volumes...) {
		if one.Name != volume {
			continue
		}
		_, digest, _ := strings.Cut(one.Image.Reference, "@")
		if parsed, err := evidence.ParseDigest(digest); err == nil {
			return parsed
		}
	}
	return ""
}

// condition is the status and the reason of one; empty where it is not there.
func (s served) condition(kind string) (status, reason string) {
	for _, one := range s.Status.Conditions {
		if one.Type == kind {
			return one.Status, one.Reason
		}
	}
	return "", ""
}

// health follows kstatus, and goes further in one thing: what has rolled out once
// and is not available any more is degraded, not in progress
// (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md).
func (s served) health(kind string) environment.Health {
	if s.Status.ObservedGeneration < s.Metadata.Generation {
		return "" // it speaks of an older specification
	}
	if kind == "InferenceService" {
		switch ready, _ := s.condition("Ready"); ready {
		case "True":
			return environment.Healthy
		case "False":
			return environment.Degraded
		}
		return ""
	}
	return s.deployed()
}

func (s served) deployed() environment.Health {
	available, _ := s.condition("Available")
	progressing, why := s.condition("Progressing")
	failing, _ := s.condition("ReplicaFailure")
	wanted := int64(1)
	if s.Spec.Replicas != nil {
		wanted = *s.Spec.Replicas
	}
	switch {
	case progressing == "False", failing == "True", available == "False" && why == "NewReplicaSetAvailable":
		return environment.Degraded
	case wanted > 0 && available == "True" && s.Status.Updated >= wanted && s.Status.Replicas == s.Status.Updated && s.Status.Available >= wanted:
		return environment.Healthy
	}
	return "" // rolling out, or scaled to nothing: nobody is served by it
}
