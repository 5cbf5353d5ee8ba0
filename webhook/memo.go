package webhook

import (
	"context"
	"fmt"
	"maps"
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

// memo is what the judge said of one release. The verdict is a pure function of
// evidence, trust, environment, profile, policy and time. The first three are
// fixed for a release (another evidence or trust is another release, with an
// empty memo), the next two are the key, and time ends it.
type memo struct {
	mutex    sync.Mutex // never held while the judge is asked
	hearings map[key]*hearing
}

// key is what a release does not fix.
type key struct{ profile, policy string }

// hearing is one question to the judge. While it goes on, others who would ask
// the same wait for it: a rollout asks once.
type hearing struct {
	over   chan struct{} // closed when answer and err are there
	at     time.Time     // the instant that was asked about
	answer answered
	err    error
}

// holds says whether it answers for that instant: from its own on, for a while. A
// clock that goes back is not trusted.
func (h *hearing) holds(now time.Time) bool {
	return !now.Before(h.at) && now.Before(h.at.Add(memoLife))
}

// hold asks. Nobody else stands between a panic and the end of the process.
func (h *hearing) hold(ask func() (answered, error)) {
	defer func() {
		if cause := recover(); cause != nil {
			h.err = fmt.Errorf("the judge broke: %v", cause)
		}
	}()
	h.answer, h.err = ask()
}

// answered is the verdict, and the serving image that the security gate scanned.
type answered struct {
	verdict gates.Verdict
	image   evidence.Digest
}

// answer is the judge's of the last minute, or a new one. Errors are not
// remembered.
func (r *release) answer(ctx context.Context, court Judge, profile string, now time.Time) (answered, error) {
	heard := r.memo.hear(key{profile, policyOf(court)}, now, func() (answered, error) {
		// Whoever asks first may go away; others wait for the same answer.
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), reviewTime, errNoAnswer)
		defer cancel()
		return r.ask(ctx, court, profile, now)
	})
	select {
	case <-heard.over:
		return heard.answer, heard.err
	case <-ctx.Done():
		return answered{}, context.Cause(ctx)
	}
}

// ask opens the evidence, and asks the judge about it.
func (r *release) ask(ctx context.Context, court Judge, profile string, now time.Time) (answered, error) {
	opened := r.open(ctx)
	verdict, err := court.Judge(ctx, judge.Question{
		Environment: r.place.environment, Profile: profile, Time: now,
		Model: &judge.Model{Release: r.subject, Evidence: opened},
	})
	return answered{verdict, scanned(opened.Statements)}, err
}

// hear joins the hearing that answers for now, or begins one.
func (m *memo) hear(about key, now time.Time, ask func() (answered, error)) *hearing {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if known := m.hearings[about]; known != nil && known.holds(now) {
		return known
	}
	begun := &hearing{over: make(chan struct{}), at: now}
	m.keep(about, begun)
	go func() {
		defer close(begun.over)
		if begun.hold(ask); begun.err != nil {
			m.forget(about, begun)
		}
	}()
	return begun
}

// renew asks again when the last answer will soon have ended. That one is given
// until there is another.
func (r *release) renew(ctx context.Context, court Judge, profile string, now time.Time) error {
	about := key{profile, policyOf(court)}
	if r.memo.isNew(about, now) {
		return nil
	}
	begun := &hearing{over: make(chan struct{}), at: now}
	begun.hold(func() (answered, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, reviewTime, errNoAnswer)
		defer cancel()
		return r.ask(ctx, court, profile, now)
	})
	close(begun.over)
	if begun.err != nil {
		return begun.err
	}
	r.memo.mutex.Lock()
	defer r.memo.mutex.Unlock()
	r.memo.keep(about, begun)
	return nil
}

func (m *memo) isNew(about key, now time.Time) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	known := m.hearings[about]
	return known != nil && known.holds(now) && now.Before(known.at.Add(renewAfter))
}

// keep drops what other policies said: only one sits.
func (m *memo) keep(about key, begun *hearing) {
	if m.hearings == nil {
		m.hearings = map[key]*hearing{}
	}
	maps.DeleteFunc(m.hearings, func(other key, _ *hearing) bool { return other.policy != about.policy })
	m.hearings[about] = begun
}

func (m *memo) forget(about key, failed *hearing) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.hearings[about] == failed {
		delete(m.hearings, about)
	}
}
