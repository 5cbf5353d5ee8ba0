package webhook

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

const servedBy = "registry.example.org:5000/serve@"

// TestTheDoor asks the real judge about pods.
func TestTheDoor(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, realJudge(t), memory)

	smuggled := podMounting(mounted, servedBy+servingDigest)
	smuggled["spec"].(map[string]any)["initContainers"] = []any{map[string]any{
		"name": "fetch", "image": servedBy + servingDigest, "args": []string{"hf://clinic/other"}}}
	other := strings.ReplaceAll(releasedDigest, "a1", "b2")

	for claim, story := range map[string]struct {
		pod    map[string]any
		denied string // the rule; empty when the pod is admitted
	}{
		"a released model in its own image is admitted": {podMounting(mounted, servedBy+servingDigest), ""},
		"a model by tag is denied":                      {podMounting(modelRepository+"/breast-malignancy:v1", servedBy+servingDigest), "workload.pinned"},
		"a model that was never released is denied":     {podMounting(modelRepository+"/breast-malignancy@"+other, servedBy+servingDigest), "workload.released"},
		"a released model in another image is denied":   {podMounting(mounted, servedBy+other), "workload.serving_image"},
		"a second model by init container is denied":    {smuggled, "workload.mounted"},
		"a pod without any model is admitted":           {map[string]any{"spec": map[string]any{"containers": []any{}}}, ""},
	} {
		t.Run(claim, func(t *testing.T) {
			response := door.Handle(t.Context(), creating(t, story.pod))
			if response.Allowed != (story.denied == "") || !strings.Contains(response.Result.Message, story.denied) {
				t.Errorf("allowed=%t, message %q, want rule %q", response.Allowed, response.Result.Message, story.denied)
			}
			if !response.Allowed && response.Result.Code != http.StatusForbidden {
				t.Errorf("code %d", response.Result.Code)
			}
		})
	}
}

func TestWithdrawnTrustShutsTheDoorAndTellsWhy(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, realJudge(t), memory)
	request := creating(t, podMounting(mounted, servedBy+servingDigest))
	if response := door.Handle(t.Context(), request); !response.Allowed {
		t.Fatal("before:", response.Result.Message)
	}
	memory.Trust(newMeasurer(t).trust)
	response := door.Handle(t.Context(), request)
	for _, rule := range []string{"model.evidence.verified", "model.evidence.complete", "workload.admissible"} {
		if response.Allowed || !strings.Contains(response.Result.Message, rule) {
			t.Errorf("allowed=%t, %s is not in:\n%s", response.Allowed, rule, response.Result.Message)
		}
	}
}

// TestIgnoranceKeepsTheDoorShut lists all that can go wrong on the way to a
// verdict.
func TestIgnoranceKeepsTheDoorShut(t *testing.T) {
	satisfied := judgeFunc(func(judge.Question) (gates.Verdict, error) {
		return gates.Verdict{Evaluated: []string{"workload.pinned"}}, nil
	})
	for claim, story := range map[string]struct {
		court  Judge
		spoil  func(*admission.Request)
		reason string
	}{
		"the judge fails": {judgeFunc(func(judge.Question) (gates.Verdict, error) {
			return gates.Verdict{}, errors.New("out of memory")
		}), func(*admission.Request) {}, "out of memory"},
		"the judge panics": {judgeFunc(func(judge.Question) (gates.Verdict, error) {
			panic("index out of range")
		}), func(*admission.Request) {}, "the door broke"},
		"the judge evaluates nothing": {judgeFunc(func(judge.Question) (gates.Verdict, error) {
			return gates.Verdict{}, nil
		}), func(*admission.Request) {}, "evaluated no rule"},
		"the namespace is not known":     {satisfied, func(r *admission.Request) { r.Namespace = "nowhere" }, "is not known"},
		"there is no namespace":          {satisfied, func(r *admission.Request) { r.Namespace = "" }, "no namespace"},
		"the environment is not known":   {satisfied, func(r *admission.Request) { r.Namespace = strange }, `"moon"`},
		"the kind is not known":          {satisfied, func(r *admission.Request) { r.Resource.Resource = "rollouts" }, "rollouts"},
		"the subresource is not known":   {satisfied, func(r *admission.Request) { r.SubResource = "status" }, "pods/status"},
		"the version is not known":       {satisfied, func(r *admission.Request) { r.Resource.Version = "v2" }, `"v2"`},
		"the operation is not known":     {satisfied, func(r *admission.Request) { r.Operation = admissionv1.Delete }, "DELETE"},
		"the connection is not known":    {satisfied, func(r *admission.Request) { r.Operation = admissionv1.Connect }, "CONNECT"},
		"there is no object":             {satisfied, func(r *admission.Request) { r.Object.Raw = nil }, "0 bytes"},
		"the object is no JSON":          {satisfied, func(r *admission.Request) { r.Object.Raw = []byte("{") }, "reading the object"},
		"the object is too large":        {satisfied, func(r *admission.Request) { r.Object.Raw = make([]byte, subject.MaxObject+1) }, "bytes"},
		"a key is written twice":         {satisfied, func(r *admission.Request) { r.Object.Raw = []byte(`{"spec":{},"spec":{}}`) }, "duplicate field"},
		"an update lacks the old object": {satisfied, func(r *admission.Request) { r.Operation = admissionv1.Update }, "as it was"},
	} {
		t.Run(claim, func(t *testing.T) {
			request := creating(t, podMounting(mounted, servedBy+servingDigest))
			story.spoil(&request)
			response := newHandler(t, story.court, NewMemory()).Handle(t.Context(), request)
			if response.Allowed || !strings.Contains(response.Result.Message, story.reason) {
				t.Errorf("allowed=%t, message %q, want %q", response.Allowed, response.Result.Message, story.reason)
			}
		})
	}
}

// TestUpdates: the judge would deny everything, so what is allowed was not
// asked.
func TestUpdates(t *testing.T) {
	denies := judgeFunc(func(judge.Question) (gates.Verdict, error) {
		return gates.Verdict{Evaluated: []string{"workload.pinned"}, Findings: []gates.Finding{{Rule: "workload.pinned"}}}, nil
	})
	before := podMounting(mounted, servedBy+servingDigest)
	dying := podMounting(mounted, servedBy+servingDigest)
	dying["metadata"] = map[string]any{"name": "serve", "deletionTimestamp": noon.Format(time.RFC3339)}
	dyingOther := podMounting(modelRepository+"/other:v1", servedBy+servingDigest)
	dyingOther["metadata"] = dying["metadata"]
	stored := podMounting(mounted, servedBy+servingDigest)
	stored["spec"].(map[string]any)["volumes"] = append([]any{map[string]any{"name": "more", "hostPath": map[string]any{"path": "/models"}}}, stored["spec"].(map[string]any)["volumes"].([]any)...)
	for claim, story := range map[string]struct {
		after   map[string]any
		allowed bool
	}{
		"other storage is judged":                         {stored, false},
		"the same model may lose a finalizer":             {dying, true},
		"another model is judged":                         {podMounting(modelRepository+"/other:v1", servedBy+servingDigest), false},
		"another image is judged":                         {podMounting(mounted, "busybox"), false},
		"another model in a terminating object is judged": {dyingOther, false},
	} {
		t.Run(claim, func(t *testing.T) {
			request := creating(t, story.after)
			request.Operation = admissionv1.Update
			request.OldObject = raw(t, before)
			if response := newHandler(t, denies, NewMemory()).Handle(t.Context(), request); response.Allowed != story.allowed {
				t.Errorf("allowed=%t: %s", response.Allowed, response.Result.Message)
			}
		})
	}
}

func TestAnEphemeralContainerIsAnUpdateOfAPod(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	after := podMounting(mounted, servedBy+servingDigest)
	after["spec"].(map[string]any)["ephemeralContainers"] = []any{map[string]any{
		"name": "debug", "image": "busybox", "args": []string{"fetch", modelRepository + "/other"}}}
	request := creating(t, after)
	request.Operation, request.SubResource = admissionv1.Update, "ephemeralcontainers"
	request.OldObject = raw(t, podMounting(mounted, servedBy+servingDigest))
	if response := door.Handle(t.Context(), request); response.Allowed || !strings.Contains(response.Result.Message, "workload.mounted") {
		t.Errorf("allowed=%t: %s", response.Allowed, response.Result.Message)
	}
}

// BenchmarkAdmit is a pod of a rollout: the model's verdict is remembered, the
// workload rules are evaluated.
func BenchmarkAdmit(b *testing.B) {
	signer := newMeasurer(b)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(b, "breast", model, staging, servingDigest))
	door := newHandler(b, realJudge(b), memory)
	request := creating(b, podMounting(mounted, servedBy+servingDigest))
	for b.Loop() {
		if response := door.Handle(b.Context(), request); !response.Allowed {
			b.Fatal(response.Result.Message)
		}
	}
}
