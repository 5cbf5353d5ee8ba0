package controller

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var interval = around(promotions, time.Minute)

func TestWhatIsMergedIsShownOnce(t *testing.T) {
	here := newHouse(t, nil)
	after, writes := here.look(t)
	want := []string{"apply tumour.development", "status by assay-reconciler promotions", "status by assay-reconciler promotions", "status by assay-reconciler tumour.development"}
	if after != interval || !slices.Equal(writes, want) {
		t.Errorf("again after %v, wrote %q", after, writes)
	}
	shown := here.promotion(t, "tumour.development")
	if owner := metav1.GetControllerOf(shown); owner == nil || owner.Name != "promotions" || shown.Spec.Commit != commit1 || shown.Status.Release == "" {
		t.Errorf("shown %+v, owned by %v", shown.Spec, owner)
	}
	status := here.repository(t).Status
	if status.Commit != commit1 || saying(status.Conditions, "Ready") != "True Reconciled" || saying(status.Conditions, "Reconciling") != "" || status.ObservedGeneration != 1 {
		t.Errorf("the repository says %+v", status)
	}
	if len(status.Branches) != 2 || status.Branches[0].Name != "env/development" || status.Branches[1] != (kube.Branch{Name: "main", Commit: commit1}) {
		t.Errorf("branches %v", status.Branches)
	}
}

// An unmoved branch costs one request, and writes nothing.
func TestAnUnmovedBranchIsOnlyLookedAt(t *testing.T) {
	here := newHouse(t, nil)
	here.look(t)
	for range 3 {
		if after, writes := here.look(t); after != interval || len(writes) != 0 {
			t.Errorf("again after %v, wrote %v", after, writes)
		}
	}
	if here.remote.merged != 1 || here.remote.looked != 4 || len(here.opened) != 1 {
		t.Errorf("merged %d, looked %d, opened %v", here.remote.merged, here.remote.looked, here.opened)
	}
	here.remote.tip = commit2
	if _, writes := here.look(t); here.remote.merged != 2 || !slices.Contains(writes, "apply tumour.development") {
		t.Errorf("the branch moved: merged %d, wrote %v", here.remote.merged, writes)
	}
}

func TestAJudgementThatIsTheSameAgainWritesNothing(t *testing.T) {
	here := newHouse(t, nil)
	here.remote.states = []*promotion.State{done(), denied(strings.Repeat("ü", 3000))}
	here.look(t)
	here.start() // another process
	if _, writes := here.look(t); len(writes) != 0 || here.remote.merged != 2 {
		t.Errorf("wrote %v in %d runs", writes, here.remote.merged)
	}
}

// What a change does not bear on keeps its object: one changed model among a
// thousand writes one object.
func TestWhatIsUnchangedIsNotWritten(t *testing.T) {
	here := newHouse(t, nil)
	here.remote.states = []*promotion.State{done(), denied("gap")}
	here.look(t)
	unchanged := denied("gap")
	unchanged.Unchanged = true
	here.remote.tip, here.remote.states = commit2, []*promotion.State{done(), unchanged}
	if _, writes := here.look(t); slices.ContainsFunc(writes, func(write string) bool { return strings.HasSuffix(write, "tumour.staging") }) {
		t.Errorf("wrote %v", writes)
	}
	if here.promotion(t, "tumour.development").Spec.Commit != commit2 || here.promotion(t, "tumour.staging").Spec.Commit != commit1 {
		t.Error("the commits are not those of the last judgements")
	}
}

func TestAPromotionThatIsNoMoreLosesItsObject(t *testing.T) {
	here := newHouse(t, nil)
	here.remote.states = []*promotion.State{done(), denied("gap")}
	here.look(t)
	here.remote.tip, here.remote.states = commit2, []*promotion.State{done()}
	if _, writes := here.look(t); !slices.Contains(writes, "delete tumour.staging") || slices.Contains(writes, "delete tumour.development") {
		t.Errorf("wrote %v", writes)
	}
}

func TestEvidenceAgesSoAnUnmovedBranchIsJudgedAnew(t *testing.T) {
	here := newHouse(t, nil)
	here.look(t)
	here.clock.pass(anew + time.Second)
	if here.look(t); here.remote.merged != 2 {
		t.Errorf("merged %d times", here.remote.merged)
	}
}

// An error leaves every promotion where it was, is tried again soon, and is
// told; once it is over, the repository says so even at the old commit.
func TestAnErrorIsToldTriedAgainAndForgotten(t *testing.T) {
	here := newHouse(t, nil)
	here.look(t)
	here.remote.tip, here.remote.err, here.remote.states = commit2, errors.New("the registry did not answer"), nil
	if after, _ := here.look(t); after != slowly {
		t.Errorf("again after %v", after)
	}
	status := here.repository(t).Status
	if status.Commit != commit1 || saying(status.Conditions, "Ready") != "False Error" || saying(status.Conditions, "Reconciling") != "True ProgressingWithRetry" {
		t.Errorf("the repository says %+v", status)
	}
	if len(here.promotion(t, "tumour.development").Status.Conditions) == 0 {
		t.Error("the promotion lost what it said")
	}
	here.remote.tip, here.remote.err, here.remote.states = commit1, nil, []*promotion.State{done()}
	here.look(t)
	if status := here.repository(t).Status; saying(status.Conditions, "Ready") != "True Reconciled" || saying(status.Conditions, "Reconciling") != "" {
		t.Errorf("back at the old commit the repository still says %+v", status)
	}
}

// Each kind of trouble is told with its remedy, says whether a person must act,
// and says when to come back.
func TestTroubleIsToldWithItsRemedy(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		ready  string
		stuck  bool
		remedy string
	}{
		"a repository that is gone": {fmt.Errorf("fetching: %w", fs.ErrNotExist), "False RepositoryNotFound", true, "was it moved or deleted"},
		"a password that is wrong":  {fmt.Errorf("fetching: %w", fs.ErrPermission), "False AccessDenied", true, "are the credentials"},
		"a network that is down":    {errors.New("no route to host"), "False Error", false, "no route"},
	} {
		t.Run(name, func(t *testing.T) {
			here := newHouse(t, nil)
			here.remote.tipErr = test.err
			after, _ := here.look(t)
			status := here.repository(t).Status
			if saying(status.Conditions, "Ready") != test.ready || (saying(status.Conditions, "Stalled") != "") != test.stuck || (status.ObservedGeneration == 1) != test.stuck {
				t.Errorf("the repository says %+v", status)
			}
			if want := map[bool]time.Duration{true: seldom, false: slowly}[test.stuck]; after != want || here.remote.merged != 0 {
				t.Errorf("again after %v, merged %d times", after, here.remote.merged)
			}
			if event := <-here.events.Events; !strings.Contains(event, test.remedy) || !strings.HasPrefix(event, "Warning") {
				t.Errorf("event %q", event)
			}
			if _, writes := here.look(t); len(writes)+len(here.events.Events) != 0 {
				t.Errorf("told again: %v", writes)
			}
		})
	}
}

func TestASuspendedRepositoryIsLeftAlone(t *testing.T) {
	here := newHouse(t, func(repository *kube.Repository) { repository.Spec.Suspend = true })
	if after, _ := here.look(t); after != 0 || here.remote.looked+here.remote.merged != 0 {
		t.Errorf("again after %v, looked %d times", after, here.remote.looked)
	}
	if status := here.repository(t).Status; saying(status.Conditions, "Stalled") != "True Suspended" {
		t.Errorf("the repository says %+v", status)
	}
}

// News about the branch end a run between two phases; it begins again at once,
// and nothing of the ended one is told.
func TestANewCommitEndsTheRunAboutTheOldOne(t *testing.T) {
	here := newHouse(t, func(repository *kube.Repository) {
		repository.Spec.Forge = &kube.Forge{Provider: "none"}
	})
	here.remote.during = func(ctx context.Context) error {
		if here.remote.merged > 1 {
			return nil
		}
		here.Merged.going.news(promotions, commit1) // what it is about: no news
		if err := promotion.Interrupted(ctx); err != nil {
			t.Errorf("interrupted by what it is about: %v", err)
		}
		here.remote.tip = commit2
		here.Merged.going.news(promotions, commit2)
		return promotion.Interrupted(ctx)
	}
	after, writes := here.look(t)
	if after > time.Second || len(writes) != 1 || here.repository(t).Status.Commit != "" {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
	if here.look(t); here.repository(t).Status.Commit != commit2 {
		t.Errorf("the repository says %+v", here.repository(t).Status)
	}
}

// Merged work leaves a slot to pull requests, and holds no worker while it
// waits for one.
func TestMergedWorkWaitsOutsideOfTheWorkers(t *testing.T) {
	here := newHouse(t, nil)
	release, free := here.Merged.slots.try()
	if !free {
		t.Fatal("no slot is free")
	}
	if after, writes := here.look(t); after != often || len(writes) != 0 || here.remote.merged != 0 {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
	given, err := here.Merged.slots.wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given()
	release()
	if here.look(t); here.remote.merged != 1 {
		t.Error("the slot was lost")
	}
}

func TestNoIntervalIsTooShort(t *testing.T) {
	for _, interval := range []time.Duration{-time.Hour, 0, time.Nanosecond} {
		here := newHouse(t, func(repository *kube.Repository) { repository.Spec.Interval.Duration = interval })
		for range 2 {
			if after, _ := here.look(t); after < often || after > 2*often {
				t.Errorf("interval %v: again after %v", interval, after)
			}
		}
	}
}

func TestARepositoryThatIsGoneIsForgotten(t *testing.T) {
	here := newHouse(t, nil)
	here.look(t)
	if err := here.client.Delete(t.Context(), here.repository(t)); err != nil {
		t.Fatal(err)
	}
	if after, writes := here.look(t); after != 0 || len(writes) != 0 || len(here.Merged.settled.known) != 0 || here.Hooks.sites.known(promotions) != nil {
		t.Errorf("again after %v, wrote %v", after, writes)
	}
}

func TestAWriteThatFailsIsAnErrorAndNotSettled(t *testing.T) {
	here := newHouse(t, nil)
	full := errors.New("etcd is full")
	here.refuse = func(verb, _ string) error {
		if verb == "apply" {
			return full
		}
		return nil
	}
	if _, err := here.Merged.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions}); !errors.Is(err, full) || !strings.Contains(err.Error(), "tumour.development") {
		t.Errorf("error is %v", err)
	}
	if here.refuse = nil; len(here.Merged.settled.known) != 0 {
		t.Error("the commit counts as shown")
	}
	if _, writes := here.look(t); !slices.Contains(writes, "apply tumour.development") {
		t.Errorf("wrote %v", writes)
	}
}

// A status that the API server refuses whole still says Ready and why; once it
// fits again, what was written in its place is taken away.
func TestAStatusThatIsTooLargeStillSaysItsConditions(t *testing.T) {
	here := newHouse(t, nil)
	here.remote.states = []*promotion.State{denied("gap")}
	here.refuse = func(verb, object string) error {
		if verb == "status by "+ownerOfMerged && object == "tumour.staging" {
			return apierrors.NewRequestEntityTooLargeError("limit is 3145728")
		}
		return nil
	}
	if _, writes := here.look(t); !slices.Contains(writes, "status by assay-reconciler-fallback tumour.staging") {
		t.Errorf("wrote %v", writes)
	}
	shown := here.promotion(t, "tumour.staging").Status
	if saying(shown.Conditions, "Ready") != "False Denied" || len(shown.Findings) != 0 {
		t.Errorf("shown %+v", shown)
	}
	allowed := done()
	allowed.Request.Environment = "staging"
	here.refuse, here.remote.tip, here.remote.states = nil, commit2, []*promotion.State{allowed}
	here.look(t)
	if shown := here.promotion(t, "tumour.staging").Status; saying(shown.Conditions, "Ready") != "True Delivered" || saying(shown.Conditions, "Stalled") != "" {
		t.Errorf("shown %+v", shown)
	}
}

// Two repositories that promote one model to one environment do not write each
// other's objects in turns.
func TestAPromotionBelongsToOneRepository(t *testing.T) {
	other := &kube.Promotion{ObjectMeta: metav1.ObjectMeta{Namespace: promotions.Namespace, Name: "tumour.development", OwnerReferences: []metav1.OwnerReference{
		{APIVersion: "assay.dev/v1alpha1", Kind: "Repository", Name: "other", UID: "u2", Controller: new(true)},
	}}, Spec: kube.PromotionSpec{Repository: "other"}}
	here := newHouse(t, nil, other)
	if _, err := here.Merged.Reconcile(t.Context(), ctrl.Request{NamespacedName: promotions}); err == nil || !strings.Contains(err.Error(), "hint: another repository") {
		t.Errorf("error is %v", err)
	}
	if shown := here.promotion(t, "tumour.development"); shown.Spec.Repository != "other" {
		t.Errorf("shown %+v", shown.Spec)
	}
}

func secret(called string, data map[string]string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: promotions.Namespace, Name: called}, StringData: data, Data: bytesOf(data)}
}

func bytesOf(text map[string]string) map[string][]byte {
	data := map[string][]byte{}
	for key, value := range text {
		data[key] = []byte(value)
	}
	return data
}
