package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"text/tabwriter"
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
	mutex       sync.Mutex
	wrong       int
	refused     map[string]int // unforgiven
	forgiven    map[string]int
	until       time.Time // refusals are forgiven until then
	first, last time.Time // questions that were refused
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
	if wrong {
		l.wrong++
	}
	if refused == "" {
		return
	}
	if l.first.IsZero() {
		l.first = asked
	}
	l.last = time.Now()
	if asked.Before(l.until) {
		l.forgiven[refused]++
	} else {
		l.refused[refused]++
	}
}

// errRefused makes the tally count what the ledger has.
var errRefused = errors.New("refused, or worse")

// under asks at the rate, lets the fault happen, and goes on asking for a while.
func (s *siege) under(one fault) {
	s.t.Helper()
	entered := &ledger{refused: map[string]int{}, forgiven: map[string]int{}}
	before, permitted := s.census.sum(), s.permitted.Load()
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	asked := make(chan *load.Tally)
	go func() {
		asked <- load.Rate{PerSecond: s.creates(), For: time.Hour}.Run(ctx, func(_ context.Context, n int) error {
			return s.ask(entered, s.questions[n%len(s.questions)])
		})
	}()
	time.Sleep(s.lull)
	one.harm(s, entered.forgive)
	time.Sleep(s.lull)
	stop()
	tally := <-asked
	for _, door := range s.doors {
		if err := s.census.look(s.t.Context(), door); err != nil {
			s.t.Error(err)
		}
	}
	answered := s.census.sum().minus(before)
	s.report = append(s.report, row(one.name, tally, answered, entered))
	s.t.Log(s.report[len(s.report)-1], entered.forgiven)
	if entered.wrong > 0 || len(entered.refused) > 0 {
		s.t.Errorf("%s: %d wrong admissions; refused: %v", one.name, entered.wrong, entered.refused)
	}
	if most := s.permitted.Load() - permitted; answered.allowed > float64(most) {
		s.t.Errorf("%s: the doors have allowed %.0f reviews, of at most %d that they might", one.name, answered.allowed, most)
	}
	if tally.Asked < s.creates() {
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

// heading names what row tells.
var heading = strings.Join([]string{"fault", "reviews", "a second", "objects", "refused", "wrong", "p50", "p99", "longest", "from the first refusal to the last"}, "\t")

func row(name string, tally *load.Tally, answered reviews, entered *ledger) string {
	milliseconds := func(took time.Duration) string { return took.Round(time.Millisecond).String() }
	return fmt.Sprintf("%s\t%.0f\t%.0f\t%d\t%d\t%d\t%s\t%s\t%s\t%s", name, answered.all, answered.all/tally.Took.Seconds(),
		tally.Asked, tally.Wrong-entered.wrong, entered.wrong,
		milliseconds(tally.Within(0.5)), milliseconds(tally.Within(0.99)), milliseconds(tally.Longest), milliseconds(entered.last.Sub(entered.first)))
}

// table tells all faults together.
func (s *siege) table() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, heading)
	for _, line := range s.report {
		fmt.Fprintln(table, line)
	}
	_ = table.Flush() // into memory
	return text.String()
}
