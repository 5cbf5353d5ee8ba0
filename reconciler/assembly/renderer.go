package assembly

import (
	"context"

	"github.com/mlops-clinical-trials/assay/internal/oci"
	"github.com/mlops-clinical-trials/assay/internal/render"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// renderer writes manifests with kustomize.
type renderer struct{}

func (renderer) Render(ctx context.Context, rendering promotion.Rendering) (map[string][]byte, error) {
	registry, err := oci.Open(rendering.Registry)
	if err != nil {
		return nil, err
	}
	artifact, err := registry.Reference(rendering.Release)
	if err != nil {
		return nil, err
	}
	release := render.Release{
		Model: rendering.Model, Environment: rendering.Environment.Metadata.Name, Namespace: rendering.Environment.Spec.Namespace,
		Artifact: artifact, Image: rendering.Image, Replicas: rendering.Replicas, Envelopes: rendering.Envelopes,
		Profile: render.Profile(rendering.Serving),
	}
	if len(rendering.Envelopes) == 0 {
		return render.Workload(ctx, release)
	}
	return render.Render(ctx, release)
}
