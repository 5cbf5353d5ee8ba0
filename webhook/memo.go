package webhook

import (
	"context"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// memoLife is how long a model's verdict is used again. Evidence expires by
// the day (a data use agreement, an ethics decision, a vulnerability
// database), so a minute late is early enough; without the memo each pod of a
// rollout would cost a hundred rule evaluations.
const memoLife = time.Minute

// memo is what the judge said of one release, by profile. The verdict is a pure
// function of evidence, environment, profile, policy and time. Evidence,
// environment and trust are fixed for a release, the policy is fixed for a
// process, so profile and time remain.
type memo struct {
	mutex   sync.Mutex // held while the judge is asked: a rollout asks once
	answers map[string]answered
}

// answered is the verdict, and the serving image that the security gate scanned.
type answered struct {
	verdict gates.Verdict
	image   evidence.Digest
}

// answer is the judge's of the last minute, or a new one. Errors are not
// remembered.
func (r *release) answer(ctx context.Context, court Judge, profile string, now time.Time) (answered, error) {
	r.memo.mutex.Lock()
	defer r.memo.mutex.Unlock()
	if known, ok := r.memo.answers[profile]; ok && !now.Before(known.verdict.Time) && now.Sub(known.verdict.Time) < memoLife {
		return known, nil
	}
	opened := r.open(ctx)
	verdict, err := court.Judge(ctx, judge.Question{
		Environment: r.place.environment, Profile: profile, Time: now,
		Model: &judge.Model{Release: r.subject, Evidence: opened},
	})
	if err != nil {
		return answered{}, err
	}
	if r.memo.answers == nil {
		r.memo.answers = map[string]answered{}
	}
	r.memo.answers[profile] = answered{verdict, scanned(opened.Statements)}
	return r.memo.answers[profile], nil
}
