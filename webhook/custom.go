package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// customKinds are objects that other people's controllers turn into pods. Every
// string of them is searched, wherever its author keeps the pod; the pods that
// are made of them come to the door once more. Cluster-wide kinds, such as a
// ClusterServingRuntime, belong to no environment: their pods do.
var customKinds = map[resource]kind{
	{"argoproj.io", "rollouts", ""}:                      custom("Rollout", "v1alpha1"),
	{"serving.kserve.io", "inferenceservices", ""}:       custom("InferenceService", "v1beta1"),
	{"serving.kserve.io", "servingruntimes", ""}:         custom("ServingRuntime", "v1alpha1"),
	{"serving.kserve.io", "trainedmodels", ""}:           custom("TrainedModel", "v1alpha1"), // a server that runs loads it
	{"serving.kserve.io", "llminferenceservices", ""}:    custom("LLMInferenceService", "v1alpha1"),
	{"serving.knative.dev", "services", ""}:              custom("Service", "v1"),
	{"ray.io", "rayservices", ""}:                        custom("RayService", "v1"),
	{"ray.io", "rayclusters", ""}:                        custom("RayCluster", "v1"),
	{"jobset.x-k8s.io", "jobsets", ""}:                   custom("JobSet", "v1alpha2"),
	{"leaderworkerset.x-k8s.io", "leaderworkersets", ""}: custom("LeaderWorkerSet", "v1"),
}

func custom(name, version string) kind { return kind{name, version, readWhole} }

// readWhole reads an object of which no more is known than that it is one: all
// of it may become a pod, but for what the API server keeps there for itself.
func readWhole(raw []byte) (pod, error) {
	var object map[string]any
	if err := readStrictly(raw, &object); err != nil {
		return pod{}, err
	}
	metadata, _ := object["metadata"].(map[string]any)
	read := pod{annotations: map[string]string{}, spec: maps.Clone(object)}
	name, _ := metadata["name"].(string)
	generateName, _ := metadata["generateName"].(string)
	read.name = nameOf(name, generateName)
	annotations, _ := metadata["annotations"].(map[string]any)
	for key, value := range annotations {
		text, isText := value.(string)
		if !isText {
			return pod{}, fmt.Errorf("reading the object: annotation %.80q is no text", key)
		}
		read.annotations[key] = text
	}
	for _, field := range []string{"apiVersion", "kind", "metadata", "status"} {
		delete(read.spec, field)
	}
	return read, nil
}

// Workload is a kind of object that the operator of a cluster adds to those that
// the door knows: one of a controller that makes pods.
type Workload struct {
	Group    string `yaml:"group"`
	Version  string `yaml:"version"` // the one that is registered; the API server converts the others
	Resource string `yaml:"resource"`
	Kind     string `yaml:"kind"`
}

// readable is the kind that a request is about, among those that are built in
// and those that are configured.
func readable(wanted metav1.GroupVersionResource, subresource string, configured []Workload) (kind, error) {
	asked := resource{wanted.Group, wanted.Resource, subresource}
	for _, table := range []map[resource]kind{kinds, customKinds} {
		if known, is := table[asked]; is && known.version == wanted.Version {
			return known, nil
		}
	}
	at := slices.IndexFunc(configured, func(w Workload) bool {
		return resource{w.Group, w.Resource, ""} == asked && w.Version == wanted.Version
	})
	if at < 0 {
		return kind{}, fmt.Errorf("%.80s %.20q is not a kind that this door can read\nhint: name it among the workloads of the Admission file", asked, wanted.Version)
	}
	return custom(configured[at].Kind, configured[at].Version), nil
}

// check refuses what could never be asked about, and what would take the place
// of a kind that the door reads field by field.
func (w Workload) check() error {
	if w.Version == "" || w.Resource == "" || w.Kind == "" || w.Group == "" || strings.Contains(w.Resource, "/") {
		return fmt.Errorf("workloads: %.80q has no group, version, resource or kind, or names a subresource", w.Resource)
	}
	if _, built := kinds[resource{w.Group, w.Resource, ""}]; built {
		return fmt.Errorf("workloads: %s is read already", resource{w.Group, w.Resource, ""})
	}
	return nil
}
