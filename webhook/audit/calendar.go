package audit

import (
	"context"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// How far the calendar looks ahead: a season for what runs, and for everything
// else just beyond the next look, so that the list of what is admissible is never
// late.
const (
	season    = 90 * 24 * time.Hour
	fortnight = 14 * 24 * time.Hour // in which a release that ends is warned of
	twoDays   = 2 * 24 * time.Hour
	lookAgain = 24 * time.Hour
	retry     = time.Minute // after an error
)

// outlook is what the judge says of a release now, and the first thing that it
// will say against it.
type outlook struct {
	allowed bool
	until   time.Time // the minute from which it is denied; zero when none is foreseen
	rule    string    // the first that denies, or that will
	message string
	denials int
	verdict evidence.Digest // of the verdict now
	judged  time.Time       // the instant that it is about
	policy  string
}

// ask is what the judge says at an instant.
type ask = func(ctx context.Context, at time.Time) (gates.Verdict, error)

// foresee asks about now, about each instant at which a key begins or ceases to
// count, and about the end of the time ahead; and where the first of these is
// denied, for the minute. Between two of them a verdict only gets worse: evidence
// ages, approvals and waivers end.
func foresee(ctx context.Context, judge ask, now time.Time, changes []time.Time, ahead time.Duration) (outlook, error) {
	present, err := judge(ctx, now)
	if err != nil {
		return outlook{}, err
	}
	found := outlook{allowed: present.Allowed(), policy: present.Policy, verdict: digestOf(present), judged: now}
	if !found.allowed {
		found.tell(present)
		return found, nil
	}
	good := now
	for _, at := range append(slices.Clone(changes), now.Add(ahead)) {
		verdict, err := judge(ctx, at)
		if err != nil {
			return outlook{}, err
		}
		if verdict.Allowed() {
			good = at
			continue
		}
		if found.until, verdict, err = bisect(ctx, judge, good, at, verdict); err != nil {
			return outlook{}, err
		}
		found.tell(verdict)
		break
	}
	return found, nil
}

// bisect finds the first whole minute that is denied, and what is said then.
func bisect(ctx context.Context, judge ask, good, bad time.Time, denial gates.Verdict) (time.Time, gates.Verdict, error) {
	low, high := good.Unix()/60, (bad.Unix()+59)/60
	for high-low > 1 {
		middle := (low + high) / 2
		verdict, err := judge(ctx, time.Unix(middle*60, 0).UTC())
		if err != nil {
			return time.Time{}, gates.Verdict{}, err
		}
		if verdict.Allowed() {
			low = middle
		} else {
			high, denial = middle, verdict
		}
	}
	return time.Unix(high*60, 0).UTC(), denial, nil
}

// tell names the denial that says most: one that lacks its evidence is often the
// consequence of another.
func (o *outlook) tell(verdict gates.Verdict) {
	denials := verdict.Denials()
	o.denials = len(denials)
	if len(denials) == 0 {
		o.message = "no rule was evaluated"
		return
	}
	telling := slices.IndexFunc(denials, func(one gates.Finding) bool { return one.State != gates.Missing })
	first := denials[max(telling, 0)]
	o.rule, o.message = first.Rule, first.Message
}
