package subject

import (
	"fmt"
	"slices"
)

// customKinds are objects that other people's controllers turn into pods. Every
// string of them is searched, wherever its author keeps the pod; the pods that
// are made of them come to the door once more. Cluster-wide kinds, such as a
// ClusterServingRuntime, belong to no environment: their pods do.
var customKinds = map[Resource]form{
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

func custom(kind, version string) form { return form{kind, version, readWhole} }

// readWhole reads an object of which no more is known than that it is one: all
// of it may become a pod, but for what the API server keeps there for itself.
func readWhole(raw []byte) (pod, error) {
	whole, err := readObject(raw, anything)
	if err != nil {
		return pod{}, err
	}
	read := pod{name: whole.name(), annotations: whole.members("metadata", "annotations"), spec: &whole}
	for _, annotation := range read.annotations {
		if annotation.kind != text {
			return pod{}, fmt.Errorf("reading the object: annotation %.80q is no text", annotation.key)
		}
	}
	whole.nodes = slices.DeleteFunc(whole.nodes, func(member node) bool { return slices.Contains(keptBesides, member.key) })
	return read, nil
}

// keptBesides are members of every object that become part of no pod.
var keptBesides = []string{"apiVersion", "kind", "metadata", "status"}
