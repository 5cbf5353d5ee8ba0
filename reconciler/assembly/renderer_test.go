package assembly

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// What a promotion asks for in spec.serving is rendered, and what it may not ask
// for is refused.
func TestAServingProfileIsRendered(t *testing.T) {
	digest := evidence.Sum([]byte("model"))
	serve := func(profile v1alpha1.ServingProfile) (string, error) {
		var environment v1alpha1.Environment
		environment.Metadata.Name, environment.Spec.Namespace = "staging", "models-staging"
		files, err := renderer{}.Render(t.Context(), promotion.Rendering{
			Model: "breast-malignancy", Environment: environment, Registry: "registry.example.org/assay",
			Release: evidence.Subject{Name: "breast-malignancy", Digest: digest},
			Image:   "registry.example.org/predictor@" + string(evidence.Sum([]byte("image"))), Serving: profile,
		})
		var all []string
		for _, text := range files {
			all = append(all, string(text))
		}
		slices.Sort(all)
		return strings.Join(all, "\n---\n"), err
	}
	for kind, profile := range map[string]v1alpha1.ServingProfile{
		"HorizontalPodAutoscaler": {}, "ScaledObject": {Scaling: "requests"}, "InferenceService": {Runtime: "kserve"},
		"AuthorizationPolicy": {Clients: []string{"cluster.local/ns/clinic/sa/records"}}, "PrometheusRule": {AccuracyMin: "0.85", RequestsMax: 100},
	} {
		if text, err := serve(profile); err != nil || !strings.Contains(text, "kind: "+kind+"\n") {
			t.Errorf("%+v is rendered without a %s: %v", profile, kind, err)
		}
	}
	if _, err := serve(v1alpha1.ServingProfile{Scaling: "magic"}); err == nil || !strings.Contains(err.Error(), "magic") {
		t.Errorf("an unknown scaling: %v", err)
	}
}
