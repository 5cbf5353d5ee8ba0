package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// holding is what an API server answers that has these objects, by path.
func holding(t testing.TB, objects map[string]any) Owners {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		object, is := objects[r.URL.Path]
		if !is {
			w.WriteHeader(http.StatusNotFound)
		}
		json.NewEncoder(w).Encode(object)
	}))
	t.Cleanup(server.Close)
	owners, err := OwnersOf(&rest.Config{Host: server.URL}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return owners
}

// deploymentOf makes pods like this one.
func deploymentOf(pod map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "serve", "namespace": clinic},
		"spec": map[string]any{"selector": map[string]any{}, "template": map[string]any{"metadata": map[string]any{}, "spec": pod["spec"]}},
	}
}

func scaling(t testing.TB, of metav1.GroupVersionResource, from, to int) admission.Request {
	t.Helper()
	replicas := func(n int) map[string]any {
		return map[string]any{"apiVersion": "autoscaling/v1", "kind": "Scale",
			"metadata": map[string]any{"name": "serve", "namespace": clinic}, "spec": map[string]any{"replicas": n}}
	}
	return admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		UID: "u-1", Operation: admissionv1.Update, Namespace: clinic, Name: "serve", SubResource: scale,
		Kind: metav1.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}, Resource: of,
		Object: raw(t, replicas(to)), OldObject: raw(t, replicas(from)),
	}}
}

var deployments = metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}

// TestWhatGrowsIsJudged by what its new pods are made of.
func TestWhatGrowsIsJudged(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, realJudge(t), memory)
	good, bad := podMounting(mounted, servedBy+servingDigest), podMounting(modelRepository+"/other:v1", servedBy+servingDigest)
	path := "/apis/apps/v1/namespaces/clinic/deployments/serve"
	for claim, story := range map[string]struct {
		objects  map[string]any
		of       metav1.GroupVersionResource
		from, to int
		denied   string // what the answer holds; empty when it is allowed
	}{
		"a model that passes":                     {map[string]any{path: deploymentOf(good)}, deployments, 0, 3, ""},
		"a model by tag":                          {map[string]any{path: deploymentOf(bad)}, deployments, 0, 3, "workload.pinned"},
		"one more of it":                          {map[string]any{path: deploymentOf(bad)}, deployments, 3, 4, "workload.pinned"},
		"as many as before, of it":                {nil, deployments, 3, 3, ""},
		"less of it":                              {nil, deployments, 3, 0, ""},
		"what the cluster does not have":          {nil, deployments, 0, 1, "could not judge: reading deployments serve, which is to scale"},
		"what this door cannot read":              {map[string]any{path: map[string]any{"spec": map[string]any{"pods": 1}}}, deployments, 0, 1, "could not judge"},
		"a kind that has no replicas":             {nil, metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}, 0, 1, "could not judge"},
		"a version that is not read":              {nil, metav1.GroupVersionResource{Group: "apps", Version: "v2", Resource: "deployments"}, 0, 1, "could not judge"},
		"a set of a replication controller's age": {map[string]any{"/api/v1/namespaces/clinic/replicationcontrollers/serve": map[string]any{}}, metav1.GroupVersionResource{Version: "v1", Resource: "replicationcontrollers"}, 0, 1, ""},
	} {
		door.Owners = holding(t, story.objects)
		response := door.Handle(t.Context(), scaling(t, story.of, story.from, story.to))
		if response.Allowed != (story.denied == "") || !strings.Contains(response.Result.Message, story.denied) {
			t.Errorf("%s: allowed=%t, %q, want %q", claim, response.Allowed, response.Result.Message, story.denied)
		}
	}
}

// TestAConfiguredKindCanBeScaled if it has a scale: whether it has, the API
// server knows.
func TestAConfiguredKindCanBeScaled(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	trainings := metav1.GroupVersionResource{Group: "example.org", Version: "v2", Resource: "trainings"}
	settings := door.Settings()
	settings.Workloads = []subject.Workload{{Group: "example.org", Version: "v2", Resource: "trainings", Kind: "Training"}}
	door.Settings = func() Configuration { return settings }
	door.Owners = holding(t, map[string]any{"/apis/example.org/v2/namespaces/clinic/trainings/serve": map[string]any{
		"kind": "Training", "spec": map[string]any{"from": "hf://clinic/other"}}})
	if response := door.Handle(t.Context(), scaling(t, trainings, 0, 1)); response.Allowed || !strings.Contains(response.Result.Message, "workload.mounted") {
		t.Errorf("allowed=%t: %s", response.Allowed, response.Result.Message)
	}
}

func connecting(t testing.TB, how string, command ...string) admission.Request {
	t.Helper()
	return admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		UID: "u-1", Operation: admissionv1.Connect, Namespace: clinic, Name: "serve", SubResource: how,
		Kind:     metav1.GroupVersionKind{Version: "v1", Kind: "PodExecOptions"},
		Resource: metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		Object:   raw(t, map[string]any{"apiVersion": "v1", "kind": "PodExecOptions", "stdin": true, "container": "serve", "command": command}),
	}}
}

// TestASealedPod can be entered by nobody, however good its model.
func TestASealedPod(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, realJudge(t), memory)
	serving := podMounting(mounted, servedBy+servingDigest)
	plain := map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "c", "image": "busybox"}}}}
	for claim, story := range map[string]struct {
		request admission.Request
		pod     map[string]any
		denied  string
	}{
		"an exec":                              {connecting(t, "exec", "sh"), serving, "workload.sealed"},
		"an attach":                            {connecting(t, "attach"), serving, "workload.sealed"},
		"a forwarded port":                     {connecting(t, "portforward"), serving, "workload.sealed"},
		"an exec in a pod without a model":     {connecting(t, "exec", "sh"), plain, ""},
		"a command that fetches a model":       {connecting(t, "exec", "sh", "-c", "aws s3 cp s3://models/x ."), plain, "workload.mounted: command[2]"},
		"a pod that is gone":                   {connecting(t, "exec", "sh"), nil, "could not judge: reading pods serve, which is to connect"},
		"a way that the door has not heard of": {connecting(t, "proxy"), plain, "could not judge"},
	} {
		objects := map[string]any{}
		if story.pod != nil {
			objects["/api/v1/namespaces/clinic/pods/serve"] = story.pod
		}
		door.Owners = holding(t, objects)
		response := door.Handle(t.Context(), story.request)
		if response.Allowed != (story.denied == "") || !strings.Contains(response.Result.Message, story.denied) {
			t.Errorf("%s: allowed=%t, %q, want %q", claim, response.Allowed, response.Result.Message, story.denied)
		}
	}
}

// TestTheDoorDoesNotWaitForAnAPIServer that does not answer.
func TestTheDoorDoesNotWaitForAnAPIServer(t *testing.T) {
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	owners, err := OwnersOf(&rest.Config{Host: silent.URL}, silent.Client())
	if err != nil {
		t.Fatal(err)
	}
	door := newHandler(t, realJudge(t), NewMemory())
	for name, owners := range map[string]Owners{"silent": owners, "none": nil} {
		door.Owners = owners
		if response := door.Handle(t.Context(), scaling(t, deployments, 0, 1)); response.Allowed { // the server never answers, the door does
			t.Errorf("%s: allowed", name)
		}
	}
}

// unasked fails the test when the API server is asked.
type unasked struct{ t *testing.T }

func (u unasked) Get(context.Context, metav1.GroupVersionResource, string, string) ([]byte, error) {
	u.t.Error("the API server was asked")
	return nil, errors.New("nobody is there")
}

// TestOnlyWhatIsNotCarriedIsAskedFor: a review of an object asks nobody.
func TestOnlyWhatIsNotCarriedIsAskedFor(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	door.Owners = unasked{t}
	request := creating(t, podMounting(modelRepository+"/x@"+string(evidence.Sum([]byte("x"))), servedBy+servingDigest))
	door.Handle(t.Context(), request)
	request.Operation, request.OldObject = admissionv1.Update, request.Object
	door.Handle(t.Context(), request)
	door.Handle(t.Context(), scaling(t, deployments, 2, 1))
}

// FuzzScale: whatever two scales say, what cannot be read is not allowed, and
// neither is growth of what must not run.
func FuzzScale(f *testing.F) {
	f.Add([]byte(`{"spec":{"replicas":1}}`), []byte(`{"spec":{"replicas":2}}`))
	f.Add([]byte(`{"spec":{"replicas":1,"Replicas":9}}`), []byte(`{}`))
	f.Add([]byte(`{"spec":{"replicas":-1}}`), []byte(`{"spec":{"replicas":0}}`))
	door := newHandler(f, realJudge(f), NewMemory())
	door.Owners = holding(f, map[string]any{"/apis/apps/v1/namespaces/clinic/deployments/serve": deploymentOf(podMounting("x:v1", "y"))})
	f.Fuzz(func(t *testing.T, before, after []byte) {
		request := scaling(t, deployments, 0, 0)
		request.OldObject.Raw, request.Object.Raw = before, after
		var from, to struct{ Spec struct{ Replicas int64 } }
		readable := json.Unmarshal(before, &from) == nil && json.Unmarshal(after, &to) == nil
		if response := door.Handle(t.Context(), request); response.Allowed && (!readable || to.Spec.Replicas > from.Spec.Replicas) {
			t.Errorf("from %s to %s is allowed", before, after)
		}
	})
}
