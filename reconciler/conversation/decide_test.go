package conversation

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func possible() map[string]*Judged {
	one := report.Promotion{Allowed: true, Verdict: gates.Verdict{Evaluated: []string{"model.bias.rule"}}}
	stopped := report.Promotion{Error: "the registry is down"}
	told := func(promotions []report.Promotion, err error) *Judged {
		return &Judged{Report: report.New("c", promotions, err)}
	}
	return map[string]*Judged{
		"none": nil, "allowed": told([]report.Promotion{one}, nil), "denied": told([]report.Promotion{{}}, nil), "empty": told(nil, nil),
		"half": told([]report.Promotion{one, stopped}, nil), "error": told([]report.Promotion{one}, errors.New("x")),
	}
}

// each calls back with everything that can be known of a pull request: some
// ten thousand combinations.
func each(tell func(known seen, options Options)) {
	yes := func(context.Context, forge.PullRequest, []forge.Review, report.Report) (bool, string, error) {
		return true, "", nil
	}
	for _, merging := range []Merging{nil, yes} {
		for _, branch := range []string{"main", "", "other"} {
			for _, pull := range pulls() {
				for _, judged := range possible() {
					for _, permit := range []*permit{nil, {merge: true}, {waits: "for a review"}} {
						for _, content := range []*Content{nil, {}, {Affects: true}} {
							for _, consent := range []*consent{nil, {}, {given: true}} {
								for _, failure := range []error{nil, errors.New("down"), &Mistake{Err: errors.New("conflict")}} {
									known := seen{pull: pull, announced: true, consent: consent, content: content, judged: judged, failure: failure, permit: permit}
									tell(known, Options{Branch: branch, Clock: time.Now, Merge: merging})
								}
							}
						}
					}
				}
			}
		}
	}
}

func pulls() []forge.PullRequest {
	var all []forge.PullRequest
	for _, state := range []forge.State{forge.Open, forge.Merged, forge.Closed} {
		for _, base := range []string{"", "b"} {
			for _, odd := range []forge.PullRequest{{}, {Draft: true}, {Fork: true}} {
				odd.State, odd.BaseCommit, odd.Base, odd.Head = state, base, "main", "h"
				all = append(all, odd)
			}
		}
	}
	return all
}

// Whatever else is known: what is merged is open, of ours, whole, allowed and
// permitted, and its verdict is said first.
func TestAMergeIsDecidedOnOnlyWhenEverythingSpeaksForIt(t *testing.T) {
	merged := 0
	each(func(known seen, options Options) {
		next := decide(known, options)
		if next.step != merge {
			return
		}
		merged++
		fine := known.pull.State == forge.Open && known.pull.Base == options.Branch && known.pull.BaseCommit != "" && !known.pull.Fork && !known.pull.Draft &&
			known.failure == nil && known.content.Affects && known.judged.Report.Allowed && known.judged.final() && len(known.judged.Report.Promotions) > 0 &&
			options.Merge != nil && known.permit.merge
		said := len(next.checks) == 1+len(report.Gates()) && next.checks[0].Outcome == forge.Passed && next.comment != nil
		if !fine || !said {
			t.Fatalf("%+v would be merged, saying %+v", known, next)
		}
	})
	if merged == 0 {
		t.Error("nothing is ever merged")
	}
}

// A check passes only where something was judged and allowed.
func TestASummaryPassesOnlyWithAVerdictThatAllows(t *testing.T) {
	each(func(known seen, options Options) {
		next := decide(known, options)
		if len(next.checks) == 0 {
			return
		}
		switch outcome := next.checks[0].Outcome; {
		case outcome == forge.Passed && (known.judged == nil || !known.judged.Report.Allowed || known.failure != nil):
			t.Fatalf("%+v passes", known)
		case outcome == forge.Unaffected && known.content.Affects && !known.judged.empty():
			t.Fatalf("%+v is unaffected", known)
		case outcome == forge.Pending && next.step == rest:
			t.Fatalf("%+v is left pending", known)
		}
	})
}

// A fork is not weighed, nor checked, before somebody vouches for it.
func TestAForkIsNotTouchedWithoutConsent(t *testing.T) {
	each(func(known seen, options Options) {
		next := decide(known, options)
		if known.pull.Fork && (next.step == weigh || next.step == check) && (known.consent == nil || !known.consent.given) {
			t.Fatalf("%+v would be looked into", known)
		}
	})
}

// A look ends: whatever a step finds out, the next is another one.
func TestNoStepIsTakenTwice(t *testing.T) {
	each(func(known seen, options Options) {
		next := decide(known, options).step
		switch next {
		case ask:
			known.consent = &consent{given: true}
		case weigh:
			known.content = &Content{Affects: true}
		case check:
			known.judged = possible()["allowed"]
		case allow:
			known.permit = &permit{merge: true}
		case merge:
			known.merged = "m"
		default:
			return
		}
		if again := decide(known, options).step; again == next {
			t.Fatalf("%+v: step %d is taken again", known, next)
		}
	})
}
