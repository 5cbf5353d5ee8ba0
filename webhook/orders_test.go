package webhook

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
)

func quarantine(name, digest string, environments ...string) *kube.Quarantine {
	return &kube.Quarantine{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       kube.QuarantineSpec{Digest: digest, Environments: environments, Reason: "wrong for children", By: "ruiz@example.org"},
	}
}

// newWard is a cluster in which the model is released and serves.
func newWard(t testing.TB) (Handler, measurer) {
	t.Helper()
	signer, memory := newMeasurer(t), NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "released", model, staging, servingDigest))
	return newHandler(t, realJudge(t), memory), signer
}

var servingImage = servedBy + servingDigest

func serving(t testing.TB) admission.Request { return creating(t, podMounting(mounted, servingImage)) }

func updating(request admission.Request) admission.Request {
	request.Operation, request.OldObject = admissionv1.Update, request.Object
	return request
}

// What is under quarantine is denied wherever the order says so, and nothing else.
func TestAQuarantineDeniesWhatItNamesAndIsLifted(t *testing.T) {
	handler, _ := newWard(t)
	memory := handler.Door.Memory
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Fatalf("before any order: %s", response.Result.Message)
	}
	for name, story := range map[string]struct {
		order *kube.Quarantine
		want  string // empty: it does not concern the pod
	}{
		"the model everywhere":      {quarantine("recall", releasedDigest), "spec.volumes[0].image runs " + releasedDigest + ", which is under quarantine recall (ruiz@example.org): wrong for children"},
		"the model here":            {quarantine("recall", releasedDigest, "production", staging), "under quarantine recall"},
		"the serving image":         {quarantine("recall", servingDigest), "container serve runs " + servingDigest},
		"the model somewhere else":  {quarantine("recall", releasedDigest, "production"), ""},
		"another model":             {quarantine("recall", string(evidence.Sum([]byte("another")))), ""},
		"a digest that is not one":  {quarantine("recall", ""), ""},
		"one in another's clothing": {quarantine("recall", strings.ToUpper(releasedDigest)), ""},
	} {
		memory.Quarantine(story.order)
		response := handler.Handle(t.Context(), serving(t))
		if response.Allowed != (story.want == "") || !response.Allowed && !strings.Contains(response.Result.Message, "workload.quarantine: "+story.want) && !strings.Contains(response.Result.Message, story.want) {
			t.Errorf("%s: %+v", name, response.Result)
		}
		if response := handler.Handle(t.Context(), updating(serving(t))); !response.Allowed {
			t.Errorf("%s: an update that changes nothing: %s", name, response.Result.Message)
		}
		memory.Lift("recall")
		if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
			t.Errorf("%s, lifted: %s", name, response.Result.Message)
		}
	}
}

// A mode that only warns is for rules that a cluster gets used to. An order is
// none of those.
func TestNoModeSoftensAQuarantine(t *testing.T) {
	handler, _ := newWard(t)
	settings := handler.Settings()
	settings.Modes = map[string]Modes{staging: {All: DryRun}}
	handler.Settings = func() Configuration { return settings }
	handler.Door.Memory.Quarantine(quarantine("recall", releasedDigest))
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed || !strings.Contains(response.Result.Message, "workload.quarantine") {
		t.Errorf("%+v", response)
	}
}

// Two orders about one digest count until both are lifted; an order that changes
// its digest leaves the one of before.
func TestEachOrderCountsByItself(t *testing.T) {
	handler, _ := newWard(t)
	memory := handler.Door.Memory
	allowed := func() bool { return handler.Handle(t.Context(), serving(t)).Allowed }
	memory.Quarantine(quarantine("first", releasedDigest))
	memory.Quarantine(quarantine("second", releasedDigest))
	memory.Lift("first")
	if allowed() {
		t.Error("the second order does not count")
	}
	memory.Quarantine(quarantine("second", string(evidence.Sum([]byte("another")))))
	if !allowed() {
		t.Error("an order counts for a digest that it does not name any more")
	}
	memory.Lift("second")
	memory.Lift("never heard of")
	if !allowed() {
		t.Error("an order that was lifted counts")
	}
}

// However many orders there are, one workload puts a bounded number before the
// rules, and is denied all the same.
func TestManyOrdersAreBounded(t *testing.T) {
	handler, _ := newWard(t)
	for n := range 1000 {
		handler.Door.Memory.Quarantine(quarantine(strings.Repeat("x", n+1), releasedDigest))
	}
	response := handler.Handle(t.Context(), serving(t))
	if response.Allowed || len(response.Result.Message) > 8*maxLine {
		t.Errorf("%d bytes: %.200s", len(response.Result.Message), response.Result.Message)
	}
}

// Before the cluster has told its orders nobody knows what is under quarantine.
func TestUntilTheOrdersAreKnownNothingIsJudged(t *testing.T) {
	handler, _ := newWard(t)
	told := false
	handler.Door.Memory.orders.told = func() bool { return told }
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed || response.Result.Code != 500 || !strings.Contains(response.Result.Message, "the quarantines and freezes are not known yet") {
		t.Errorf("%+v", response)
	}
	told = true
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("%s", response.Result.Message)
	}
	told = false // what was told once stays told: a watch that breaks forgets nothing
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("%s", response.Result.Message)
	}
}

// A release under quarantine cannot grow, and can be taken away.
func TestWhatIsUnderQuarantineDoesNotGrow(t *testing.T) {
	handler, _ := newWard(t)
	handler.Owners = holding(t, map[string]any{"/apis/apps/v1/namespaces/clinic/deployments/serve": deploymentOf(podMounting(mounted, servingImage))})
	handler.Door.Memory.Quarantine(quarantine("recall", releasedDigest))
	if response := handler.Handle(t.Context(), scaling(t, deployments, 1, 2)); response.Allowed || !strings.Contains(response.Result.Message, "workload.quarantine") {
		t.Errorf("one more: %+v", response.Result)
	}
	if response := handler.Handle(t.Context(), scaling(t, deployments, 3, 0)); !response.Allowed {
		t.Errorf("none any more: %s", response.Result.Message)
	}
}
