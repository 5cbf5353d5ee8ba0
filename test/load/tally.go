package load

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Tally is what came of many questions.
type Tally struct {
	Asked, Wrong int
	Took         time.Duration  // from the first question to the last answer
	Why          map[string]int // what was wrong, and how often
	Longest      time.Duration

	counts []int // by how long it took; each step is a hundredth longer than the one before
}

const (
	step     = 1.01
	shortest = float64(time.Microsecond)
	steps    = 2000 // to seven minutes
	maxWhy   = 50   // different texts
)

func newTally() *Tally { return &Tally{Why: map[string]int{}, counts: make([]int, steps)} }

func (t *Tally) add(took time.Duration, err error) {
	t.Asked++
	t.Longest = max(t.Longest, took)
	at := int(math.Log(max(float64(took), shortest)/shortest) / math.Log(step))
	t.counts[min(at, steps-1)]++
	if err != nil {
		t.blame(err.Error(), 1)
	}
}

func (t *Tally) blame(why string, times int) {
	t.Wrong += times
	if t.Why[why] == 0 && len(t.Why) >= maxWhy {
		why = "something else"
	}
	t.Why[why] += times
}

func (t *Tally) merge(other *Tally) {
	t.Asked += other.Asked
	t.Longest = max(t.Longest, other.Longest)
	for i, count := range other.counts {
		t.counts[i] += count
	}
	for why, times := range other.Why {
		t.blame(why, times)
	}
}

// Within is the time within which that part of the questions was answered,
// rounded up by at most a hundredth.
func (t *Tally) Within(part float64) time.Duration {
	left := int(math.Ceil(part * float64(t.Asked)))
	for at, count := range t.counts {
		if left -= count; left <= 0 {
			return min(time.Duration(shortest*math.Pow(step, float64(at+1))), t.Longest)
		}
	}
	return t.Longest
}

// PerSecond is how many were answered, right or wrong.
func (t *Tally) PerSecond() float64 { return float64(t.Asked) / t.Took.Seconds() }

func (t *Tally) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d asked, %.0f/s, p50 %s, p99 %s, p99.9 %s, longest %s, %d wrong",
		t.Asked, t.PerSecond(), short(t.Within(0.5)), short(t.Within(0.99)), short(t.Within(0.999)), short(t.Longest), t.Wrong)
	for _, why := range slices.Sorted(maps.Keys(t.Why)) {
		fmt.Fprintf(&text, "\n  %d times: %s", t.Why[why], why)
	}
	return text.String()
}

// short leaves three digits.
func short(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
