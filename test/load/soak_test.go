package load

import (
	"context"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// growth is how much more a door may hold at the end of a soak than after its
// first tenth: the collector's breath, and no more.
const growth = 1.25

// BenchmarkSoak asks a whole process a great many questions (ASSAY_SOAK), as
// fast as it answers, and fails when one answer is wrong, when its memory grows
// or when it has more goroutines at the end than after the first tenth.
func BenchmarkSoak(b *testing.B) {
	crowd := Crowd{Delivered: delivered(b), Known: 1000, Used: inUse}
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	store := b.TempDir()
	if err := crowd.Store(b.Context(), store); err != nil {
		b.Fatal(err)
	}
	metrics, err := harness.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	door := webhookOf(b, crowd, store, reviews, "--metrics-address", metrics)
	warm(b, door, reviews)
	questions := asked(b, "ASSAY_SOAK", 200_000)
	var first, last state
	for tenth := range 10 {
		tally := soak(b, door, reviews, questions/10)
		last = stateOf(b, door, metrics)
		b.Logf("%d0 %%: %.0f MiB, %.0f goroutines; %s", tenth+1, last.memory, last.goroutines, tally)
		right(b, door, tally)
		if tenth == 0 {
			first = last
		}
	}
	b.ReportMetric(last.memory/first.memory, "times-the-memory")
	b.ReportMetric(last.goroutines-first.goroutines, "more-goroutines")
	b.ReportMetric(0, "ns/op")
	if last.memory > growth*first.memory || last.goroutines > first.goroutines+10 {
		b.Errorf("after a tenth %+v, at the end %+v", first, last)
	}
}

// state is what would grow if something were kept.
type state struct{ memory, goroutines float64 }

func stateOf(b *testing.B, door open, metrics string) state {
	b.Helper()
	time.Sleep(time.Second) // until the last connections are idle
	now, _ := memory(b, door)
	return state{now, metric(b, metrics, "go_goroutines")}
}

// soak asks so many questions as fast as they are answered.
func soak(b *testing.B, door open, reviews []Review, questions int) *Tally {
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	return Flood(ctx, together16, 24*time.Hour, func(ctx context.Context, n int) error {
		if n >= questions {
			stop()
			return nil
		}
		return door.client.Expect(ctx, reviews[n%len(reviews)])
	})
}
