package webhook

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

// freezing is a kill switch that was made an hour before noon.
func freezing(name string, environments ...string) *kube.Freeze {
	return &kube.Freeze{
		ObjectMeta: metav1.ObjectMeta{Name: name, CreationTimestamp: metav1.NewTime(noon.Add(-time.Hour))},
		Spec:       kube.FreezeSpec{Environments: environments, Reason: "the ward moves", By: "ruiz@example.org"},
	}
}

// aged is a release whose object was made at some time.
func aged(t testing.TB, signer measurer, name string, created time.Time) *kube.Release {
	t.Helper()
	release := signer.release(t, name, model, staging, servingDigest)
	release.CreationTimestamp = metav1.NewTime(created)
	return release
}

// What was here before starts again, whatever restarts, scales or reschedules it;
// what came later waits, and is told until when.
func TestAFreezeLetsInWhatWasHereBefore(t *testing.T) {
	handler, signer := newWard(t)
	memory := handler.Door.Memory
	weekend := freezing("weekend", staging)
	weekend.Spec.From, weekend.Spec.Until = noon.Add(-time.Hour).Format(time.RFC3339), noon.Add(time.Hour).Format(time.RFC3339)
	again := freezing("nightly")
	again.Spec.Schedule, again.Spec.Duration = "30 10 * * *", "4h"
	for name, story := range map[string]struct {
		order   *kube.Freeze
		created time.Time // of the release
		want    string    // empty: it is let in
	}{
		"it was here before":              {freezing("stop"), noon.Add(-2 * time.Hour), ""},
		"it came later":                   {freezing("stop"), noon.Add(-time.Minute), "workload.freeze: spec.volumes[0].image brings " + releasedDigest + ", which is new here, and " + staging + " is frozen by stop (ruiz@example.org) until somebody lifts it: the ward moves"},
		"nobody knows since when":         {freezing("stop"), time.Time{}, "is frozen by stop"},
		"it came with the freeze":         {freezing("stop"), noon.Add(-time.Hour), "is frozen by stop"},
		"a window":                        {weekend, noon.Add(-time.Minute), "is frozen by weekend (ruiz@example.org) until " + noon.Add(time.Hour).UTC().Format(time.RFC3339)},
		"a schedule, here since the week": {again, noon.AddDate(0, 0, -7), ""},
		"a schedule, here since a minute": {again, noon.Add(-time.Minute), "is frozen by nightly"},
		"somewhere else":                  {freezing("stop", "production"), noon.Add(-time.Minute), ""},
		"a window that nobody can read":   {&kube.Freeze{ObjectMeta: weekend.ObjectMeta, Spec: kube.FreezeSpec{Reason: "x", Schedule: "soon"}}, noon.Add(-time.Minute), "is frozen by weekend"},
	} {
		memory.known = map[place]acquaintance{}
		memory.Remember(aged(t, signer, "released", story.created))
		memory.Freeze(story.order)
		response := handler.Handle(t.Context(), serving(t))
		if response.Allowed != (story.want == "") || !response.Allowed && !strings.Contains(response.Result.Message, story.want) {
			t.Errorf("%s: %+v", name, response.Result)
		}
		if response := handler.Handle(t.Context(), updating(serving(t))); !response.Allowed {
			t.Errorf("%s: an update that changes nothing: %s", name, response.Result.Message)
		}
		memory.Thaw(story.order.Name)
		if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
			t.Errorf("%s, lifted: %s", name, response.Result.Message)
		}
	}
}

// The freeze ends at its instant, and begins at it; nothing has to arrive for that.
func TestAFreezeEndsByItself(t *testing.T) {
	handler, _ := newWard(t)
	order := freezing("night")
	order.Spec.From, order.Spec.Until = noon.Add(time.Minute).Format(time.RFC3339), noon.Add(2*time.Minute).Format(time.RFC3339)
	handler.Door.Memory.Freeze(order)
	for _, story := range []struct {
		after time.Duration
		open  bool
	}{{0, true}, {time.Minute - 1, true}, {time.Minute, false}, {2*time.Minute - 1, false}, {2 * time.Minute, true}, {time.Minute, false}} {
		handler.Clock = func() time.Time { return noon.Add(story.after) }
		if response := handler.Handle(t.Context(), serving(t)); response.Allowed != story.open {
			t.Errorf("after %s: %+v", story.after, response.Result)
		}
	}
}

// A rollback brings a Release object anew; so does a cluster that is built anew.
// The freeze says which releases were there before, and every freeze must.
func TestAFreezeNamesWhatWasThere(t *testing.T) {
	handler, signer := newWard(t)
	memory := handler.Door.Memory
	memory.Remember(aged(t, signer, "released", noon.Add(-time.Minute)))
	naming := freezing("delivered")
	naming.Spec.Known = []string{string(evidence.Sum([]byte("another"))), releasedDigest}
	memory.Freeze(naming)
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("what the freeze names: %s", response.Result.Message)
	}
	memory.Freeze(freezing("in-a-hurry"))
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed || !strings.Contains(response.Result.Message, "workload.freeze") {
		t.Errorf("what one of two freezes names: %+v", response.Result)
	}
}

// What runs starts again, however it came in.
func TestAFreezeStopsNoRestart(t *testing.T) {
	handler, signer := newWard(t)
	memory := handler.Door.Memory
	memory.Freeze(freezing("stop"))
	running := aged(t, signer, "released", noon.Add(-time.Minute))
	running.Status.Workloads = 1
	memory.Remember(running)
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("a restart: %s", response.Result.Message)
	}
	memory.Remember(aged(t, signer, "released", noon.Add(-time.Minute)))
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed {
		t.Error("it came during the freeze, and runs no more")
	}
}

// Neither the door's restart nor that of the Release makes a release new.
func TestAReleaseThatComesBackIsNotNew(t *testing.T) {
	handler, signer := newWard(t)
	memory := handler.Door.Memory
	memory.Remember(aged(t, signer, "released", noon.Add(-2*time.Hour)))
	memory.Freeze(freezing("stop"))
	memory.Forget("released")
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed {
		t.Error("a model without a Release")
	}
	memory.Remember(aged(t, signer, "released", noon.Add(-time.Minute)))
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("it came back: %s", response.Result.Message)
	}
	again, _ := stored(t, handler, saved(t, handler))
	if response := again.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("after a restart: %s", response.Result.Message)
	}
	again.Door.Memory.known = map[place]acquaintance{}
	if response := again.Handle(t.Context(), serving(t)); response.Allowed || !strings.Contains(response.Result.Message, "workload.freeze") {
		t.Errorf("the freeze was forgotten: %+v", response.Result)
	}
	again.Door.Memory.settle()
	if out, _ := again.Door.Memory.Frozen(staging, releasedDigest, noon); out {
		t.Error("it was lifted while the door was away")
	}
}

// A store of a version that knew no freezes says nothing of them.
func TestOrdersWithoutFreezesAreNotKnown(t *testing.T) {
	if err := newOrders().recall([]byte(`{"quarantines": {}, "glasses": {}}`)); err == nil {
		t.Error("it was taken for a word that there is none")
	}
}

// Somebody who answers for it opens a freeze; a kill switch, too.
func TestABreakGlassOpensAFreeze(t *testing.T) {
	handler, people := burning(t)
	handler.Door.Memory.Freeze(freezing("stop"))
	handler.Door.Memory.BreakGlass(people.smash(t, "open", glassOf(model), model))
	response := handler.Handle(t.Context(), serving(t))
	if !response.Allowed || len(response.Warnings) == 0 || !strings.Contains(strings.Join(response.Warnings, " "), "workload.freeze") {
		t.Errorf("%+v %v", response.Result, response.Warnings)
	}
}

// What freezes say is reckoned once as long as they say it, for whoever asks.
func TestASeasonIsReckonedOnce(t *testing.T) {
	o := newOrders()
	window, _ := calendar.Parse(calendar.Text{Schedule: "0 11 * * *", Duration: "2h"})
	one := &freeze{name: "noon", window: window}
	o.freezes.put("noon", one)
	first := o.season(staging, noon)
	one.window = calendar.Window{}
	if again := o.season(staging, first.until.Add(-1)); again.frozen != first.frozen {
		t.Errorf("until %s it was reckoned again: %+v", first.until, again.frozen)
	}
	if later := o.season(staging, first.until); later.frozen == first.frozen {
		t.Errorf("from %s on it was not", first.until)
	}
	if before := o.season(staging, noon.Add(-1)); before.frozen == first.frozen {
		t.Error("a clock that goes back was trusted")
	}
}
