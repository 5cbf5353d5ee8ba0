package webhook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// scribe is a judge who writes down all that he was asked, and by which policy
// he answers.
type scribe struct {
	policy string
	asked  *int
}

func (s scribe) PolicyDigest() string { return s.policy }

func (s scribe) Judge(_ context.Context, question judge.Question) (gates.Verdict, error) {
	verdict := gates.Verdict{Evaluated: []string{"a"}, Policy: s.policy, Time: question.Time}
	if question.Model == nil {
		return verdict, nil
	}
	*s.asked++
	evidence := question.Model.Evidence
	verdict.Findings = []gates.Finding{{Rule: "model.a", Severity: gates.Warn, Message: fmt.Sprint(s.policy, question.Environment, question.Profile, question.Time,
		question.Model.Release, len(evidence.Statements), evidence.Problems, evidence.Statements)}}
	return verdict, nil
}

// A verdict that is used again is a function of everything that it was made of:
// whatever changes, the judge is asked anew. A peer's memo that forgot one input
// let denials through (kyverno#17105).
func TestTheMemoForgetsNoInput(t *testing.T) {
	signer, other := newMeasurer(t), newMeasurer(t)
	type asked struct {
		environment, profile, policy string
		at                           time.Time
	}
	base := asked{staging, staging, "sha256:p", noon}
	for input, change := range map[string]func(*Memory, *asked){
		"nothing":     nil,
		"profile":     func(_ *Memory, a *asked) { a.profile = "production" },
		"environment": func(_ *Memory, a *asked) { a.environment = "production" },
		"policy":      func(_ *Memory, a *asked) { a.policy = "sha256:q" },
		"time":        func(_ *Memory, a *asked) { a.at = noon.Add(memoLife) },
		"time, back":  func(_ *Memory, a *asked) { a.at = noon.Add(-time.Nanosecond) },
		"trust":       func(m *Memory, _ *asked) { m.Trust(other.trust) },
		"evidence": func(m *Memory, _ *asked) {
			less := signer.release(t, "one", model, staging, servingDigest)
			less.Spec.Envelopes = less.Spec.Envelopes[1:]
			m.Remember(less)
		},
		"the scanned image": func(m *Memory, _ *asked) { m.Remember(signer.release(t, "one", model, staging, releasedDigest)) },
	} {
		t.Run(input, func(t *testing.T) {
			memory, count := NewMemory(), 0
			memory.Trust(signer.trust)
			memory.Remember(signer.release(t, "one", model, staging, servingDigest))
			memory.Remember(signer.release(t, "elsewhere", model, "production", servingDigest))
			say := func(of asked) string {
				t.Helper()
				release := memory.find(of.environment, releasedDigest)[0]
				answer, err := release.answer(t.Context(), scribe{of.policy, &count}, of.profile, of.at)
				if err != nil {
					t.Fatal(err)
				}
				return answer.verdict.Findings[0].Message + string(answer.image)
			}
			first, changed := say(base), base
			if change == nil {
				if say(base) != first || count != 1 {
					t.Errorf("asked %d times about the same", count)
				}
				return
			}
			change(memory, &changed)
			if say(changed) == first || count != 2 {
				t.Errorf("the answer of before is given again, asked %d times", count)
			}
		})
	}
}

// Only what the sitting policy said is kept.
func TestTheMemoKeepsOnePolicy(t *testing.T) {
	memory, count := NewMemory(), 0
	memory.Remember(newMeasurer(t).release(t, "one", model, staging, servingDigest))
	release := memory.find(staging, releasedDigest)[0]
	for i := range 100 {
		for _, profile := range []string{staging, "production"} {
			if _, err := release.answer(t.Context(), scribe{fmt.Sprint(i), &count}, profile, noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	if kept := len(release.memo.hearings); kept != 2 {
		t.Errorf("%d answers are kept", kept)
	}
}

func TestAJudgeThatFailsIsAskedAgain(t *testing.T) {
	memory, count := NewMemory(), 0
	memory.Remember(newMeasurer(t).release(t, "one", model, staging, servingDigest))
	release := memory.find(staging, releasedDigest)[0]
	for _, step := range []func() (gates.Verdict, error){
		func() (gates.Verdict, error) { return gates.Verdict{}, errors.New("out of memory") },
		func() (gates.Verdict, error) { panic("index out of range") },
		func() (gates.Verdict, error) { return gates.Verdict{Evaluated: []string{"a"}}, nil },
		func() (gates.Verdict, error) { return gates.Verdict{}, errors.New("not asked any more") },
	} {
		count++
		answer, err := release.answer(t.Context(), judgeFunc(func(judge.Question) (gates.Verdict, error) { return step() }), staging, noon)
		if failed := count < 3; (err != nil) != failed || answer.verdict.Allowed() == failed {
			t.Errorf("step %d: %+v, %v", count, answer, err)
		}
	}
}

// A rollout asks once, whoever of it goes away meanwhile; and who goes away does
// not wait for the judge.
func TestARolloutAsksOnce(t *testing.T) {
	memory := NewMemory()
	memory.Remember(newMeasurer(t).release(t, "one", model, staging, servingDigest))
	release := memory.find(staging, releasedDigest)[0]
	begun, finish, count := make(chan struct{}), make(chan struct{}), 0
	slow := judgeFunc(func(judge.Question) (gates.Verdict, error) {
		count++
		close(begun)
		<-finish
		return gates.Verdict{Evaluated: []string{"a"}}, nil
	})
	impatient, leave := context.WithCancelCause(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := release.answer(impatient, slow, staging, noon)
		left <- err
	}()
	<-begun
	leave(errors.New("the API server hung up"))
	if err := <-left; err == nil || !strings.Contains(err.Error(), "hung up") {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if answer, err := release.answer(t.Context(), slow, staging, noon); err != nil || !answer.verdict.Allowed() {
				t.Error(answer, err)
			}
		})
	}
	close(finish)
	group.Wait()
	if count != 1 {
		t.Errorf("asked %d times", count)
	}
}

// While the judge thinks about one release, another is answered.
func TestOneReleaseDoesNotHoldUpAnother(t *testing.T) {
	signer, memory := newMeasurer(t), NewMemory()
	memory.Remember(signer.release(t, "slow", model, staging, servingDigest))
	memory.Remember(signer.release(t, "fast", crowded(1), staging, servingDigest))
	finish := make(chan struct{})
	defer close(finish)
	begun := make(chan struct{})
	court := judgeFunc(func(question judge.Question) (gates.Verdict, error) {
		if question.Model.Release == model {
			close(begun)
			<-finish
		}
		return gates.Verdict{Evaluated: []string{"a"}}, nil
	})
	impatient, leave := context.WithCancel(t.Context())
	defer leave()
	go func() { _, _ = memory.releases["slow"].answer(impatient, court, staging, noon) }()
	<-begun
	if answer, err := memory.releases["fast"].answer(t.Context(), court, staging, noon); err != nil || !answer.verdict.Allowed() {
		t.Error(answer, err)
	}
}
