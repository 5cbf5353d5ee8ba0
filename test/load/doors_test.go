package load

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// BenchmarkDoors asks the door and its peers the same questions in turns, each
// as a whole process over TLS, on the processors that they share with who asks.
// What the peers are told, and what they are spared, is in docs/benchmarks.md.
func BenchmarkDoors(b *testing.B) {
	crowd := Crowd{Delivered: delivered(b), Known: asked(b, "ASSAY_BENCH_RELEASES", 10_000), Used: inUse}
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	store := b.TempDir()
	if err := crowd.Store(b.Context(), store); err != nil {
		b.Fatal(err)
	}
	ours := webhookOf(b, crowd, store, reviews)
	for _, looking := range []string{"fields", "strings"} {
		for _, peer := range []func(*testing.B, Crowd, []Review, string) open{opaOf, gatekeeperOf} {
			b.Run(looking, func(b *testing.B) {
				theirs := peer(b, crowd, reviews, filepath.Join(rules, looking, "lib.rego"))
				b.Run(theirs.name, func(b *testing.B) { contest(b, ours, theirs, reviews) })
			})
		}
	}
}

func opaOf(b *testing.B, crowd Crowd, reviews []Review, library string) open {
	b.Helper()
	folder, certificates, authority, address := peerFiles(b)
	data := filepath.Join(folder, "data.json")
	if err := crowd.Data(data); err != nil {
		b.Fatal(err)
	}
	return begin(b, "opa", "https://"+address+"/", authority, bare(reviews)[0], binary(b, "opa"),
		"run", "--server", "--addr", address, "--log-level", "error", "--skip-version-check", "--optimize-store-for-read-speed", "--min-tls-version", "1.3",
		"--tls-cert-file", filepath.Join(certificates, "tls.crt"), "--tls-private-key-file", filepath.Join(certificates, "tls.key"),
		filepath.Join(rules, "opa"), library, data)
}

func gatekeeperOf(b *testing.B, crowd Crowd, reviews []Review, library string) open {
	b.Helper()
	folder, certificates, authority, address := peerFiles(b)
	inventory := filepath.Join(folder, "inventory.json")
	if err := crowd.Inventory(inventory); err != nil {
		b.Fatal(err)
	}
	return begin(b, "gatekeeper", "https://"+address+"/v1/admit", authority, bare(reviews)[0], binary(b, "gatekeeper"),
		"--addr", address, "--policies", filepath.Join(rules, "gatekeeper"), "--library", library, "--inventory", inventory,
		"--cert", filepath.Join(certificates, "tls.crt"), "--key", filepath.Join(certificates, "tls.key"))
}

// rules are those of the peers, beside the module that builds them.
var rules = filepath.Join("..", "doors", "rules")

func peerFiles(b *testing.B) (folder, certificates string, authority []byte, address string) {
	b.Helper()
	folder, certificates = b.TempDir(), b.TempDir()
	authority, err := Certify(certificates)
	if err != nil {
		b.Fatal(err)
	}
	address, err = harness.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	return folder, certificates, authority, address
}

// bare are the same reviews for who names other rules in a denial.
func bare(reviews []Review) []Review {
	other := slices.Clone(reviews)
	for i := range other {
		other[i].Rule = ""
	}
	return other
}

// turn is what one door did while it was its turn.
type turn struct {
	flood     float64 // reviews a second, at most
	work      float64 // microseconds of its own processor time for a review
	p50, p99  time.Duration
	p999      time.Duration
	asked     int
	perSecond int
}

const (
	together16 = 16                     // questions at once, for the most that a door can do
	lasting    = 3 * time.Second        // of each flood
	warming    = 500 * time.Millisecond // before it
	arriving   = 1000                   // reviews a second, for the time that an answer takes
)

// contest lets two doors take turns: ours, theirs, theirs, ours.
func contest(b *testing.B, ours, theirs open, reviews []Review) {
	rounds := asked(b, "ASSAY_BENCH_ROUNDS", 5)
	var turns [2][]turn
	for range rounds {
		for _, who := range []int{0, 1, 1, 0} {
			one := ours
			if who == 1 {
				one = theirs
			}
			turns[who] = append(turns[who], takeTurn(b, one, reviews))
		}
	}
	var faster, lighter []float64
	for i := range turns[0] {
		faster = append(faster, turns[0][i].flood/turns[1][i].flood)
		lighter = append(lighter, turns[1][i].work/turns[0][i].work)
	}
	for i, one := range []open{ours, theirs} {
		_, most, err := one.process().Memory()
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%s: %s; at most %.0f MiB", one.name, medians(turns[i]), most)
	}
	b.Logf("%s reviews of ours for one of theirs; %s times our processor time for one of theirs", span(faster), span(lighter))
	b.ReportMetric(middle(faster), "faster")
	b.ReportMetric(middle(lighter), "lighter")
	b.ReportMetric(0, "ns/op") // which says nothing here
}

func takeTurn(b *testing.B, one open, reviews []Review) turn {
	b.Helper()
	if one.name != "assay-webhook" {
		reviews = bare(reviews)
	}
	ask := func(ctx context.Context, n int) error { return one.client.Expect(ctx, reviews[n%len(reviews)]) }
	warm(b, one, reviews)
	right(b, one, Flood(b.Context(), together16, warming, ask))
	before := processor(b, one)
	flood := Flood(b.Context(), together16, lasting, ask)
	work := processor(b, one) - before
	right(b, one, flood)
	perSecond := min(arriving, int(flood.PerSecond()/2)) // near what a door can do, only the queue would be measured
	steady := Rate{PerSecond: perSecond, For: lasting}.Run(b.Context(), ask)
	if steady.Wrong > 0 {
		b.Logf("%s, at a rate: %s", one.name, steady)
	}
	return turn{
		flood: flood.PerSecond(), work: float64(work.Microseconds()) / float64(flood.Asked),
		p50: steady.Within(0.5), p99: steady.Within(0.99), p999: steady.Within(0.999), asked: flood.Asked, perSecond: perSecond,
	}
}

// warm asks every question once, and again until its answer is right: a model is
// judged when it is asked about first, and those of a crowd at once would wait
// for each other.
func warm(b *testing.B, one open, reviews []Review) {
	b.Helper()
	for _, review := range reviews {
		if err := answers(b.Context(), one.client, review); err != nil {
			b.Fatal(one.name, ": ", err)
		}
	}
}

func right(b *testing.B, one open, tally *Tally) {
	b.Helper()
	if tally.Wrong > 0 || tally.Asked == 0 {
		b.Fatalf("%s: %s", one.name, tally)
	}
}

func processor(b *testing.B, one open) time.Duration {
	b.Helper()
	worked, err := one.process().Processor()
	if err != nil {
		b.Fatal(err)
	}
	return worked
}

func medians(turns []turn) string {
	of := func(what func(turn) float64) float64 {
		var values []float64
		for _, one := range turns {
			values = append(values, what(one))
		}
		return middle(values)
	}
	return fmt.Sprintf("%.0f reviews/s, %.0f µs of processor each; at %.0f/s p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms",
		of(func(t turn) float64 { return t.flood }), of(func(t turn) float64 { return t.work }), of(func(t turn) float64 { return float64(t.perSecond) }),
		of(func(t turn) float64 { return t.p50.Seconds() * 1e3 }), of(func(t turn) float64 { return t.p99.Seconds() * 1e3 }), of(func(t turn) float64 { return t.p999.Seconds() * 1e3 }))
}

// middle is the median.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[len(sorted)/2]
}

func span(values []float64) string {
	return strings.Join([]string{fmt.Sprintf("%.2f", middle(values)), fmt.Sprintf("(%.2f to %.2f)", slices.Min(values), slices.Max(values))}, " ")
}
