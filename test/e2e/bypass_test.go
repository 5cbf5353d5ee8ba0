package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// intruder tries what only a real API server can answer: which requests it asks
// the door about, and as what. The attempts that need none are in
// webhook/testdata/bypass.
type intruder struct {
	client.Client
	config *rest.Config
	admin  *rest.RESTClient
}

const (
	late  = "models-late"  // a namespace that is enrolled after it is filled
	again = "models-again" // one that is deleted, and made anew with another label
)

var unheardOf = "registry.example.org/assay/models/other@sha256:" + strings.Repeat("deadbeef", 8)

// walkAround tries each of the ways around the door of a demo's world.
func walkAround(t *testing.T, kubeconfig string) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS, config.Burst = 200, 400
	raw, err := rest.UnversionedRESTClientFor(withoutCodec(config))
	if err != nil {
		t.Fatal(err)
	}
	in := intruder{newClient(t, kubeconfig), config, raw}
	t.Run("an ephemeral container", in.debug)
	t.Run("a resize", in.resize)
	t.Run("an object that is dying", in.finalize)
	t.Run("a rehearsal", in.rehearse)
	t.Run("a generated name", in.generate)
	t.Run("server-side apply", in.apply)
	t.Run("a scale from nothing", in.scale)
	t.Run("the status", in.status)
	t.Run("a namespace made anew", in.remake)
	t.Run("bytes by hand", in.byHand)
	t.Run("another version of a kind", in.anotherVersion)
	t.Run("a review from nobody", in.ask)
	t.Run("another authority", in.swap) // the last: for a moment nobody is asked
}

// clean is the model's own pod, and bad is one of a model of which nobody heard.
func (in intruder) clean(t *testing.T, name string) *corev1.Pod {
	return podOf(t, in.Client, name, func(*corev1.Pod, *corev1.ImageVolumeSource) {})
}

func (in intruder) bad(t *testing.T, name string) *corev1.Pod {
	return podOf(t, in.Client, name, func(_ *corev1.Pod, model *corev1.ImageVolumeSource) { model.Reference = unheardOf })
}

func (in intruder) create(t *testing.T, object client.Object) {
	t.Helper()
	if err := in.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
}

// denied demands that the door has refused, by this rule.
func denied(t *testing.T, err error, rule string) {
	t.Helper()
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), rule+": ") {
		t.Errorf("it must be denied by %s: %v", rule, err)
	}
}

func (in intruder) debug(t *testing.T) {
	pod := in.clean(t, "debugged")
	in.create(t, pod)
	debugged := pod.DeepCopy()
	debugged.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{
		Name: "debug", Image: "busybox", SecurityContext: pod.Spec.Containers[0].SecurityContext}}}
	denied(t, in.SubResource("ephemeralcontainers").Update(t.Context(), debugged), "workload.serving_image")
	debugged.Spec.EphemeralContainers[0].Image = pod.Spec.Containers[0].Image
	if err := in.SubResource("ephemeralcontainers").Update(t.Context(), debugged); err != nil {
		t.Errorf("the scanned image: %v", err)
	}
}

// resize gives a container more memory, and another image in the same request: the
// API server takes the first alone.
func (in intruder) resize(t *testing.T) {
	pod := in.clean(t, "resized")
	in.create(t, pod)
	before := pod.Spec.Containers[0]
	patch := []byte(`{"spec":{"containers":[{"name":"` + before.Name + `","image":"busybox","resources":{"requests":{"cpu":"11m"}}}]}}`)
	if err := in.SubResource("resize").Patch(t.Context(), pod.DeepCopy(), client.RawPatch("application/strategic-merge-patch+json", patch)); err != nil {
		t.Errorf("an honest resize: %v", err)
	}
	if err := in.Get(t.Context(), client.ObjectKeyFromObject(pod), pod); err != nil {
		t.Fatal(err)
	}
	if after := pod.Spec.Containers[0]; after.Image != before.Image || after.Resources.Requests.Cpu().String() != "11m" {
		t.Errorf("resized, it runs %s with %s", after.Image, after.Resources.Requests.Cpu())
	}
}

// finalize takes a pod that is inadmissible, because it was there before its
// namespace was enrolled, to its end: it gets no other model on the way.
func (in intruder) finalize(t *testing.T) {
	in.create(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: late}})
	pod := in.bad(t, "dying")
	pod.Namespace, pod.Finalizers = late, []string{"example.org/keep"}
	in.create(t, pod)
	scaled := in.deployment(t, 0)
	in.create(t, scaled)
	in.enrol(t, late, "development")
	if err := in.Delete(t.Context(), pod, client.GracePeriodSeconds(0)); err != nil {
		t.Fatal(err)
	}
	if err := in.Get(t.Context(), client.ObjectKeyFromObject(pod), pod); err != nil || pod.DeletionTimestamp == nil {
		t.Fatalf("it is not dying: %v", err)
	}
	other := pod.DeepCopy()
	other.Spec.Containers[0].Image = "busybox"
	other.Finalizers = nil
	denied(t, in.Update(t.Context(), other), "workload.released")
	pod.Finalizers = nil
	if err := in.Update(t.Context(), pod); err != nil {
		t.Errorf("its finalizer cannot be removed: %v", err)
	}
}

// enrol labels a namespace and waits until the API server and the door know.
func (in intruder) enrol(t *testing.T, name, environment string) {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	patch := []byte(`{"metadata":{"labels":{"assay.dev/environment":"` + environment + `"}}}`)
	if err := in.Patch(t.Context(), namespace, client.RawPatch("application/merge-patch+json", patch)); err != nil {
		t.Fatal(err)
	}
	in.until(t, "the namespace is asked about", func() bool {
		probe := in.bad(t, "probe")
		probe.Namespace = name
		return apierrors.IsForbidden(in.Create(t.Context(), probe, client.DryRunAll))
	})
}

func (in intruder) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is not so that " + what)
		}
	}
}

func (in intruder) rehearse(t *testing.T) {
	denied(t, in.Create(t.Context(), in.bad(t, "rehearsed"), client.DryRunAll), "workload.released")
	if err := in.Create(t.Context(), in.clean(t, "rehearsed"), client.DryRunAll); err != nil {
		t.Error(err)
	}
	if err := in.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "rehearsed"}, &corev1.Pod{}); !apierrors.IsNotFound(err) {
		t.Errorf("a rehearsal left something: %v", err)
	}
}

func (in intruder) generate(t *testing.T) {
	pod := in.bad(t, "")
	pod.GenerateName = "generated-"
	denied(t, in.Create(t.Context(), pod), "workload.released")
}

func (in intruder) apply(t *testing.T) {
	object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(in.bad(t, "applied"))
	if err != nil {
		t.Fatal(err)
	}
	delete(object, "status")
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.send(t, http.MethodPatch, "/api/v1/namespaces/"+namespace+"/pods/applied?fieldManager=intruder&force=true", "application/apply-patch+yaml", text)
	denied(t, err, "workload.released")
}

func (in intruder) deployment(t *testing.T, replicas int32) *appsv1.Deployment {
	pod := in.bad(t, "scaled")
	labels := map[string]string{"app": "scaled"}
	pod.Labels = labels
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: late, Name: "scaled"},
		Spec: appsv1.DeploymentSpec{Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod.Spec}},
	}
}

// scale grows what was there before the namespace was enrolled.
func (in intruder) scale(t *testing.T) {
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: late, Name: "scaled"}}
	to := func(replicas int32) error {
		scale := &autoscalingv1.Scale{Spec: autoscalingv1.ScaleSpec{Replicas: replicas}}
		return in.SubResource("scale").Update(t.Context(), deployment, client.WithSubResourceBody(scale))
	}
	denied(t, to(1), "workload.released")
	if err := to(0); err != nil {
		t.Errorf("what is at nothing cannot stay there: %v", err)
	}
}

// status writes what the kubelet would, and by it nothing else.
func (in intruder) status(t *testing.T) {
	pod := in.clean(t, "told")
	in.create(t, pod)
	before := pod.Spec.Containers[0].Image
	pod.Spec.Containers[0].Image, pod.Status.Message = "busybox", "allowed"
	if err := in.Status().Update(t.Context(), pod); err != nil {
		t.Fatal(err)
	}
	if err := in.Get(t.Context(), client.ObjectKeyFromObject(pod), pod); err != nil || pod.Spec.Containers[0].Image != before {
		t.Errorf("by its status it got the image %s: %v", pod.Spec.Containers[0].Image, err)
	}
}

// remake gives a namespace another environment by making it anew: what it was
// counts for nothing.
func (in intruder) remake(t *testing.T) {
	made := func(environment string) *corev1.Namespace {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: again, Labels: map[string]string{"assay.dev/environment": environment}}}
	}
	pod := in.clean(t, "remade")
	pod.Namespace = again
	first := made("development")
	in.create(t, first)
	in.until(t, "the model of development is admitted", func() bool { return in.Create(t.Context(), pod.DeepCopy(), client.DryRunAll) == nil })
	if err := in.Delete(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := in.Get(t.Context(), client.ObjectKeyFromObject(first), first); err != nil {
		t.Fatal(err)
	}
	first.Spec.Finalizers = nil // there is no controller of namespaces in this world
	if err := in.SubResource("finalize").Update(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	in.create(t, made("production"))
	var err error
	in.until(t, "the model of development is refused", func() bool { err = in.Create(t.Context(), pod.DeepCopy(), client.DryRunAll); return err != nil })
	denied(t, err, "workload.released")
}

// byHand sends what no client would: a list in place of a pod, a group of long
// ago, a whole object at an existing one.
func (in intruder) byHand(t *testing.T) {
	pods := "/api/v1/namespaces/" + namespace + "/pods"
	bad, err := json.Marshal(in.bad(t, "listed"))
	if err != nil {
		t.Fatal(err)
	}
	list := []byte(`{"apiVersion":"v1","kind":"List","items":[` + string(bad) + `]}`)
	if _, err := in.send(t, http.MethodPost, pods, "application/json", list); err == nil {
		t.Error("a list was taken for a pod")
	}
	if _, err := in.send(t, http.MethodPost, "/apis/extensions/v1beta1/namespaces/"+namespace+"/deployments", "application/json", []byte(`{}`)); !apierrors.IsNotFound(err) {
		t.Errorf("the group extensions: %v", err)
	}
	pod := in.clean(t, "replaced")
	in.create(t, pod)
	pod.Spec.Containers[0].Image = "busybox"
	whole, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.send(t, http.MethodPut, pods+"/replaced", "application/json", whole)
	denied(t, err, "workload.serving_image")
	if err := in.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "listed"}, &corev1.Pod{}); !apierrors.IsNotFound(err) {
		t.Errorf("the pod of the list is there: %v", err)
	}
}

// send is kubectl with --raw.
func (in intruder) send(t *testing.T, method, path, contentType string, body []byte) ([]byte, error) {
	t.Helper()
	answer, err := in.admin.Verb(method).RequestURI(path).SetHeader("Content-Type", contentType).Body(body).DoRaw(t.Context())
	var status metav1.Status
	if err != nil && json.Unmarshal(answer, &status) == nil && status.Kind == "Status" {
		return nil, &apierrors.StatusError{ErrStatus: status}
	}
	return answer, err
}

// ask sends a review to the door as if it came from an API server. Everybody
// whom the network lets through is answered, and no answer admits anything.
func (in intruder) ask(t *testing.T) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := in.Get(t.Context(), client.ObjectKey{Name: "assay-admission"}, &configuration); err != nil {
		t.Fatal(err)
	}
	for _, pod := range []*corev1.Pod{in.bad(t, "asked"), in.clean(t, "asked")} {
		object, err := json.Marshal(pod)
		if err != nil {
			t.Fatal(err)
		}
		review := admissionv1.AdmissionReview{TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: &admissionv1.AdmissionRequest{
			UID: "nobody", Operation: admissionv1.Create, Namespace: namespace, Name: "asked",
			Resource: metav1.GroupVersionResource{Version: "v1", Resource: "pods"}, Object: runtime.RawExtension{Raw: object},
		}}
		answer := post(t, *configuration.Webhooks[0].ClientConfig.URL, review)
		if bad := pod.Spec.Volumes[0].Image != nil && pod.Spec.Volumes[0].Image.Reference == unheardOf; answer.Response == nil || answer.Response.UID != "nobody" || bad && answer.Response.Allowed {
			t.Errorf("the answer is %+v", answer.Response)
		}
	}
	if err := in.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "asked"}, &corev1.Pod{}); !apierrors.IsNotFound(err) {
		t.Errorf("an answer made a pod: %v", err)
	}
}

func post(t *testing.T, url string, review admissionv1.AdmissionReview) (answer admissionv1.AdmissionReview) {
	t.Helper()
	body, err := json.Marshal(review)
	if err != nil {
		t.Fatal(err)
	}
	anybody := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, Timeout: 10 * time.Second}
	defer anybody.CloseIdleConnections()
	reply, err := anybody.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// swap has the API server trust another authority: nobody is asked then, and so
// nobody comes in.
func (in intruder) swap(t *testing.T) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	read := func() {
		if err := in.Get(t.Context(), client.ObjectKey{Name: "assay-admission"}, &configuration); err != nil {
			t.Fatal(err)
		}
	}
	read()
	honest := configuration.Webhooks[0].ClientConfig.CABundle
	configuration.Webhooks[0].ClientConfig.CABundle = in.config.CAData
	if err := in.Update(t.Context(), &configuration); err != nil {
		t.Fatal(err)
	}
	var err error
	in.until(t, "the API server cannot ask", func() bool {
		err = in.Create(t.Context(), in.clean(t, "swapped"), client.DryRunAll)
		return err != nil
	})
	if !apierrors.IsInternalError(err) || !strings.Contains(err.Error(), "failed calling webhook") {
		t.Errorf("it is told %v", err)
	}
	read()
	configuration.Webhooks[0].ClientConfig.CABundle = honest
	if err := in.Update(t.Context(), &configuration); err != nil {
		t.Fatal(err)
	}
	in.until(t, "the door is asked again", func() bool { return in.Create(t.Context(), in.clean(t, "swapped"), client.DryRunAll) == nil })
}
