package subject

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// pod is the part of an object that becomes a pod, as JSON decodes it.
type pod struct {
	name        string // of the object
	at          string // where the pod stands in the object: "spec.template."
	annotations map[string]string
	spec        map[string]any
	beside      map[string]any // what stands in the object's spec and becomes part of its pods
	how         string         // how a string of it reaches a model, where its place does not tell
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
	{"", "pods", ""}:                    {"Pod", "v1", reader("", barePod)},
	{"", "pods", "ephemeralcontainers"}: {"Pod", "v1", reader("", barePod)},
	{"", "pods", "resize"}:              {"Pod", "v1", reader("", barePod)},
	{"", "podtemplates", ""}:            {"PodTemplate", "v1", reader("template.", podTemplate)},
	{"", "configmaps", ""}:              {"ConfigMap", "v1", readConfigMap},
	{"", "replicationcontrollers", ""}:  {"ReplicationController", "v1", reader("spec.template.", replicationController)},
	{"apps", "deployments", ""}:         {"Deployment", "v1", reader("spec.template.", deployment)},
	{"apps", "statefulsets", ""}:        {"StatefulSet", "v1", reader("spec.template.", statefulSet, claimsOf)},
	{"apps", "daemonsets", ""}:          {"DaemonSet", "v1", reader("spec.template.", daemonSet)},
	{"apps", "replicasets", ""}:         {"ReplicaSet", "v1", reader("spec.template.", replicaSet)},
	{"batch", "jobs", ""}:               {"Job", "v1", reader("spec.template.", job)},
	{"batch", "cronjobs", ""}:           {"CronJob", "v1", reader("spec.jobTemplate.spec.template.", cronJob)},
}

func barePod(o *corev1.Pod) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}
}

func podTemplate(o *corev1.PodTemplate) (metav1.ObjectMeta, corev1.PodTemplateSpec) {
	return o.ObjectMeta, o.Template
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

// claimsOf are the claims that a StatefulSet makes for each of its pods.
func claimsOf(o *appsv1.StatefulSet) any {
	return &struct {
		VolumeClaimTemplates []corev1.PersistentVolumeClaim `json:"volumeClaimTemplates"`
	}{o.Spec.VolumeClaimTemplates}
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

// reader makes the read function of a form.
func reader[T any](at string, split func(*T) (metav1.ObjectMeta, corev1.PodTemplateSpec), beside ...func(*T) any) func([]byte) (pod, error) {
	return func(raw []byte) (pod, error) {
		var object T
		if err := Decode(raw, &object); err != nil {
			return pod{}, err
		}
		metadata, template := split(&object)
		spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&template.Spec)
		if err != nil {
			return pod{}, fmt.Errorf("reading the pod: %w", err)
		}
		read := pod{name: nameOf(metadata.Name, metadata.GenerateName), at: at + "spec", annotations: template.Annotations, spec: spec}
		for _, more := range beside {
			if read.beside, err = runtime.DefaultUnstructuredConverter.ToUnstructured(more(&object)); err != nil {
				return pod{}, fmt.Errorf("reading what stands beside the pod: %w", err)
			}
		}
		return read, nil
	}
}

// nameOf is how people call an object; one that has no name yet gets one that
// begins so.
func nameOf(name, generateName string) string {
	if name == "" {
		return generateName + "*"
	}
	return name
}
