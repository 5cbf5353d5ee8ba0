package health

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// deployment has rolled out two replicas.
var deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: tumour-serving, namespace: models-production, generation: 4}
spec:
  replicas: 2
  template:
    spec:
      volumes:
      - name: tmp
      - name: model
        image: {reference: "registry.example.org/models/tumour@` + string(newer) + `"}
status:
  observedGeneration: 4
  replicas: 2
  updatedReplicas: 2
  availableReplicas: 2
  conditions:
  - {type: Available, status: "True", reason: MinimumReplicasAvailable}
  - {type: Progressing, status: "True", reason: NewReplicaSetAvailable}
`

var inference = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: tumour-serving, namespace: models-production, generation: 2}
spec:
  predictor:
    volumes:
    - name: model
      image: {reference: "registry.example.org/models/tumour@` + string(newer) + `"}
status:
  observedGeneration: 2
  conditions:
  - {type: Ready, status: "True"}
`

func TestADeploymentIsBelievedAboutItsNewestSpecification(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		release  evidence.Digest
		health   environment.Health
	}{
		"rolled out":                    {"", "", newer, environment.Healthy},
		"not looked at yet":             {"observedGeneration: 4", "observedGeneration: 3", newer, ""},
		"an old pod is left":            {"\n  replicas: 2\n  updated", "\n  replicas: 3\n  updated", newer, ""},
		"half of it":                    {"updatedReplicas: 2", "updatedReplicas: 1", newer, ""},
		"one is not available":          {"availableReplicas: 2", "availableReplicas: 1", newer, ""},
		"the rollout is stuck":          {`{type: Progressing, status: "True", reason: NewReplicaSetAvailable}`, `{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}`, newer, environment.Degraded},
		"it served, and does no more":   {`{type: Available, status: "True"`, `{type: Available, status: "False"`, newer, environment.Degraded},
		"it is starting":                {"- {type: Available, status: \"True\", reason: MinimumReplicasAvailable}\n  - {type: Progressing, status: \"True\", reason: NewReplicaSetAvailable}", "- {type: Available, status: \"False\"}\n  - {type: Progressing, status: \"True\", reason: ReplicaSetUpdated}", newer, ""},
		"its pods are refused":          {"  conditions:\n", "  conditions:\n  - {type: ReplicaFailure, status: \"True\"}\n", newer, environment.Degraded},
		"scaled to nothing":             {"spec:\n  replicas: 2", "spec:\n  replicas: 0", newer, ""},
		"as many as an autoscaler says": {"spec:\n  replicas: 2\n", "spec:\n", newer, environment.Healthy},
		"another release":               {string(newer), string(older), older, environment.Healthy},
		"a release by tag":              {"@" + string(newer), ":latest", "", environment.Healthy},
		"no model at all":               {"name: model", "name: other", "", environment.Healthy},
	} {
		text := strings.Replace(deployment, test.old, test.new, 1)
		if text == deployment && test.old != "" {
			t.Fatalf("%s: the story changes nothing", name)
		}
		got, err := Workloads{cluster(t, text), func() time.Time { return noon }}.Look(t.Context(), place)
		if err != nil || got.Release != test.release || got.Health != test.health || !got.Time.Equal(noon) {
			t.Errorf("%s: saw %+v, %v", name, got, err)
		}
	}
}

func TestAnInferenceServiceSpeaksForItself(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		health   environment.Health
	}{
		"ready":             {"", "", environment.Healthy},
		"not ready":         {`status: "True"`, `status: "False"`, environment.Degraded},
		"nobody knows":      {`status: "True"`, `status: Unknown`, ""},
		"not looked at yet": {"observedGeneration: 2", "observedGeneration: 1", ""},
	} {
		text := strings.Replace(inference, test.old, test.new, 1)
		got, err := Workloads{cluster(t, text), func() time.Time { return noon }}.Look(t.Context(), place)
		if err != nil || got.Release != newer || got.Health != test.health {
			t.Errorf("%s: saw %+v, %v", name, got, err)
		}
	}
}

func TestNothingThereIsNothingSeen(t *testing.T) {
	got, err := Workloads{cluster(t), func() time.Time { return noon }}.Look(t.Context(), place)
	if err != nil || got.Release != "" || got.Health != "" {
		t.Errorf("saw %+v, %v", got, err)
	}
	broken := interceptor.NewClient(cluster(t, deployment).(client.WithWatch), interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return errors.New("no route")
		},
	})
	if _, err := (Workloads{broken, time.Now}).Look(t.Context(), place); err == nil || !strings.Contains(err.Error(), "tumour in production") {
		t.Errorf("error is %v", err)
	}
}
