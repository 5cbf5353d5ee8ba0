package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// A soak asks a great many questions, and fails when one answer is wrong, when
// memory grows or when there are more goroutines at the end than after the first
// tenth. It may run beside other work: what is compared is what is kept, and not
// how fast it went.
const (
	// growth is how much more may be kept at the end. What a process tells of itself
	// wavers by a quarter; two bytes of each of five million reviews are a half.
	growth = 1.5
	// mayRemain is how many goroutines more may be at their work just then.
	mayRemain = 10
	// tooLate is the part of the questions for which a busy machine may leave the
	// door too little time. A door that says so has answered rightly, and keeps
	// nothing of it.
	tooLate = 0.1
	// together4 keeps two processors busy, and lets nobody wait for long.
	together4 = 4
)

// state is what would grow if something were kept.
type state struct{ memory, goroutines float64 }

// BenchmarkSoak asks the handler within this process (ASSAY_SOAK).
func BenchmarkSoak(b *testing.B) {
	crowd := soaked(b)
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	door, err := crowd.Handler(b.Context(), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	endure(b, asked(b, "ASSAY_SOAK", 200_000), func(_ context.Context, n int) error {
		return Expect(door, reviews[n%len(reviews)])
	}, live)
}

// live is what this process keeps, after two collections: the first frees what
// pools have held.
func live() (state, error) {
	time.Sleep(6 * time.Second) // until those who wait for an evaluation have gone
	runtime.GC()
	runtime.GC()
	var told runtime.MemStats
	runtime.ReadMemStats(&told)
	return state{float64(told.HeapAlloc) / (1 << 20), float64(runtime.NumGoroutine())}, nil
}

// BenchmarkSoakOverTLS asks a whole process (ASSAY_SOAK_TLS).
func BenchmarkSoakOverTLS(b *testing.B) {
	crowd, store := soaked(b), b.TempDir()
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	if err := crowd.Store(b.Context(), store); err != nil {
		b.Fatal(err)
	}
	metrics, err := harness.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	door := webhookOf(b, crowd, store, reviews, "--metrics-address", metrics)
	warm(b, door, reviews)
	endure(b, asked(b, "ASSAY_SOAK_TLS", 200_000), func(ctx context.Context, n int) error {
		return door.client.Expect(ctx, reviews[n%len(reviews)])
	}, func() (state, error) { return told(b.Context(), metrics) })
	now, most := memory(b, door)
	b.Logf("the process has %.0f MiB, and has never had more than %.0f", now, most)
}

// told is what a process keeps, by its own word. Its collector aims at a multiple
// of what was alive at the last collection; the least of several looks leaves out
// what was in hand just then.
func told(ctx context.Context, metrics string) (state, error) {
	least := state{math.Inf(1), math.Inf(1)}
	for range 10 {
		time.Sleep(time.Second)
		kept, err := Metric(ctx, metrics, "go_memstats_next_gc_bytes")
		if err != nil {
			return state{}, err
		}
		goroutines, err := Metric(ctx, metrics, "go_goroutines")
		if err != nil {
			return state{}, err
		}
		least = state{min(least.memory, kept/(1<<20)), min(least.goroutines, goroutines)}
	}
	return least, nil
}

func soaked(b *testing.B) Crowd {
	b.Helper()
	return Crowd{Delivered: delivered(b), Known: 1000, Used: inUse}
}

// endure asks in ten parts, and looks after each.
func endure(b *testing.B, questions int, ask Ask, look func() (state, error)) {
	b.Helper()
	var first, last state
	for tenth := range 10 {
		tally := soak(b.Context(), questions/10, ask)
		var err error
		if last, err = look(); err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(os.Stderr, "%s, %d0 %%: %.1f MiB, %.0f goroutines; %s\n", b.Name(), tenth+1, last.memory, last.goroutines, tally)
		late := tally.Why[errLate.Error()]
		if tally.Wrong > late || tally.Asked < questions/10 || float64(late) > tooLate*float64(tally.Asked) {
			b.Fatal("an answer is wrong, or too many are late")
		}
		if tenth == 0 {
			first = last
		}
	}
	b.ReportMetric(last.memory/first.memory, "times-the-memory")
	b.ReportMetric(last.goroutines-first.goroutines, "more-goroutines")
	b.ReportMetric(0, "ns/op")
	if last.memory > growth*first.memory || last.goroutines > first.goroutines+mayRemain {
		b.Errorf("after a tenth %+v, at the end %+v", first, last)
	}
}

// errLate stands for an answer for which there was no time, whatever it is about.
var errLate = errors.New("there was no time")

func isLate(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "overloaded") || strings.Contains(err.Error(), "no answer in") || strings.Contains(err.Error(), "Client.Timeout"))
}

// soak asks so many questions as fast as they are answered, and awaits every answer.
func soak(ctx context.Context, questions int, ask Ask) *Tally {
	return together(together4, func(next *atomic.Int64, tally *Tally) {
		for n := next.Add(1) - 1; n < int64(questions) && ctx.Err() == nil; n = next.Add(1) - 1 {
			start := time.Now()
			err := ask(ctx, int(n))
			if isLate(err) {
				err = errLate
			}
			tally.add(time.Since(start), err)
		}
	})
}
