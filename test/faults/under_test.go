package faults

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/test/load"
)

// fault is what happens to a busy door.
type fault struct {
	name string
	// harm does it. Refusals are forgiven from forgive until that much later, and
	// at no other time.
	harm func(s *siege, forgive func(long time.Duration))
}

// ledger is what the questions of one fault were answered.
type ledger struct {
	mutex    sync.Mutex
	wrong    int
	refused  map[string]int // unforgiven
	forgiven int
	until    time.Time // refusals are forgiven until then
}

func (l *ledger) forgive(long time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.until = time.Now().Add(long)
}

// enter takes an answer to a question that was asked then: one that was asked
// while refusals were forgiven may be refused later.
func (l *ledger) enter(asked time.Time, wrong bool, refused string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	switch {
	case wrong:
		l.wrong++
	case refused != "" && asked.Before(l.until):
		l.forgiven++
	case refused != "":
		l.refused[refused]++
	}
}

// errRefused makes the tally count what the ledger has.
var errRefused = errors.New("refused, or worse")

// under asks at the rate, lets the fault happen, and goes on asking for a while.
func (s *siege) under(one fault) {
	s.t.Helper()
	entered := &ledger{refused: map[string]int{}}
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	asked := make(chan *load.Tally)
	go func() {
		asked <- load.Rate{PerSecond: s.rate, For: time.Hour}.Run(ctx, func(_ context.Context, n int) error {
			return s.ask(entered, s.questions[n%len(s.questions)])
		})
	}()
	time.Sleep(s.lull)
	one.harm(s, entered.forgive)
	time.Sleep(s.lull)
	stop()
	tally := <-asked
	s.t.Logf("%s: %d asked, %.0f/s, p50 %s, p99 %s, longest %s; %d refused, of which %d are forgiven",
		one.name, tally.Asked, tally.PerSecond(), tally.Within(0.5), tally.Within(0.99), tally.Longest, tally.Wrong-entered.wrong, entered.forgiven)
	if entered.wrong > 0 || len(entered.refused) > 0 {
		s.t.Errorf("%s: %d wrong admissions; refused: %v", one.name, entered.wrong, entered.refused)
	}
	if tally.Asked < s.rate {
		s.t.Errorf("%s: only %d questions were asked", one.name, tally.Asked)
	}
}

func (s *siege) ask(entered *ledger, asked question) error {
	when := time.Now()
	wrong, refused := judge(asked, s.answer(s.t.Context(), asked))
	entered.enter(when, wrong, refused)
	if wrong || refused != "" {
		return errRefused
	}
	return nil
}
