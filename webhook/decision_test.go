package webhook

import (
	"errors"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// notebook is a log that a test reads.
type notebook struct{ decisions []Decision }

func (n *notebook) Enter(decision Decision) { n.decisions = append(n.decisions, decision) }

// Every answer is entered, whatever it was, except that of a rehearsal.
func TestEveryDecisionIsEntered(t *testing.T) {
	denies := judgeFunc(func(judge.Question) (gates.Verdict, error) {
		return gates.Verdict{Evaluated: []string{"workload.pinned"}, Findings: []gates.Finding{{Rule: "workload.pinned"}}, Policy: "sha256:p"}, nil
	})
	allows := judgeFunc(func(judge.Question) (gates.Verdict, error) {
		return gates.Verdict{Evaluated: []string{"workload.pinned"}}, nil
	})
	fails := judgeFunc(func(judge.Question) (gates.Verdict, error) { return gates.Verdict{}, errors.New("out of memory") })
	panics := judgeFunc(func(judge.Question) (gates.Verdict, error) { panic("index out of range") })
	rehearsal := true
	for claim, story := range map[string]struct {
		court   Judge
		spoil   func(*admission.Request)
		outcome string // none: nothing is entered
	}{
		"a denial":                    {denies, func(*admission.Request) {}, outcomeDenied},
		"an admission":                {allows, func(*admission.Request) {}, outcomeAllowed},
		"a judge who fails":           {fails, func(*admission.Request) {}, outcomeError},
		"a judge who panics":          {panics, func(*admission.Request) {}, outcomeError},
		"an object that is no JSON":   {allows, func(r *admission.Request) { r.Object.Raw = []byte("{") }, outcomeError},
		"an update of something else": {denies, func(r *admission.Request) { r.Operation, r.OldObject = admissionv1.Update, r.Object }, outcomeUnchanged},
		"a rehearsal":                 {denies, func(r *admission.Request) { r.DryRun = &rehearsal }, ""},
	} {
		t.Run(claim, func(t *testing.T) {
			request := creating(t, podMounting(mounted, servedBy+servingDigest))
			request.UserInfo.Username = "system:serviceaccount:clinic:deployer"
			request.Name = "" // the object tells it
			story.spoil(&request)
			kept := &notebook{}
			door := newHandler(t, story.court, NewMemory())
			door.Log = kept
			response := door.Handle(t.Context(), request)
			if story.outcome == "" {
				if len(kept.decisions) != 0 {
					t.Errorf("entered %+v", kept.decisions)
				}
				return
			}
			if len(kept.decisions) != 1 {
				t.Fatalf("%d decisions", len(kept.decisions))
			}
			got := kept.decisions[0]
			if got.Outcome != story.outcome || got.Allowed() != response.Allowed || got.UID != "u-1" || got.User != request.UserInfo.Username || !got.Time.Equal(noon) {
				t.Errorf("entered %+v", got)
			}
			if readable := story.outcome != outcomeError; readable && (got.Object != "Pod clinic/serve" || len(got.Releases) != 1 || string(got.Releases[0]) != releasedDigest) {
				t.Errorf("entered %+v", got)
			}
			if story.outcome == outcomeDenied && (got.Environment != staging || got.Evaluated != 1 || got.Findings[0].Rule != "workload.pinned" || got.Policy != "sha256:p") {
				t.Errorf("entered %+v", got)
			}
		})
	}
}

// Names that a client chose are bounded before they are kept.
func TestADecisionIsBounded(t *testing.T) {
	kept := &notebook{}
	door := newHandler(t, realJudge(t), NewMemory())
	door.Log = kept
	request := creating(t, podMounting(mounted, servedBy+servingDigest))
	request.UserInfo.Username = strings.Repeat("u\n", 1<<16)
	request.Kind.Kind = strings.Repeat("\xff", 1<<16)
	request.Object.Raw = nil
	door.Handle(t.Context(), request)
	if got := kept.decisions[0]; len(got.User) > maxName || strings.Contains(got.User, "\n") || len(got.Object) > maxObjectName || len(got.Findings) != 0 {
		t.Errorf("entered %d bytes of a user, %d of an object", len(got.User), len(got.Object))
	}
}

// discards is a log that takes decisions and keeps none.
type discards struct{}

func (discards) Enter(Decision) {}

// BenchmarkAdmitAndEnter is BenchmarkAdmit where decisions are kept; what the
// queue takes is in cmd/webhook.
func BenchmarkAdmitAndEnter(b *testing.B) {
	signer := newMeasurer(b)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(b, "breast", model, staging, servingDigest))
	door := newHandler(b, realJudge(b), memory)
	door.Log = discards{}
	request := creating(b, podMounting(mounted, servedBy+servingDigest))
	for b.Loop() {
		if response := door.Handle(b.Context(), request); !response.Allowed {
			b.Fatal(response.Result.Message)
		}
	}
}
