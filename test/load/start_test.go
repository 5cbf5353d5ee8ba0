package load

import (
	"fmt"
	"testing"
	"time"
)

// settling is long enough for the collector to have seen that the start is over.
const settling = 5 * time.Second

// BenchmarkStart starts the whole process over a full store, without a cluster,
// and tells when it has answered its first review, what it weighs then and a
// little later, and the most that it has weighed. Each release has forty
// measurements; those of "real" have all the evidence of a model that was
// delivered, some thousand.
func BenchmarkStart(b *testing.B) {
	known := asked(b, "ASSAY_BENCH_RELEASES", 10_000)
	for name, crowd := range map[string]Crowd{
		fmt.Sprint(known):            {Known: known, Used: 1},
		fmt.Sprint(known/10, "real"): {Known: known / 10, Used: 1, Alike: true},
	} {
		b.Run(name, func(b *testing.B) {
			crowd.Delivered = delivered(b)
			started(b, crowd)
		})
	}
}

func started(b *testing.B, crowd Crowd) {
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	store := b.TempDir()
	if err := crowd.Store(b.Context(), store); err != nil {
		b.Fatal(err)
	}
	door := webhookOf(b, crowd, store, reviews)
	at, _ := memory(b, door)
	time.Sleep(settling)
	now, most := memory(b, door)
	b.ReportMetric(door.took.Seconds(), "s/first-answer")
	b.ReportMetric(at, "MiB/first-answer")
	b.ReportMetric(now, "MiB/settled")
	b.ReportMetric(most, "MiB/most")
	b.ReportMetric(0, "ns/op")
}

func memory(b *testing.B, door open) (now, most float64) {
	b.Helper()
	now, most, err := door.process().Memory()
	if err != nil {
		b.Fatal(err)
	}
	return now, most
}
