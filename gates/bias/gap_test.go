package bias

import (
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func TestPositivesForAGapInSensitivity(t *testing.T) {
	for sensitivity, want := range map[float64]int{0.85: 248, 0.15: 248, 1: 71, 0: 71} {
		if got, err := positivesFor(sensitivity); err != nil || got != want {
			t.Errorf("at %v: %d positives, want %d (%v)", sensitivity, got, want, err)
		}
	}
}

// Three cohorts of 40, 80 and 160 patients with true rates .70, .75 and .85:
// in at least 95 of 100 samples the interval holds the true gap .15 and the
// true ratio .70/.85.
func TestGapIntervalsCoverTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 11))
	sizes, rates := []int{40, 80, 160}, []float64{.70, .75, .85}
	const samples = 2000
	gaps, ratios := 0, 0
	for range samples {
		drawn := make([]stats.Proportion, len(sizes))
		for i, size := range sizes {
			drawn[i].Trials = size
			for range size {
				if random.Float64() < rates[i] {
					drawn[i].Successes++
				}
			}
		}
		if gap := rateGap(drawn, stats.Alpha); gap.Low <= .15 && .15 <= gap.High {
			gaps++
		}
		if ratio := ratioGap(drawn, stats.Alpha); ratio.Low <= .70/.85 && .70/.85 <= ratio.High {
			ratios++
		}
	}
	if gaps < samples*95/100 || ratios < samples*95/100 {
		t.Errorf("of %d samples, %d gaps and %d ratios hold the truth", samples, gaps, ratios)
	}
}

func TestNobodySelectedHasNoRatio(t *testing.T) {
	got := ratioGap([]stats.Proportion{{Trials: 5}, {Trials: 7}}, stats.Alpha)
	if got.defined || got.Low != 0 || got.High != 1 || got.Method != nobody {
		t.Errorf("got %+v", got)
	}
}
