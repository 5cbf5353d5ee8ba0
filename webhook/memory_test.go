package webhook

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

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
	memory.Trust(signer.trust)
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
			memory.Remember(story.object)
			known := memory.releases[story.object.Name]
			opened := known.open(t.Context())
			if image := scanned(opened.Statements); len(opened.Statements) != story.statements || len(opened.Problems) != story.problems || string(image) != story.image {
				t.Errorf("%d statements, image %q, problems: %v", len(opened.Statements), image, opened.Problems)
			}
		})
	}
}

func TestAModelIsAdmittedOnlyIfEachReleaseOfItIs(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
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
	memory.Remember(newMeasurer(t).release(t, "two", model, staging, servingDigest))
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
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, "development", servingDigest))
	if found := memory.find(staging, releasedDigest); len(found) != 0 {
		t.Errorf("%d releases", len(found))
	}
}

func TestTwoReleasesThatDisagreeAboutTheImageHaveNone(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	memory.Remember(signer.release(t, "two", model, staging, "sha256:"+strings.Repeat("0f", 32)))
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
	memory.Trust(signer.trust)
	object := signer.release(t, "breast", model, staging, servingDigest)
	memory.Remember(object)
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
		{"an update without change keeps the memo", func() { memory.Remember(object.DeepCopy()) }, "production", noon, 4},
		{"trust that changes ends the memo", func() { memory.Trust(signer.trust) }, "production", noon, 5},
	} {
		step.before()
		if _, err := release().answer(t.Context(), asked(&total), step.profile, step.at); err != nil {
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
		object, err := shorten(signer.release(t, name, model, staging, servingDigest))
		if err != nil {
			t.Fatal(err)
		}
		memory.arrive(object)
	}
	memory.leave(t.Context(), toolscache.DeletedFinalStateUnknown{Key: "one"})
	memory.leave(t.Context(), "no object")
	memory.arrive("no object")
	if found := memory.find(staging, releasedDigest); len(found) != 1 || memory.releases["two"] != found[0] {
		t.Errorf("%d releases", len(found))
	}
}

func TestMemoryIsReadWhileItChanges(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	object := signer.release(t, "breast", model, staging, servingDigest)
	door := Door{Court: realJudge(t), Memory: memory}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 20 {
				memory.Remember(object)
				memory.Forget(fmt.Sprint("nobody", i))
				memory.Trust(signer.trust)
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

// What the cache has shortened is the same evidence, and is told of once.
func TestAReleaseOfTheCacheIsTheSameEvidence(t *testing.T) {
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	object := signer.release(t, "one", model, staging, servingDigest)
	memory.Remember(object)
	plain := memory.releases["one"]
	var short any = object.DeepCopy()
	for range 2 {
		var err error
		if short, err = shorten(short); err != nil {
			t.Fatal(err)
		}
	}
	memory.arrive(short)
	if memory.releases["one"] != plain {
		t.Error("the same evidence was filed twice")
	}
	if opened := plain.open(t.Context()); len(opened.Statements) != 6 || len(opened.Problems) != 0 {
		t.Errorf("%d statements, problems %q", len(opened.Statements), opened.Problems)
	}
	if waiting := memory.uninspected(); len(waiting) != 1 {
		t.Errorf("%d releases wait to be told of", len(waiting))
	}
	memory.inspect(t.Context())
	if waiting := memory.uninspected(); len(waiting) != 0 {
		t.Errorf("%d releases are told of again", len(waiting))
	}
}

// FuzzUnpack: what is packed comes back, and nothing else is taken for it.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("{}"), "a", "b")
	f.Add([]byte(pack([]string{"x"})), "", "\xff")
	f.Add([]byte(pack([]string{strings.Repeat("x", 1<<20)})), "", "")
	f.Fuzz(func(t *testing.T, hostile []byte, first, second string) {
		if envelopes, err := packed(hostile).unpack(); err == nil && len(envelopes) > maxPacked {
			t.Errorf("%d envelopes", len(envelopes))
		}
		if !utf8.ValidString(first + second) {
			return // no JSON object holds it
		}
		envelopes, err := pack([]string{first, second}).unpack()
		if err != nil || len(envelopes) != 2 || string(envelopes[0]) != first || string(envelopes[1]) != second {
			t.Errorf("%q and %q come back as %q: %v", first, second, envelopes, err)
		}
	})
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
		memory.Trust(signer.trust)
		memory.Remember(signer.release(t, "one", model, staging, servingDigest))
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
