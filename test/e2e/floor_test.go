package e2e

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/manifests"
	"github.com/mlops-clinical-trials/assay/webhook/floor"
)

// levelled is a cluster whose door was taken off its hinges, with the floor that
// ships.
type levelled struct {
	*stand
	floor  *floor.Floor
	listed string // the digest of a model that is admissible in staging
}

func newLevelled(t *testing.T) *levelled {
	t.Helper()
	l := &levelled{stand: newStand(t, 0), listed: string(evidence.Sum([]byte("listed")))}
	if err := l.Client.Delete(t.Context(), &admissionregistrationv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "assay-admission"}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"list.yaml", "rbac.yaml", "policy.yaml"} {
		text, err := fs.ReadFile(manifests.System, path.Join("system/floor", name))
		if err != nil {
			t.Fatal(err)
		}
		for part := range strings.SplitSeq(string(text), "\n---\n") {
			object := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(part), &object.Object); err != nil {
				t.Fatal(err)
			}
			if err := l.Apply(t.Context(), object); err != nil {
				t.Fatal(err)
			}
		}
	}
	l.connect()
	l.publish(map[string][]string{"staging": {l.listed}, "development": {string(evidence.Sum([]byte("of development")))}})
	l.waitFor("the floor has the list", 30*time.Second, func() bool {
		return l.try(mounting(enrolled, l.of(l.listed))) == nil && l.try(mounting(enrolled, l.of(string(evidence.Sum(nil))))) != nil
	})
	return l
}

// connect writes the list with the rights of the audit, no more.
func (l *levelled) connect() {
	l.t.Helper()
	kubeconfig, err := l.KubeconfigOf(l.t.Context(), "assay-audit")
	if err != nil {
		l.t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		l.t.Fatal(err)
	}
	if l.floor, err = floor.New(config, "assay-system", func() []string { return []string{models} }); err != nil {
		l.t.Fatal(err)
	}
}

func (l *levelled) publish(admissible map[string][]string) {
	l.t.Helper()
	if err := l.floor.Publish(l.t.Context(), admissible); err != nil {
		l.t.Fatal(err)
	}
}

func (l *levelled) of(digest string) string { return models + "/breast-malignancy@" + digest }

func (l *levelled) try(object client.Object) error {
	return l.Client.Create(l.t.Context(), object, client.DryRunAll)
}

// denied demands that the floor says so, by its rule.
func (l *levelled) denied(what, rule string, err error) {
	l.t.Helper()
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "the floor denies: "+rule+": ") {
		l.t.Errorf("%s: %v", what, err)
	}
}

// templates are the objects that make pods of a template.
func templates(pod *corev1.Pod) map[string]client.Object {
	labels := map[string]string{"app": "serve"}
	meta := metav1.ObjectMeta{Namespace: pod.Namespace, Name: "serve"}
	always := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: *pod.Spec.DeepCopy()}
	once := *always.DeepCopy()
	once.Spec.RestartPolicy = corev1.RestartPolicyNever
	selector := &metav1.LabelSelector{MatchLabels: labels}
	return map[string]client.Object{
		"Pod":                   pod,
		"ReplicationController": &corev1.ReplicationController{ObjectMeta: meta, Spec: corev1.ReplicationControllerSpec{Selector: labels, Template: &always}},
		"Deployment":            &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Selector: selector, Template: always}},
		"ReplicaSet":            &appsv1.ReplicaSet{ObjectMeta: meta, Spec: appsv1.ReplicaSetSpec{Selector: selector, Template: always}},
		"StatefulSet":           &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Selector: selector, Template: always}},
		"DaemonSet":             &appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Selector: selector, Template: always}},
		"Job":                   &batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: once}},
		"CronJob": &batchv1.CronJob{ObjectMeta: meta, Spec: batchv1.CronJobSpec{Schedule: "0 0 * * *",
			JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: once}}}},
	}
}

// The registration of the door is gone. What is on the list comes in, and nothing
// else does, whatever it is written in.
func TestTheFloorStandsWhenTheDoorIsGone(t *testing.T) {
	t.Parallel()
	l := newLevelled(t)
	unlisted := l.of(string(evidence.Sum([]byte("unlisted"))))
	image := plain(enrolled)
	image.Spec.InitContainers = []corev1.Container{{Name: "model", Image: unlisted}}
	for name, bad := range map[string]*corev1.Pod{"a volume": mounting(enrolled, unlisted), "an image": image} {
		for kind, object := range templates(bad) {
			l.denied(name+" in a "+kind, "workload.released", l.try(object))
		}
	}
	for kind, object := range templates(mounting(enrolled, l.of(l.listed))) {
		if err := l.try(object); err != nil {
			t.Errorf("what is listed, in a %s: %v", kind, err)
		}
	}
	for kind, object := range templates(plain(enrolled)) {
		if err := l.try(object); err != nil {
			t.Errorf("without a model, a %s: %v", kind, err)
		}
	}
	l.references()
	l.changes()
	l.scope()
	l.lists()
	l.cost()
}

func (l *levelled) references() {
	l.t.Helper()
	for reference, rule := range map[string]string{
		models + "/breast-malignancy:v1":                              "workload.pinned",
		models + "/breast-malignancy":                                 "workload.pinned",
		models + "/breast-malignancy:v1@" + l.listed:                  "workload.pinned",
		models + "/breast-malignancy@" + strings.ToUpper(l.listed):    "workload.pinned",
		models + "/breast-malignancy@sha256:" + l.listed[7:20]:        "workload.pinned",
		"elsewhere.example.org/x@" + strings.Repeat("0", 71):          "workload.pinned",
		"elsewhere.example.org/x@sha256:" + strings.Repeat("0", 64):   "workload.released",
		l.of(string(evidence.Sum([]byte("of development")))):          "workload.released",
		models + "/breast-malignancy@sha512:" + l.listed[7:] + "0000": "workload.pinned",
	} {
		l.denied(reference, rule, l.try(mounting(enrolled, reference)))
	}
	if err := l.try(mounting(enrolled, "mirror.example.org:5000/x@"+l.listed)); err != nil {
		l.t.Errorf("the same content from a mirror: %v", err)
	}
	capital := plain(enrolled)
	capital.Spec.Containers[0].Image = "REGISTRY.example.org/assay/models/x@" + string(evidence.Sum([]byte("unlisted")))
	l.denied("a host in capitals", "workload.released", l.try(capital))
}

// What runs may lose its finalizers and its place on the list; it may not get
// another model, nor a debugger that is one.
func (l *levelled) changes() {
	l.t.Helper()
	running := mounting(enrolled, l.of(l.listed))
	running.GenerateName, running.Name, running.Finalizers = "", "running", []string{"example.org/hold"}
	l.create(running)
	l.publish(nil)
	l.waitFor("it is withdrawn", 30*time.Second, func() bool { return l.try(mounting(enrolled, l.of(l.listed))) != nil })
	running.Finalizers, running.Labels = nil, map[string]string{"touched": "true"}
	if err := l.Client.Update(l.t.Context(), running); err != nil {
		l.t.Errorf("what changes no model: %v", err)
	}
	debugged := running.DeepCopy()
	debugged.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{
		Name: "debug", Image: l.of(string(evidence.Sum([]byte("unlisted"))))}}}
	l.denied("an ephemeral container", "workload.released", l.Client.SubResource("ephemeralcontainers").Update(l.t.Context(), debugged))
	l.publish(map[string][]string{"staging": {l.listed}})
	l.waitFor("it is listed again", 30*time.Second, func() bool { return l.try(mounting(enrolled, l.of(l.listed))) == nil })
	deployment := templates(mounting(enrolled, l.of(l.listed)))["Deployment"].(*appsv1.Deployment)
	l.create(deployment)
	deployment.Spec.Template.Spec.Volumes[0].Image.Reference = l.of(string(evidence.Sum([]byte("unlisted"))))
	l.denied("another model", "workload.released", l.Client.Update(l.t.Context(), deployment))
}

// The floor lies below enrolled namespaces, whatever others are called.
func (l *levelled) scope() {
	l.t.Helper()
	unlisted := l.of(string(evidence.Sum([]byte("unlisted"))))
	if err := l.try(mounting("default", unlisted)); err != nil {
		l.t.Errorf("a namespace that is not enrolled: %v", err)
	}
	l.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "models-moon", Labels: map[string]string{"assay.dev/environment": "moon"}}})
	l.denied("an environment that nobody knows", "workload.released", l.try(mounting("models-moon", l.of(l.listed))))
	l.publish(map[string][]string{"staging": {l.listed}, "moon": {floor.Any}})
	l.waitFor("the door only warns there", 30*time.Second, func() bool { return l.try(mounting("models-moon", unlisted)) == nil })
	l.denied("a tag, where the door only warns", "workload.pinned", l.try(mounting("models-moon", models+"/x:v1")))
}

// A list that is gone shuts every enrolled namespace; nobody but the audit writes
// it, and not even the audit another.
func (l *levelled) lists() {
	l.t.Helper()
	tenant := l.namespaceAdmin("tenant")
	edit := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "assay-system", Name: floor.Name}}
	if err := tenant.Update(l.t.Context(), edit); !apierrors.IsForbidden(err) {
		l.t.Errorf("a tenant writes the list: %v", err)
	}
	if err := l.Client.Delete(l.t.Context(), edit.DeepCopy()); err != nil {
		l.t.Fatal(err)
	}
	l.waitFor("without a list nothing comes in", 30*time.Second, func() bool {
		return strings.Contains(said(l.try(mounting(enrolled, l.of(l.listed)))), "assay-floor")
	})
	l.create(edit)
	l.publish(map[string][]string{"staging": {l.listed}})
	l.waitFor("the list is back", 30*time.Second, func() bool { return l.try(mounting(enrolled, l.of(l.listed))) == nil })
}

// A pod of two hundred containers and a hundred models is within what CEL may
// cost, with ten thousand releases on the list.
func (l *levelled) cost() {
	l.t.Helper()
	many := []string{l.listed}
	for i := range 10000 {
		many = append(many, string(evidence.Sum(fmt.Append(nil, i))))
	}
	l.publish(map[string][]string{"staging": many})
	pod := plain(enrolled)
	pod.Spec.Containers = nil
	for i := range 200 {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: fmt.Sprintf("c%d", i), Image: l.of(many[i])})
	}
	for i := range 100 {
		pod.Spec.Volumes = append(pod.Spec.Volumes, corev1.Volume{Name: fmt.Sprintf("v%d", i), VolumeSource: corev1.VolumeSource{
			Image: &corev1.ImageVolumeSource{Reference: l.of(many[1000+i])}}})
	}
	l.waitFor("the long list is there", 30*time.Second, func() bool { return l.try(mounting(enrolled, l.of(many[10000]))) == nil })
	began := time.Now()
	if err := l.try(pod); err != nil {
		l.t.Errorf("a large pod: %v", err)
	}
	l.t.Logf("a pod of 300 references, against 10,001 releases: %v", time.Since(began).Round(time.Millisecond))
	pod.Spec.Volumes[99].Image.Reference = l.of(string(evidence.Sum([]byte("unlisted"))))
	l.denied("the last of many", "workload.released", l.try(pod))
	var list corev1.ConfigMap
	if err := l.Client.Get(l.t.Context(), client.ObjectKey{Namespace: "assay-system", Name: floor.Name}, &list); err != nil {
		l.t.Fatal(err)
	}
	l.t.Logf("the list has %d bytes", list.Size())
}
