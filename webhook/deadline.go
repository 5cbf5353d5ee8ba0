package webhook

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// queueTime is how long a question waits for a room. It leaves the rest of
// reviewTime for the answer, and is shorter than it, so that a door which is
// overloaded says so instead of saying nothing.
const queueTime = time.Second

// rooms is how many evaluations go on at a time. They keep a processor busy, so
// more than there are processors make each of them slower; a few more are
// there because one that was given up still has its room until it ends.
func rooms() int { return 4 * max(2, runtime.GOMAXPROCS(0)) }

// errNoAnswer is why a review ended.
var errNoAnswer = fmt.Errorf("no answer in %s", reviewTime)

// punctual is a Judge that answers before its caller's patience ends, whatever
// the evaluation does: OPA looks at the context between two steps, and not
// within one (https://github.com/open-policy-agent/opa/issues/8326). An
// evaluation that was given up keeps its room until it ends, so there are never
// more of them than rooms.
type punctual struct {
	judge Judge
	rooms chan struct{}
	crew  crew
}

// crew hands evaluations to goroutines that have just ended one: the stack of a
// new one grows step by step to what an evaluation needs, which costs a seventh
// of a review. The zero crew has nobody who waits.
type crew chan func()

// idleTime is how long a goroutine waits for the next evaluation.
const idleTime = 5 * time.Second

func (c crew) run(work func()) {
	select {
	case c <- work:
	default:
		go c.stay(work)
	}
}

func (c crew) stay(work func()) {
	idle := time.NewTimer(idleTime)
	defer idle.Stop()
	for {
		if work(); c == nil {
			return
		}
		idle.Reset(idleTime)
		select {
		case work = <-c:
		case <-idle.C:
			return
		}
	}
}

// told is what an evaluation came to.
type told struct {
	verdict gates.Verdict
	err     error
}

// Judge answers, or says why it does not.
func (p punctual) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	if err := p.enter(ctx); err != nil {
		return gates.Verdict{}, err
	}
	answer := make(chan told, 1)
	p.crew.run(func() {
		defer func() { <-p.rooms }()
		answer <- unbroken(ctx, p.judge, question)
	})
	select {
	case told := <-answer:
		if told.err != nil && ctx.Err() != nil {
			return gates.Verdict{}, context.Cause(ctx)
		}
		return told.verdict, told.err
	case <-ctx.Done():
		return gates.Verdict{}, context.Cause(ctx)
	}
}

// enter takes a room, when one is free soon enough.
func (p punctual) enter(ctx context.Context) error {
	select {
	case p.rooms <- struct{}{}:
		return nil
	default:
	}
	patience := time.NewTimer(queueTime)
	defer patience.Stop()
	select {
	case p.rooms <- struct{}{}:
		return nil
	case <-patience.C:
		return fmt.Errorf("overloaded: %d evaluations go on, and no room was free for %s", cap(p.rooms), queueTime)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// unbroken makes an error of a panic: it would end the process, since nobody waits
// in the goroutine that it happens in.
func unbroken(ctx context.Context, judge Judge, question judge.Question) (answer told) {
	defer func() {
		if cause := recover(); cause != nil {
			answer = told{err: fmt.Errorf("the judge broke: %v", cause)}
		}
	}()
	answer.verdict, answer.err = judge.Judge(ctx, question)
	return answer
}

// noAnswer is the error of a review whose time is over, in place of the one by
// which somebody noticed.
func noAnswer(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errNoAnswer) && !errors.Is(err, errNoAnswer) {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return err
}
