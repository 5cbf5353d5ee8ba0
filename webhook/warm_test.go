package webhook

import (
	"errors"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// keeper is a warmth over a memory with one release, at a clock that the test
// turns.
func keeper(t *testing.T, court Judge) (*warmth, *release, *time.Time) {
	t.Helper()
	memory, now := NewMemory(), noon
	memory.Remember(newMeasurer(t).release(t, "one", model, staging, servingDigest))
	configuration := Configuration{Profiles: map[string]string{staging: staging}}
	return &warmth{
		door: Door{Court: court, Memory: memory}, settings: func() Configuration { return configuration },
		clock: func() time.Time { return now }, begun: now,
	}, memory.find(staging, releasedDigest)[0], &now
}

// A model that is in use is judged again beside the reviews, and no review waits
// for it; one that nobody asks for any more is left alone.
func TestAModelInUseStaysJudged(t *testing.T) {
	count := 0
	warmth, release, now := keeper(t, scribe{"p", &count})
	warmth.pass(t.Context())
	if count != 0 {
		t.Fatal("a model that nobody has asked for was judged")
	}
	for range 20 {
		release.wanted.Store(now.UnixNano())
		warmth.pass(t.Context())
		asked := count
		answer, err := release.answer(t.Context(), scribe{"p", &count}, staging, *now)
		if err != nil || count != asked || now.Sub(answer.verdict.Time) >= renewAfter {
			t.Fatalf("a review at %s had to ask (%v), or got the answer of %s", now, err, answer.verdict.Time)
		}
		*now = now.Add(renewAfter / 2)
	}
	if count != 10 {
		t.Errorf("the judge was asked %d times in ten times %s", count, renewAfter)
	}
	*now = now.Add(wantedFor)
	if warmth.pass(t.Context()); count != 10 {
		t.Error("a model that nobody wants any more was judged")
	}
}

// Another policy is asked at once; while it fails, what was said last counts as
// long as it would have.
func TestWarmthFollowsThePolicyAndSurvivesTheJudge(t *testing.T) {
	count := 0
	warmth, release, now := keeper(t, scribe{"p", &count})
	release.wanted.Store(now.UnixNano())
	warmth.pass(t.Context())
	for _, broken := range []func() (gates.Verdict, error){
		func() (gates.Verdict, error) { return gates.Verdict{}, errors.New("out of memory") },
		func() (gates.Verdict, error) { panic("index out of range") },
	} {
		*now = noon.Add(renewAfter)
		warmth.door.Court = judgeFunc(func(judge.Question) (gates.Verdict, error) { return broken() })
		warmth.pass(t.Context())
		if _, err := release.answer(t.Context(), scribe{"p", &count}, staging, *now); err != nil || count != 1 {
			t.Fatalf("the answer of before is lost: %v, asked %d times", err, count)
		}
	}
	warmth.door.Court = scribe{"q", &count}
	if warmth.pass(t.Context()); count != 2 {
		t.Error("the new policy was not asked before a review")
	}
}

// A door that starts is ready when it has judged what is in use, as its store or
// the audit has told; and in any case soon.
func TestADoorThatStartsIsWarmBeforeItIsReady(t *testing.T) {
	count := 0
	warmth, release, now := keeper(t, scribe{"p", &count})
	store, err := OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release.wanted.Store(time.Now().UnixNano())
	if err := store.Save(warmth.door.Memory, map[string]string{}); err != nil {
		t.Fatal(err)
	}
	again, err := OpenStore(store.folder)
	if err != nil {
		t.Fatal(err)
	}
	memory := NewMemory()
	if err := again.Load(t.Context(), memory); err != nil {
		t.Fatal(err)
	}
	if used := memory.wanted(time.Now()); len(used) != 1 || used[0].name != "one" {
		t.Fatalf("the store remembers %d releases in use", len(used))
	}

	if warmth.isWarm(nil) == nil {
		t.Error("ready before anything was judged")
	}
	*now = now.Add(warmTime)
	if err := warmth.isWarm(nil); err != nil {
		t.Errorf("after %s: %v", warmTime, err)
	}
	*now, warmth.begun = noon, noon
	warmth.warm.Store(true)
	if err := warmth.isWarm(nil); err != nil {
		t.Error(err)
	}
}

// What the audit has counted is a hint which models to judge first, and nothing
// else is kept of a status.
func TestTheAuditsCountWarms(t *testing.T) {
	memory := NewMemory()
	for name, workloads := range map[string]int32{"used": 2, "idle": 0} {
		object := newMeasurer(t).release(t, name, model, staging, servingDigest)
		object.Status = kube.ReleaseStatus{Workloads: workloads, Policy: "sha256:p"}
		short, err := shorten(object)
		if err != nil {
			t.Fatal(err)
		}
		memory.arrive(short)
		if kept := short.(*kube.Release).Status; kept.Policy != "" {
			t.Errorf("the cache keeps %+v", kept)
		}
	}
	if used := memory.wanted(time.Now()); len(used) != 1 || used[0].name != "used" {
		t.Errorf("%d releases are warmed", len(used))
	}
}
