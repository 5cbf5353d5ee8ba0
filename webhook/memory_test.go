package webhook

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	toolscache "k8s.io/client-go/tools/cache"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// asked answers a Model question, with a count.
func asked(count *int) judgeFunc {
	return func(question judge.Question) (gates.Verdict, error) {
		*count++
		verdict := gates.Verdict{Evaluated: []string{"model.evidence.verified"}, Time: question.Time}
		if question.Model != nil && len(question.Model.Evidence.Problems) > 0 {
			verdict.Findings = []gates.Finding{{Rule: "model.evidence.verified", Severity: gates.Deny, Message: "not believed"}}
		}
		return verdict, nil
	}
}

func use() judge.Workload {
	return judge.Workload{Models: []judge.ModelUse{{Digest: releasedDigest}}}
}

func TestMemoryBelievesOnlySignatures(t *testing.T) {
	signer, stranger := newMeasurer(t), newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	honest := signer.release(t, "honest", model, staging, servingDigest)
	forged := stranger.release(t, "forged", evidence.Subject{Name: "x", Digest: evidence.Sum([]byte("x"))}, staging, servingDigest)
	replayed := honest.DeepCopy()
	replayed.Name, replayed.Spec.Digest = "replayed", string(evidence.Sum([]byte("another model")))
	flood := honest.DeepCopy()
	flood.Name, flood.Spec.Digest = "flood", string(evidence.Sum([]byte("flood")))
	for len(flood.Spec.Envelopes) <= maxEnvelopes {
		flood.Spec.Envelopes = append(flood.Spec.Envelopes, "{}")
	}
	for _, story := range []struct {
		object               *kube.Release
		statements, problems int
		image                string
	}{{honest, 6, 0, servingDigest}, {forged, 0, 6, ""}, {replayed, 0, 6, ""}, {flood, 0, 1, ""}} {
		t.Run(story.object.Name, func(t *testing.T) {
			memory.Remember(t.Context(), story.object)
			known := memory.releases[story.object.Name]
			opened := known.evidence
			if len(opened.Statements) != story.statements || len(opened.Problems) != story.problems || string(known.image) != story.image {
				t.Errorf("%d statements, image %q, problems: %v", len(opened.Statements), known.image, opened.Problems)
			}
		})
	}
}

func TestAModelIsAdmittedOnlyIfEachReleaseOfItIs(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	memory.Remember(t.Context(), signer.release(t, "one", model, staging, servingDigest))
	count := 0
	door := Door{Court: asked(&count), Memory: memory}
	admitted := func() bool {
		verdict, err := door.Judge(t.Context(), staging, staging, noon, use())
		if err != nil {
			t.Fatal(err)
		}
		return verdict.Allowed()
	}
	if !admitted() {
		t.Fatal("one good release is not admitted")
	}
	memory.Remember(t.Context(), newMeasurer(t).release(t, "two", model, staging, servingDigest))
	if admitted() {
		t.Error("a second release, which nobody trusts, was outvoted by the first")
	}
	memory.Forget("two")
	if !admitted() {
		t.Error("the second release is gone and still counts")
	}
	memory.Forget("one")
	if memory.Knows(releasedDigest) || memory.Size() != 0 {
		t.Error("a forgotten release is remembered")
	}
}

func TestEvidenceOfOneEnvironmentIsNotLookedUpInAnother(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	memory.Remember(t.Context(), signer.release(t, "breast", model, "development", servingDigest))
	if found := memory.find(staging, releasedDigest); len(found) != 0 {
		t.Errorf("%d releases", len(found))
	}
}

func TestTwoReleasesThatDisagreeAboutTheImageHaveNone(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	memory.Remember(t.Context(), signer.release(t, "one", model, staging, servingDigest))
	memory.Remember(t.Context(), signer.release(t, "two", model, staging, "sha256:"+strings.Repeat("0f", 32)))
	var seen judge.ModelUse
	court := judgeFunc(func(question judge.Question) (gates.Verdict, error) {
		if question.Workload != nil {
			seen = question.Workload.Models[0]
		}
		return gates.Verdict{Evaluated: []string{"a"}}, nil
	})
	if _, err := (Door{Court: court, Memory: memory}).Judge(t.Context(), staging, staging, noon, use()); err != nil {
		t.Fatal(err)
	}
	if !seen.Released || !seen.Admitted || seen.Image != "" {
		t.Errorf("%+v", seen)
	}
}

func TestAModelIsJudgedOnceAMinuteForEachProfile(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	object := signer.release(t, "breast", model, staging, servingDigest)
	memory.Remember(t.Context(), object)
	release := func() *release { return memory.find(staging, releasedDigest)[0] }
	total := 0
	for _, step := range []struct {
		claim   string
		before  func()
		profile string
		at      time.Time
		want    int
	}{
		{"asked", func() {}, staging, noon, 1},
		{"remembered", func() {}, staging, noon.Add(59 * time.Second), 1},
		{"asked again after a minute", func() {}, staging, noon.Add(time.Minute), 2},
		{"another profile is another question", func() {}, "production", noon.Add(time.Minute), 3},
		{"a clock that goes back is not trusted", func() {}, "production", noon, 4},
		{"an update without change keeps the memo", func() { memory.Remember(t.Context(), object.DeepCopy()) }, "production", noon, 4},
		{"trust that changes ends the memo", func() { memory.Trust(t.Context(), signer.trust) }, "production", noon, 5},
	} {
		step.before()
		if _, err := release().verdict(t.Context(), asked(&total), step.profile, step.at); err != nil {
			t.Fatal(err)
		}
		if total != step.want {
			t.Errorf("%s: asked %d times, want %d", step.claim, total, step.want)
		}
	}
}

// A watch that was interrupted tells of a deletion by a tombstone.
func TestAReleaseIsForgottenByItsTombstone(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	for _, name := range []string{"one", "two"} {
		memory.remember(t.Context(), signer.release(t, name, model, staging, servingDigest))
	}
	memory.forget(t.Context(), toolscache.DeletedFinalStateUnknown{Key: "one"})
	memory.forget(t.Context(), "no object")
	memory.remember(t.Context(), "no object")
	if found := memory.find(staging, releasedDigest); len(found) != 1 || memory.releases["two"] != found[0] {
		t.Errorf("%d releases", len(found))
	}
}

func TestMemoryIsReadWhileItChanges(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(t.Context(), signer.trust)
	object := signer.release(t, "breast", model, staging, servingDigest)
	door := Door{Court: realJudge(t), Memory: memory}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 20 {
				memory.Remember(t.Context(), object)
				memory.Forget(fmt.Sprint("nobody", i))
				memory.Trust(t.Context(), signer.trust)
			}
		})
		group.Go(func() {
			for range 20 {
				if _, err := door.Judge(t.Context(), staging, staging, noon, use()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// A key that is withdrawn, or ends, closes the door in the first review after
// that instant: neither the minute's memo nor the opened evidence outlives it.
func TestAKeyThatEndsClosesTheDoorAtOnce(t *testing.T) {
	for name, end := range map[string]func(*evidence.TrustedKey, time.Time){
		"until":   func(key *evidence.TrustedKey, at time.Time) { key.Until = at },
		"revoked": func(key *evidence.TrustedKey, at time.Time) { key.Revoked = at },
	} {
		signer := newMeasurer(t)
		end(&signer.trust[0], noon.Add(10*time.Second))
		memory := NewMemory()
		memory.Trust(t.Context(), signer.trust)
		memory.Remember(t.Context(), signer.release(t, "one", model, staging, servingDigest))
		count := 0
		door := Door{Court: asked(&count), Memory: memory}
		for _, story := range []struct {
			after   time.Duration
			allowed bool
		}{{0, true}, {9 * time.Second, true}, {10 * time.Second, false}, {time.Hour, false}, {0, true}} { // the last: a clock turned back
			verdict, err := door.Judge(t.Context(), staging, staging, noon.Add(story.after), use())
			if err != nil {
				t.Fatal(err)
			}
			if verdict.Allowed() != story.allowed {
				t.Errorf("%s: %s after noon: allowed is %v", name, story.after, verdict.Allowed())
			}
		}
	}
}
