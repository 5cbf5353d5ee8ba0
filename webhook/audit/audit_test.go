package audit

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// One judge: what the audit says of a running pod is, byte for byte, what the
// door says when the same pod is created at that instant.
func TestTheAuditSaysWhatTheDoorSays(t *testing.T) {
	stranger := evidence.Subject{Name: "stranger", Digest: evidence.Sum([]byte("stranger"))}
	for name, serves := range map[string]evidence.Subject{"admitted": model, "never released": stranger} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.release("tumour-staging", model)
			running := pod("serve", serves)
			w.create(pods.Resource, running)
			w.pass()
			found := w.onShelf(pods.Resource, "serve")[0].finding
			response := w.review(running)
			if found.verdict == "" || string(found.verdict) != response.AuditAnnotations["verdict"] {
				t.Errorf("the audit says %s, the door %v", found.verdict, response.AuditAnnotations)
			}
			if response.Allowed != (found.result == pass || found.result == warn) || response.Allowed != (serves == model) {
				t.Errorf("allowed is %t, the audit says %s", response.Allowed, found.result)
			}
		})
	}
}

// review asks the door itself, as an API server does.
func (w *world) review(object map[string]any) admission.Response {
	w.t.Helper()
	counters, err := webhook.NewMetrics(prometheus.NewRegistry(), w.memory)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.Marshal(object)
	if err != nil {
		w.t.Fatal(err)
	}
	return webhook.Handler{
		Door: w.Auditor.door, Settings: w.settings, Clock: w.clock, Metrics: counters,
		Environments: func(context.Context, string) (string, error) { return staging, nil },
	}.Handle(w.t.Context(), admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		UID: "u-1", Operation: admissionv1.Create, Namespace: clinic, Name: "serve",
		Kind: metav1.GroupVersionKind{Version: "v1", Kind: "Pod"}, Resource: metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		Object: runtime.RawExtension{Raw: text},
	}})
}

// What a pass costs is questions to the judge. Each of these changes is seen, and
// nothing else asks again.
func TestOnlyWhatChangedIsJudgedAgain(t *testing.T) {
	const objects = 4
	for name, change := range map[string]struct {
		make      func(w *world)
		workloads int64
	}{
		"nothing":         {func(*world) {}, 0},
		"an hour goes by": {func(w *world) { w.now = w.now.Add(time.Hour) }, 0},
		"a pod arrives":   {func(w *world) { w.create(pods.Resource, pod("more", model)) }, 1},
		"a pod leaves":    {func(w *world) { w.delete(pods.Resource, "a") }, 0},
		"a pod changes":   {func(w *world) { w.update(pods.Resource, changed(pod("a", model))) }, 1},
		"its release has other evidence": {func(w *world) {
			object := w.release("tumour-staging", model)
			object.Spec.Envelopes = object.Spec.Envelopes[1:]
			w.memory.Remember(object)
		}, objects},
		"its release is withdrawn": {func(w *world) { w.memory.Forget("tumour-staging") }, objects},
		"another release arrives": {func(w *world) {
			w.release("other", evidence.Subject{Name: "other", Digest: evidence.Sum([]byte("other"))})
		}, 0},
		"another key is trusted": {func(w *world) { w.memory.Trust(evidence.Trust{}) }, objects},
		"another policy sits":    {func(w *world) { w.judge.policy = "sha256:other" }, objects},
		"a quarantine": {func(w *world) {
			w.memory.Quarantine(&kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "q"}, Spec: kube.QuarantineSpec{Digest: string(model.Digest), Reason: "drift"}})
		}, objects},
		"a freeze": {func(w *world) {
			w.memory.Freeze(&kube.Freeze{ObjectMeta: metav1.ObjectMeta{Name: "f"}, Spec: kube.FreezeSpec{Environments: []string{staging}, Reason: "the ward moves"}})
		}, objects},
		"a freeze elsewhere": {func(w *world) {
			w.memory.Freeze(&kube.Freeze{ObjectMeta: metav1.ObjectMeta{Name: "f"}, Spec: kube.FreezeSpec{Environments: []string{"production"}, Reason: "the ward moves"}})
		}, 0},
		"another profile": {func(w *world) {
			w.config.Profiles = map[string]string{staging: "production"}
		}, objects},
		"another environment of the namespace": {func(w *world) { w.enrol = map[string]string{clinic: "moon"} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.release("tumour-staging", model)
			for _, name := range []string{"a", "b", "c", "d"} {
				w.create(pods.Resource, pod(name, model))
			}
			if workloads, _ := w.asks(); workloads != objects {
				t.Fatalf("%d objects were judged", workloads)
			}
			if workloads, models := w.asks(); workloads != 0 || models != 0 {
				t.Fatalf("nothing changed, and there were %d and %d questions", workloads, models)
			}
			change.make(w)
			if workloads, _ := w.asks(); workloads != change.workloads {
				t.Errorf("%d workloads were judged again, want %d", workloads, change.workloads)
			}
			if workloads, models := w.asks(); workloads != 0 || models != 0 {
				t.Errorf("and then once more: %d and %d questions", workloads, models)
			}
		})
	}
}

func changed(object map[string]any) map[string]any {
	object["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)["image"] = "registry.example.org/other@" + image
	return object
}
