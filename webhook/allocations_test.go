package webhook

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// What a review may allocate. The numbers do not depend on the machine; they
// depend on the rules, so a rule that is added may raise them by what it costs,
// and whoever raises them by more should know why.
const (
	allocationsWithoutModel = 290
	allocationsAdmitted     = 410
)

// TestAllocations holds a review to what it cost when it was last looked at. A
// review that allocates twice as much waits for the collector twice as long,
// which a benchmark on a busy machine would not show.
func TestAllocations(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, openCourt(t, ""), memory)
	for claim, story := range map[string]struct {
		request admission.Request
		most    float64
	}{
		"an object without a model": {creating(t, map[string]any{"metadata": map[string]any{"name": "web"}, "spec": map[string]any{"containers": []any{map[string]any{"name": "web", "image": "nginx"}}}}), allocationsWithoutModel},
		"a pod of a rollout":        {creating(t, podMounting(mounted, servedBy+servingDigest)), allocationsAdmitted},
	} {
		got := testing.AllocsPerRun(100, func() {
			door.Handle(t.Context(), story.request)
		})
		t.Logf("%s: %.0f allocations", claim, got)
		if got > story.most {
			t.Errorf("%s: %.0f allocations, want at most %.0f", claim, got, story.most)
		}
	}
}
