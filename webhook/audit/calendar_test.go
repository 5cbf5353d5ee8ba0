package audit

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// oracle allows until an instant, but for a gap, and counts its questions.
type oracle struct {
	until, gapFrom, gapUntil time.Time
	asked                    int
}

func (o *oracle) judge(_ context.Context, at time.Time) (gates.Verdict, error) {
	o.asked++
	verdict := gates.Verdict{Evaluated: []string{"model.a", "model.b"}, Policy: "sha256:p", Time: at}
	if !at.Before(o.until) || !at.Before(o.gapFrom) && at.Before(o.gapUntil) {
		verdict.Findings = []gates.Finding{
			{Rule: "model.a", State: gates.Missing, Severity: gates.Deny, Message: "there is no evidence"},
			{Rule: "model.b", State: gates.Failed, Severity: gates.Deny, Message: "it is old"},
		}
	}
	return verdict, nil
}

func TestTheEndIsFoundToTheMinute(t *testing.T) {
	for name, end := range map[string]time.Time{
		"in a minute": noon.Add(time.Minute), "in seconds": noon.Add(5 * time.Second), "within a minute": noon.Add(time.Hour + 30*time.Second),
		"on the last day": noon.Add(season - time.Second), "midnight": time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		o := &oracle{until: end}
		found, err := foresee(t.Context(), o.judge, noon.Add(7*time.Second+9), nil, season)
		if name == "in seconds" {
			if err != nil || found.allowed || found.rule != "model.b" {
				t.Errorf("%s: %+v, %v", name, found, err)
			}
			continue
		}
		want := end.Add(time.Minute - 1).Truncate(time.Minute)
		if err != nil || !found.allowed || !found.until.Equal(want) || found.rule != "model.b" || found.message != "it is old" || found.denials != 2 {
			t.Errorf("%s: %s, want %s: %+v, %v", name, found.until, want, found, err)
		}
		if o.asked > 20 {
			t.Errorf("%s: %d questions", name, o.asked)
		}
	}
}

func TestWhatStaysCostsTwoQuestions(t *testing.T) {
	o := &oracle{until: noon.Add(season + time.Hour)}
	found, err := foresee(t.Context(), o.judge, noon, nil, season)
	if err != nil || !found.allowed || !found.until.IsZero() || found.rule != "" || o.asked != 2 {
		t.Errorf("%+v after %d questions, %v", found, o.asked, err)
	}
}

// A verdict gets better only when a key begins to count, and those instants are
// asked about.
func TestAGapBetweenTwoKeysIsSeen(t *testing.T) {
	from, until := noon.Add(24*time.Hour), noon.Add(26*time.Hour)
	o := &oracle{until: noon.Add(10 * season), gapFrom: from, gapUntil: until}
	found, err := foresee(t.Context(), o.judge, noon, []time.Time{from, until}, season)
	if err != nil || !found.until.Equal(from) {
		t.Errorf("it ends at %s, want %s: %v", found.until, from, err)
	}
}

func TestAJudgeThatIsSilentForeseesNothing(t *testing.T) {
	for at := range 4 {
		o, asked := &oracle{until: noon.Add(time.Hour)}, 0
		_, err := foresee(t.Context(), func(ctx context.Context, instant time.Time) (gates.Verdict, error) {
			if asked++; asked > at {
				return gates.Verdict{}, errors.New("no answer")
			}
			return o.judge(ctx, instant)
		}, noon, nil, season)
		if err == nil {
			t.Errorf("silent after %d answers, and something is foreseen", at)
		}
	}
}

// FuzzTheEnd: whenever the end is, it is foreseen to the minute, or lies beyond
// what was looked at.
func FuzzTheEnd(f *testing.F) {
	f.Add(int64(0), int64(3600))
	f.Add(int64(59), int64(90*24*3600))
	f.Fuzz(func(t *testing.T, offset, seconds int64) {
		now := noon.Add(time.Duration(offset%86400) * time.Second)
		end := now.Add(time.Duration(seconds%(200*86400)) * time.Second)
		found, err := foresee(t.Context(), (&oracle{until: end}).judge, now, nil, season)
		switch {
		case err != nil:
			t.Fatal(err)
		case !now.Before(end):
			if found.allowed {
				t.Errorf("it ended %s ago, and is allowed", now.Sub(end))
			}
		case end.After(now.Add(season)):
			if !found.allowed || !found.until.IsZero() {
				t.Errorf("%+v", found)
			}
		case found.until.Before(end) || found.until.Sub(end) >= time.Minute:
			t.Errorf("it ends at %s, foreseen %s", end, found.until)
		}
	})
}

// The calendar is of evidence and keys as they will be: a release is told to end
// when its only key does.
func TestAReleaseEndsWithItsKey(t *testing.T) {
	w := newWorld(t)
	end := noon.Add(30 * 24 * time.Hour)
	w.key.Until = end
	w.memory.Trust(evidence.Trust{w.key})
	w.release("tumour-staging", model)
	w.create(pods.Resource, pod("a", model))
	w.pass()
	one := w.only()
	if !one.allowed || !one.until.Equal(end) || one.users != 1 || one.ahead != season {
		t.Fatalf("%+v", one)
	}
	w.now = end
	w.pass()
	if found := w.onShelf(pods.Resource, "a")[0].finding; w.only().allowed || found.result != fail {
		t.Errorf("after its end: %+v, the pod %s", w.only(), found.result)
	}
}

// only is the entry of the only release.
func (w *world) only() *entry {
	w.t.Helper()
	if len(w.releases) != 1 {
		w.t.Fatalf("%d releases", len(w.releases))
	}
	for _, one := range w.releases {
		return one
	}
	return nil
}
