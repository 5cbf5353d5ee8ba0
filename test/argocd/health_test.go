package argocd

import (
	"testing"

	"github.com/argoproj/argo-cd/v2/util/lua"
	"github.com/argoproj/gitops-engine/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// healthOf is what Argo CD shows for an object; empty where it has no opinion.
func healthOf(t *testing.T, object *unstructured.Unstructured) health.HealthStatusCode {
	t.Helper()
	status, err := health.GetResourceHealth(object, lua.ResourceHealthOverrides{})
	if err != nil {
		t.Fatalf("%s: %v", object.GroupVersionKind(), err)
	}
	if status == nil {
		return ""
	}
	return status.Status
}

// An Application holds all models of an environment, and Argo CD ends a
// synchronisation at the first object that is degraded: nothing that was only
// just written may be.
func TestNothingIsDegradedBeforeItHasAStatus(t *testing.T) {
	for name, objects := range rendered(t) {
		for _, object := range objects {
			if status := healthOf(t, &object); status == health.HealthStatusDegraded || status == health.HealthStatusUnknown {
				t.Errorf("%s: a new %s is %s", name, object.GetKind(), status)
			}
		}
	}
}

// The statuses are as their controllers write them. What Argo CD makes of them
// is what the soak of a release counts.
func TestArgoCDTellsWhatServesFromWhatDoesNot(t *testing.T) {
	for name, test := range map[string]struct {
		object string
		want   health.HealthStatusCode
	}{
		"a deployment at work": {`{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, generation: 2}, spec: {replicas: 2},
			status: {observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}}`, health.HealthStatusHealthy},
		"one whose change was not seen yet": {`{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, generation: 3}, spec: {replicas: 2},
			status: {observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}}`, health.HealthStatusProgressing},
		"one that rolls out": {`{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, generation: 2}, spec: {replicas: 2},
			status: {observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2}}`, health.HealthStatusProgressing},
		"one that gave up": {`{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, generation: 2}, spec: {replicas: 2},
			status: {observedGeneration: 2, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]}}`, health.HealthStatusDegraded},
		"an inference service at work": {`{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: m}, spec: {},
			status: {conditions: [{type: PredictorReady, status: "True"}, {type: Ready, status: "True"}]}}`, health.HealthStatusHealthy},
		"one whose model does not load": {`{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: m}, spec: {},
			status: {modelStatus: {transitionStatus: BlockedByFailedLoad}, conditions: [{type: Ready, status: "False"}]}}`, health.HealthStatusDegraded},
		"one that is not ready": {`{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: m}, spec: {},
			status: {conditions: [{type: PredictorReady, status: "False"}, {type: Ready, status: "False"}]}}`, health.HealthStatusProgressing},
		"an autoscaler at work": {`{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: m}, spec: {},
			status: {conditions: [{type: Ready, status: "True"}, {type: Active, status: "True"}]}}`, health.HealthStatusHealthy},
		"a release that the door would not let in": {`{apiVersion: assay.dev/v1alpha1, kind: Release, metadata: {name: m}, spec: {},
			status: {conditions: [{type: Admissible, status: "False"}]}}`, ""},
	} {
		var object unstructured.Unstructured
		if err := yaml.Unmarshal([]byte(test.object), &object.Object); err != nil {
			t.Fatal(err)
		}
		if got := healthOf(t, &object); got != test.want {
			t.Errorf("%s is %q, not %q", name, got, test.want)
		}
	}
}
