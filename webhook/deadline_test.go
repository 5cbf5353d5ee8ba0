package webhook

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// deaf is a judge that heeds no context, until he is told to go on.
func deaf(goOn <-chan struct{}) judgeFunc {
	return func(judge.Question) (gates.Verdict, error) {
		<-goOn
		return gates.Verdict{Evaluated: []string{"a"}}, nil
	}
}

// An evaluation that does not end is answered for in time, by name. It keeps its
// room; when every room is taken the door says that too, and it recovers when
// they end.
func TestTheDoorAnswersInTimeWhateverTheJudgeDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		court := punctual{deaf(goOn), make(chan struct{}, 3), make(crew)}
		door := newHandler(t, court, NewMemory())
		door.Clock = time.Now
		review := func() (string, time.Duration) {
			began := time.Now()
			response := door.Handle(t.Context(), creating(t, map[string]any{"spec": map[string]any{"containers": []any{}}}))
			if response.Result == nil {
				return "", time.Since(began)
			}
			return response.Result.Message, time.Since(began)
		}
		for range cap(court.rooms) {
			if told, took := review(); told != "assay: could not judge: judging the workload: no answer in 2.5s" || took != reviewTime {
				t.Errorf("%q in %s", told, took)
			}
		}
		running := runtime.NumGoroutine()
		for range 5 {
			if told, took := review(); !strings.Contains(told, "overloaded: 3 evaluations go on") || took != queueTime {
				t.Errorf("%q in %s", told, took)
			}
		}
		if more := runtime.NumGoroutine() - running; more > 0 {
			t.Errorf("%d evaluations more go on", more)
		}
		close(goOn)
		synctest.Wait()
		if told, took := review(); strings.Contains(told, "could not judge") || took != 0 {
			t.Errorf("afterwards: %q in %s", told, took)
		}
		time.Sleep(idleTime) // until the last who evaluated has gone
	})
}

// A judge that heeds its context says why it stopped; the user reads that time
// was over.
func TestTheReasonIsTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), reviewTime, errNoAnswer)
		defer cancel()
		heeding := heedful{}
		defer time.Sleep(idleTime)
		if _, err := (punctual{heeding, make(chan struct{}, 1), make(crew)}).Judge(ctx, judge.Question{}); !errors.Is(err, errNoAnswer) {
			t.Error(err)
		}
		if err := noAnswer(ctx, errors.New("asking about the namespace: context deadline exceeded")); !errors.Is(err, errNoAnswer) || !strings.Contains(err.Error(), "namespace") {
			t.Error(err)
		}
		if err := noAnswer(ctx, nil); err != nil {
			t.Error(err)
		}
	})
}

type heedful struct{}

func (heedful) Judge(ctx context.Context, _ judge.Question) (gates.Verdict, error) {
	<-ctx.Done()
	return gates.Verdict{}, errors.New("caller cancelled query execution")
}

// A panic beside a review is an error of that review, and not the end of the door.
func TestAJudgeThatBreaksIsAnError(t *testing.T) {
	court := punctual{judgeFunc(func(judge.Question) (gates.Verdict, error) { panic("index out of range") }), make(chan struct{}, 1), nil}
	for range 3 {
		if verdict, err := court.Judge(t.Context(), judge.Question{}); err == nil || verdict.Allowed() {
			t.Errorf("%+v, %v", verdict, err)
		}
	}
}

// Evaluations one after the other go to one goroutine, which does not stay for ever.
func TestACrewIsAsLargeAsItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		court := punctual{judgeFunc(func(judge.Question) (gates.Verdict, error) { return gates.Verdict{}, nil }), make(chan struct{}, 3), make(crew)}
		alone := runtime.NumGoroutine()
		for range 100 {
			if _, err := court.Judge(t.Context(), judge.Question{}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // until whoever evaluated it waits for the next
		}
		if more := runtime.NumGoroutine() - alone; more != 1 {
			t.Errorf("%d goroutines wait for an evaluation, want 1", more)
		}
		time.Sleep(idleTime)
		synctest.Wait()
		if more := runtime.NumGoroutine() - alone; more != 0 {
			t.Errorf("%d goroutines still wait", more)
		}
	})
}
