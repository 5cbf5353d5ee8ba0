package subject

import (
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// pod is the part of an object that becomes a pod.
type pod struct {
	name        string // of the object
	at          string // where the pod stands in the object: "spec.template."
	annotations []node // in the order of their names
	spec        *node
	beside      *node  // what stands in the object's spec and becomes part of its pods
	how         string // how a string of it reaches a model, where its place does not tell
}

// form is how an object of a kind is read, at one version: the API server
// converts whatever it is given to that (matchPolicy Equivalent).
type form struct {
	kind    string
	version string
	read    func(raw []byte) (pod, error)
}

// builtIn is every object that can hold a pod and that Kubernetes itself runs.
var builtIn = map[Resource]form{
	{"", "pods", ""}:                    {"Pod", "v1", reader[corev1.Pod]()},
	{"", "pods", "ephemeralcontainers"}: {"Pod", "v1", reader[corev1.Pod]()},
	{"", "pods", "resize"}:              {"Pod", "v1", reader[corev1.Pod]()},
	{"", "podtemplates", ""}:            {"PodTemplate", "v1", reader[corev1.PodTemplate]("template")},
	{"", "configmaps", ""}:              {"ConfigMap", "v1", readConfigMap},
	{"", "replicationcontrollers", ""}:  {"ReplicationController", "v1", reader[corev1.ReplicationController]("spec", "template")},
	{"apps", "deployments", ""}:         {"Deployment", "v1", reader[appsv1.Deployment]("spec", "template")},
	{"apps", "statefulsets", ""}:        {"StatefulSet", "v1", reader[appsv1.StatefulSet]("spec", "template")},
	{"apps", "daemonsets", ""}:          {"DaemonSet", "v1", reader[appsv1.DaemonSet]("spec", "template")},
	{"apps", "replicasets", ""}:         {"ReplicaSet", "v1", reader[appsv1.ReplicaSet]("spec", "template")},
	{"batch", "jobs", ""}:               {"Job", "v1", reader[batchv1.Job]("spec", "template")},
	{"batch", "cronjobs", ""}:           {"CronJob", "v1", reader[batchv1.CronJob]("spec", "jobTemplate", "spec", "template")},
}

// reader makes the read function of a form, of whose type the pod stands at the end
// of a way.
func reader[T any](way ...string) func([]byte) (pod, error) {
	typed := shapeOf[T]()
	at := strings.Join(append(way, "spec"), ".")
	return func(raw []byte) (pod, error) {
		whole, err := readObject(raw, typed())
		if err != nil {
			return pod{}, err
		}
		template := whole.at(way...)
		read := pod{name: whole.name(), at: at, annotations: template.members("metadata", "annotations"), spec: template.get("spec")}
		if claims := whole.at("spec", "volumeClaimTemplates"); claims != nil {
			// Those that a StatefulSet makes for each of its pods.
			read.beside = &node{kind: object, nodes: []node{*claims}}
		}
		return read, nil
	}
}
