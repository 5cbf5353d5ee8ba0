package webhook

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/json"
)

// pod is the part of an object that becomes a pod.
type pod struct {
	name        string // of the object
	at          string // where the pod stands in the object: "spec.template."
	annotations map[string]string
	spec        corev1.PodSpec
}

// resource is what an admission rule names: group, resource and subresource.
type resource struct{ group, name, subresource string }

func (r resource) String() string {
	text := r.name
	if r.subresource != "" {
		text += "/" + r.subresource
	}
	if r.group != "" {
		text += "." + r.group
	}
	return text
}

// kind is an object that the door can read.
type kind struct {
	name string
	read func(raw []byte) (pod, error)
}

// kinds is every object that can hold a pod and that Kubernetes itself runs.
// All of them are read at their version 1: the API server converts whatever
// it is given to that (matchPolicy Equivalent).
var kinds = map[resource]kind{
	{"", "pods", ""}:                    {"Pod", reader("", barePod)},
	{"", "pods", "ephemeralcontainers"}: {"Pod", reader("", barePod)},
	{"", "replicationcontrollers", ""}:  {"ReplicationController", reader("spec.template.", replicationController)},
	{"apps", "deployments", ""}:         {"Deployment", reader("spec.template.", deployment)},
	{"apps", "statefulsets", ""}:        {"StatefulSet", reader("spec.template.", statefulSet)},
	{"apps", "daemonsets", ""}:          {"DaemonSet", reader("spec.template.", daemonSet)},
	{"apps", "replicasets", ""}:         {"ReplicaSet", reader("spec.template.", replicaSet)},
	{"batch", "jobs", ""}:               {"Job", reader("spec.template.", job)},
	{"batch", "cronjobs", ""}:           {"CronJob", reader("spec.jobTemplate.spec.template.", cronJob)},
}

// Resources lists what the door can read, as a
// ValidatingWebhookConfiguration must register it.
func Resources() []string {
	var names []string
	for known := range kinds {
		names = append(names, known.String())
	}
	slices.Sort(names)
	return names
}

func barePod(o *corev1.Pod) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}
}

func replicationController(o *corev1.ReplicationController) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	if o.Spec.Template == nil {
		return o.ObjectMeta, corev1.PodTemplateSpec{}
	}
	return o.ObjectMeta, *o.Spec.Template
}

func deployment(o *appsv1.Deployment) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.Template
}

func statefulSet(o *appsv1.StatefulSet) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.Template
}

func daemonSet(o *appsv1.DaemonSet) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.Template
}

func replicaSet(o *appsv1.ReplicaSet) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.Template
}

func job(o *batchv1.Job) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.Template
}

func cronJob(o *batchv1.CronJob) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Spec.JobTemplate.Spec.Template
}

// maxObject is twice what etcd stores by default, as in the API server itself.
const maxObject = 3 << 20

// reader makes a kind's read function. Reading is strict: a field that this
// binary does not know, a key in another case or a key written twice is an
// error. Image volumes were once such an unknown field; a door that overlooks
// the next one is open.
func reader[T any](at string, split func(*T) (metav1.ObjectMeta, corev1.PodTemplateSpec)) func([]byte) (pod, error) {
	return func(raw []byte) (pod, error) {
		if len(raw) == 0 || len(raw) > maxObject {
			return pod{}, fmt.Errorf("the object has %d bytes, want 1 to %d", len(raw), maxObject)
		}
		var object T
		strict, err := json.UnmarshalStrict(raw, &object)
		if err == nil && len(strict) > 0 {
			err = strict[0]
		}
		if err != nil {
			return pod{}, fmt.Errorf("reading the object: %w", err)
		}
		metadata, template := split(&object)
		name := metadata.Name
		if name == "" {
			name = metadata.GenerateName + "*"
		}
		return pod{name: name, at: at, annotations: template.Annotations, spec: template.Spec}, nil
	}
}
