package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
)

// pin is what a release fills into one object. It is applied last, and replaces
// whatever a component left there, which kustomize's own images and
// nameReference fields, substitutions, would not. The tests among the steps come
// first: a component that moved things makes the patch fail, not miss.
type pin struct {
	group, version, kind, name string
	steps                      []step
}

type step struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

func test(path string, value any) step    { return step{"test", path, value} }
func replace(path string, value any) step { return step{"replace", path, value} }

func (p pin) id() resid.ResId {
	return resid.ResId{Gvk: resid.NewGvk(p.group, p.version, p.kind), Name: p.name}
}

func (p pin) patch() (types.Patch, error) {
	steps, err := json.Marshal(p.steps)
	return types.Patch{Patch: string(steps), Target: &types.Selector{ResId: p.id()}}, err
}

// present refuses a component that took away what is to be pinned: kustomize
// applies a patch without a target to nothing, and says nothing.
func present(chosen []byte, pins []pin) error {
	found := map[resid.ResId]bool{}
	documents := kyaml.NewDecoder(bytes.NewReader(chosen))
	for {
		var object struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name string }
		}
		if err := documents.Decode(&object); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		group, version := resid.ParseGroupVersion(object.APIVersion)
		found[resid.ResId{Gvk: resid.NewGvk(group, version, object.Kind), Name: object.Metadata.Name}] = true
	}
	for _, pin := range pins {
		if !found[pin.id()] {
			return fmt.Errorf("the component took away the %s %q", pin.kind, pin.name)
		}
	}
	return nil
}

// pins of a release, over the objects that its profile chose.
func (r Release) pins() []pin {
	pins := []pin{r.workloadPin()}
	if scaler, has := r.scalerPin(); has {
		pins = append(pins, scaler)
	}
	if len(r.Profile.Clients) > 0 {
		pins = append(pins, r.meshPins()...)
	}
	if r.Profile.Cloud != "" {
		pins = append(pins, r.secretPins()...)
	}
	if r.Profile.AccuracyMin != "" {
		pins = append(pins, r.monitoringPins()...)
	}
	return pins
}

// served is the name that kustomize gives to what is called "serving".
func (r Release) served() string { return r.Model + "-serving" }

func (r Release) host() string {
	return fmt.Sprintf("%s.%s.svc.cluster.local", r.served(), r.Namespace)
}

// pods is a selector of the model's pods where kustomize knows of none.
func (r Release) pods() map[string]string {
	labels := maps.Clone(r.identity())
	labels["app.kubernetes.io/component"] = "serving"
	return labels
}

// workloadPin pins the image and the model.
func (r Release) workloadPin() pin {
	if r.Profile.Runtime == KServe {
		return pin{"serving.kserve.io", "v1beta1", "InferenceService", "serving", append(r.podSteps("/spec/predictor", "kserve-container"), r.kserveSteps()...)}
	}
	return pin{"apps", "v1", "Deployment", "serving", r.podSteps("/spec/template/spec", "server")}
}

func (r Release) podSteps(pod, name string) []step {
	container := pod + "/containers/0"
	steps := []step{
		test(container+"/name", name),
		test(container+"/env/0/name", "MODEL_NAME"),
		test(container+"/volumeMounts/0/name", "model"),
		test(pod+"/volumes/0/name", "model"),
		replace(container+"/image", r.Image),
		replace(container+"/env/0/value", r.Model),
		replace(container+"/volumeMounts/0/mountPath", "/models/"+r.Model),
		replace(pod+"/volumes/0/image/reference", r.Artifact),
	}
	if r.Profile.Cloud != "" {
		steps = append(steps, test(pod+"/volumes/2/name", "secrets"), replace(pod+"/volumes/2/secret/secretName", r.served()))
	}
	return steps
}

func (r Release) kserveSteps() []step {
	steps := []step{
		replace("/spec/predictor/serviceAccountName", r.served()),
		replace("/spec/predictor/topologySpreadConstraints/0/labelSelector/matchLabels", r.pods()),
	}
	if r.Replicas > 0 {
		return append(steps, replace("/metadata/annotations/serving.kserve.io~1autoscalerClass", "none"),
			replace("/spec/predictor/minReplicas", r.Replicas), replace("/spec/predictor/maxReplicas", r.Replicas),
			step{Op: "remove", Path: "/spec/predictor/scaleMetric"}, step{Op: "remove", Path: "/spec/predictor/scaleTarget"})
	}
	if r.Profile.MaxReplicas > 0 {
		steps = append(steps, replace("/spec/predictor/maxReplicas", r.Profile.MaxReplicas))
	}
	return steps
}

func (r Release) scalerPin() (pin, bool) {
	var steps []step
	limit := "/spec/maxReplicas"
	scaler := pin{group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler", name: "serving"}
	if r.Profile.Scaling == Requests {
		limit = "/spec/maxReplicaCount"
		scaler = pin{group: "keda.sh", version: "v1alpha1", kind: "ScaledObject", name: "serving"}
		steps = append(steps, test("/spec/triggers/0/type", "prometheus"),
			replace("/spec/scaleTargetRef/name", r.served()),
			replace("/spec/triggers/0/metadata/query", fmt.Sprintf("sum(rate(model_requests_total{model=%q}[1m]))", r.Model)))
		if r.Profile.RequestsPerReplica > 0 {
			steps = append(steps, replace("/spec/triggers/0/metadata/threshold", strconv.Itoa(r.Profile.RequestsPerReplica)))
		}
	}
	if r.Profile.MaxReplicas > 0 {
		steps = append(steps, replace(limit, r.Profile.MaxReplicas))
	}
	scaler.steps = steps
	return scaler, len(steps) > 0 && r.Profile.Runtime != KServe
}
