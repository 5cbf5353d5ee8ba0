package controller

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// talking is a house whose repository has a conversation, and that writes down
// which pull requests are to be looked at.
func talking(t *testing.T) (*house, *[]int64) {
	t.Helper()
	here := newHouse(t, func(repository *kube.Repository) { repository.Spec.Forge = &kube.Forge{Provider: "none"} })
	return here, here.queued()
}

func (h *house) queued() *[]int64 {
	queue := &[]int64{}
	h.Pulls.queue.open(func(key pull) { *queue = append(*queue, key.number) })
	return queue
}

func (h *house) poll(t *testing.T) time.Duration {
	t.Helper()
	result, err := h.Poll.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions})
	if err != nil {
		t.Fatal(err)
	}
	return result.RequeueAfter
}

func (h *house) lookAt(t *testing.T, number int64) time.Duration {
	t.Helper()
	h.writes = nil
	result, err := h.Pulls.Reconcile(t.Context(), pull{promotions, number})
	if err != nil {
		t.Fatal(err)
	}
	return result.RequeueAfter
}

func opened(number int64, head, base string) forge.PullRequest {
	return forge.PullRequest{Number: number, State: forge.Open, Head: head, Base: "main", BaseCommit: base}
}

// A poll hands on what moved on either side, and only that, as long as evidence
// is not old.
func TestAPollHandsOnWhatMoved(t *testing.T) {
	here, queue := talking(t)
	expect := func(why string, want ...int64) {
		t.Helper()
		*queue = nil
		if after := here.poll(t); after != interval {
			t.Errorf("%s: again after %v", why, after)
		}
		if slices.Sort(*queue); !slices.Equal(*queue, want) {
			t.Errorf("%s: handed on %v, want %v", why, *queue, want)
		}
	}
	here.remote.open = []forge.PullRequest{opened(7, "h1", "b1"), opened(8, "h1", "b1")}
	expect("both are new", 7, 8)
	expect("nothing moved")
	here.remote.open[0].Head = "h2"
	expect("a head moved", 7)
	here.remote.open[0].BaseCommit, here.remote.open[1].BaseCommit = "b2", "b2"
	expect("the base moved", 7, 8)
	here.remote.open = here.remote.open[1:]
	expect("one is closed or merged", 7)
	expect("and was told once")
	here.clock.pass(anew + time.Second)
	expect("evidence ages", 8)
}

// The list in the status is what is open, with what was said last; it is
// written when that changes, and survives the process.
func TestOpenPullRequestsStandInTheStatus(t *testing.T) {
	here, _ := talking(t)
	here.remote.open = []forge.PullRequest{opened(7, commit1, "b"), opened(9, commit1, "b")}
	here.remote.outcome = conversation.Outcome{State: forge.Open, Head: commit1, Check: forge.Failed, Link: "https://forge.example.org/7"}
	if after := here.lookAt(t, 7); after != 0 || len(here.writes) != 1 {
		t.Errorf("again after %v, wrote %v", after, here.writes)
	}
	if here.lookAt(t, 7); len(here.writes) != 0 {
		t.Errorf("told again: %v", here.writes)
	}
	here.start()
	here.remote.outcome.Check = forge.Passed
	here.lookAt(t, 9)
	listed := here.repository(t).Status.PullRequests
	if len(listed) != 2 || listed[0].Number != 9 || listed[0].Outcome != "Allowed" || listed[1].Outcome != "Denied" || listed[1].Head != commit1 {
		t.Errorf("listed %+v", listed)
	}
	here.look(t) // the other part of the status has another owner
	if listed := here.repository(t).Status.PullRequests; len(listed) != 2 {
		t.Errorf("listed %+v", listed)
	}
	here.remote.open = here.remote.open[1:]
	if here.poll(t); len(here.repository(t).Status.PullRequests) != 1 {
		t.Error("what is open no more is still listed")
	}
	here.remote.outcome.State = forge.Merged
	if here.lookAt(t, 9); len(here.repository(t).Status.PullRequests) != 0 {
		t.Error("what was merged is still listed")
	}
}

func TestTheListOfPullRequestsIsBounded(t *testing.T) {
	here, _ := talking(t)
	here.remote.outcome = conversation.Outcome{State: forge.Open, Head: commit1}
	for number := range int64(maxPulls + 5) {
		here.lookAt(t, number+1)
	}
	if listed := here.repository(t).Status.PullRequests; len(listed) != maxPulls || listed[0].Number != maxPulls+5 {
		t.Errorf("%d are listed, the first is %d", len(listed), listed[0].Number)
	}
}

// A forge that wants to be left alone gives the worker free until then.
func TestALimitEndsInAKeyThatComesBackThen(t *testing.T) {
	here, _ := talking(t)
	here.remote.lookErr = &forge.LimitedError{Until: here.clock.now.Add(17 * time.Minute)}
	if after := here.lookAt(t, 7); after != 17*time.Minute {
		t.Errorf("again after %v", after)
	}
	here.remote.openErr = here.remote.lookErr
	if after := here.poll(t); after != 17*time.Minute {
		t.Errorf("listed again after %v", after)
	}
	here.remote.lookErr = errors.New("the forge hung up")
	if after := here.lookAt(t, 7); after != slowly {
		t.Errorf("again after %v", after)
	}
	here.remote.lookErr, here.remote.outcome.Retry = nil, true
	if after := here.lookAt(t, 7); after != slowly {
		t.Errorf("again after %v", after)
	}
}

func TestAMergeWakesTheMergedBranch(t *testing.T) {
	here, _ := talking(t)
	var woken []name
	here.Merged.queue.open(func(of name) { woken = append(woken, of) })
	here.remote.outcome = conversation.Outcome{State: forge.Merged, Merged: commit2}
	if here.lookAt(t, 7); !slices.Equal(woken, []name{promotions}) {
		t.Errorf("woken %v", woken)
	}
}

// A new head ends the look at the old one, and a remark does not.
func TestANewHeadEndsTheLookAtTheOldOne(t *testing.T) {
	here, _ := talking(t)
	key := pull{promotions, 7}
	here.Pulls.news(key, "h1")
	under, end := here.Pulls.going.begin(t.Context(), key, "h1")
	defer end()
	here.Pulls.news(key, "")
	here.Pulls.news(key, "h1")
	here.Pulls.news(pull{promotions, 8}, "h2")
	if err := promotion.Interrupted(under); err != nil {
		t.Fatalf("interrupted: %v", err)
	}
	if here.Pulls.news(key, "h2"); !errors.Is(promotion.Interrupted(under), errNews) {
		t.Error("a new head interrupts nothing")
	}
	here.remote.lookErr = promotion.Interrupted(under)
	if after := here.lookAt(t, 7); after > time.Second {
		t.Errorf("again after %v", after)
	}
}

func TestNobodyLooksWithoutAForge(t *testing.T) {
	here := newHouse(t, nil)
	queue := here.queued()
	here.remote.open = []forge.PullRequest{opened(7, "h1", "b1")}
	if after := here.poll(t); after != 0 || len(*queue) != 0 {
		t.Errorf("again after %v, handed on %v", after, *queue)
	}
	if after := here.lookAt(t, 7); after != 0 || len(here.writes) != 0 {
		t.Errorf("again after %v, wrote %v", after, here.writes)
	}
}

// held is a checker that is busy until it is let go.
type held struct{ began, letGo chan struct{} }

func (h held) Content(context.Context, string, string) (conversation.Content, error) {
	return conversation.Content{}, nil
}

func (h held) Check(context.Context, string, string) (report.Report, error) {
	h.began <- struct{}{}
	<-h.letGo
	return report.Report{Commit: "h"}, nil
}

// Checks fill the slots and no more; contents are answered meanwhile, and who
// is not wanted any more stops waiting.
func TestOnlyChecksWaitForASlot(t *testing.T) {
	busy := held{make(chan struct{}), make(chan struct{})}
	checker := NewSlots(2).Checker(busy)
	ended := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := checker.Check(t.Context(), "b", "h")
			ended <- err
		}()
		<-busy.began
	}
	if _, err := checker.Content(t.Context(), "b", "h"); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNews)
	if _, err := checker.Check(ctx, "b", "h"); !errors.Is(err, errNews) {
		t.Errorf("the third check: %v", err)
	}
	close(busy.letGo)
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestAProcessThatDoesNotMoveIsNoticed(t *testing.T) {
	clock := &tick{now: time.Unix(1_800_000_000, 0)}
	pulse := NewPulse(clock)
	healthy := pulse.Healthy(time.Hour)
	clock.pass(2 * time.Hour)
	if err := healthy(nil); err != nil {
		t.Errorf("idle: %v", err)
	}
	end := pulse.begin()
	clock.pass(50 * time.Minute)
	pulse.Observe(t.Context(), promotion.Event{})
	clock.pass(50 * time.Minute)
	if err := healthy(nil); err != nil {
		t.Errorf("a phase has moved: %v", err)
	}
	clock.pass(11 * time.Minute)
	if err := healthy(nil); err == nil || !strings.Contains(err.Error(), "1h1m0s") {
		t.Errorf("stuck: %v", err)
	}
	end()
	if err := healthy(nil); err != nil {
		t.Errorf("idle again: %v", err)
	}
}
