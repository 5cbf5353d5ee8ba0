package bias

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// By hand: the mean is (63+½)/(90+1). The weighted squares exceed what chance
// gives two degrees of freedom, and a correlation of 1 would add 90-30-2.
func TestThePriorIsLearnedByMoments(t *testing.T) {
	cells := []stats.Proportion{{Successes: 27, Trials: 30}, {Successes: 21, Trials: 30}, {Successes: 15, Trials: 30}}
	mean := 63.5 / 91
	squares := 30 * (math.Pow(.9-mean, 2) + math.Pow(.7-mean, 2) + math.Pow(.5-mean, 2)) / (mean * (1 - mean))
	correlation := (squares - 2) / 58
	upper := (squares/0.0506356 - 1) * 2 / 58 // qchisq(.025, 2) in R
	want := prior{mean: mean, worth: (1 - correlation) / correlation, cautious: max(1, (1-upper)/upper), patients: 90}
	learned := learn(cells)
	if math.Abs(learned.mean-mean) > 1e-12 || math.Abs(learned.worth-want.worth) > 1e-9 || math.Abs(learned.cautious-want.cautious) > 1e-4 || learned.patients != 90 {
		t.Errorf("got %+v, want %+v", learned, want)
	}
	for _, cell := range []stats.Proportion{cells[0], cells[2]} {
		raw, _ := cell.Value()
		if drawn := learned.shrink(cell, stats.Alpha); math.Abs(drawn.Value-mean) >= math.Abs(raw-mean) || !(drawn.Low < drawn.Value && drawn.Value < drawn.High) {
			t.Errorf("%v is not drawn from %v towards %v", drawn, raw, mean)
		}
	}
}

// Cells that agree do not prove that all cells do: the prior is worth no more
// than the patients it was learned from, less for the interval, and no interval
// becomes a point.
func TestAgreementOfFewIsNoCertainty(t *testing.T) {
	for name, cells := range map[string][]stats.Proportion{
		"alike":       {{Successes: 8, Trials: 10}, {Successes: 8, Trials: 10}},
		"all found":   {{Successes: 3, Trials: 3}, {Successes: 5, Trials: 5}},
		"none found":  {{Trials: 3}, {Trials: 5}},
		"opposite":    {{Successes: 3, Trials: 3}, {Trials: 3}},
		"one cell":    {{Successes: 2, Trials: 3}},
		"one is void": {{Successes: 2, Trials: 3}, {}},
		"all void":    {{}, {}},
	} {
		learned := learn(cells)
		if learned.cautious < 1 || learned.cautious > learned.worth || learned.worth > float64(max(1, learned.patients)) || !(learned.mean > 0 && learned.mean < 1) {
			t.Errorf("%s: got %+v", name, learned)
		}
		for _, cell := range cells {
			if within := learned.shrink(cell, stats.Alpha); within.High-within.Low < .05 {
				t.Errorf("%s: %+v of %+v is too certain", name, within, cell)
			}
		}
		if gap := learned.shrunkGap(cells, stats.Alpha); gap.defined != (len(cells) > 1) || gap.High < .1 {
			t.Errorf("%s: got %+v", name, gap)
		}
	}
}

// Eight cells of few patients, their true rates drawn from a beta distribution:
// shrunk rates are nearer to the truth than raw ones, and the interval of the
// gap holds the true gap in at least 95 of 100 samples.
func TestShrinkageComesNearerToTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 23))
	truth := distuv.Beta{Alpha: 16, Beta: 4, Src: random}
	sizes := []int{4, 8, 12, 12, 20, 30, 40, 60}
	const samples = 400
	raw, drawn, held := 0.0, 0.0, 0
	for range samples {
		cells := make([]stats.Proportion, len(sizes))
		rates := make([]float64, len(sizes))
		highest, lowest := 0.0, 1.0
		for i, size := range sizes {
			rates[i] = truth.Rand()
			highest, lowest = max(highest, rates[i]), min(lowest, rates[i])
			cells[i].Trials = size
			for range size {
				if random.Float64() < rates[i] {
					cells[i].Successes++
				}
			}
		}
		learned := learn(cells)
		for i, cell := range cells {
			observed, _ := cell.Value()
			raw += math.Pow(observed-rates[i], 2)
			drawn += math.Pow(learned.shrink(cell, stats.Alpha).Value-rates[i], 2)
		}
		if gap := learned.shrunkGap(cells, stats.Alpha); gap.Low <= highest-lowest && highest-lowest <= gap.High {
			held++
		}
	}
	if drawn > .8*raw || held < samples*95/100 {
		t.Errorf("squared error %.2f shrunk, %.2f raw; %d of %d gaps held", drawn, raw, held, samples)
	}
}
