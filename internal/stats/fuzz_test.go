package stats_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// mostFuzzed keeps one call short.
const mostFuzzed = 40

// decode reads bytes as a column: two bytes a value, most of them small and
// tied, a few of them missing, infinite, enormous or tiny.
func decode(data []byte) (column []float64, labels []bool) {
	for ; len(data) >= 2 && len(column) < mostFuzzed; data = data[2:] {
		raw := binary.LittleEndian.Uint16(data)
		value := float64(int16(raw)%64) / 8
		switch raw {
		case 0xffff:
			value = math.NaN()
		case 0xfffe:
			value = math.Inf(1)
		case 0xfffd:
			value = math.MaxFloat64
		case 0xfffc:
			value = 5e-324
		}
		column, labels = append(column, value), append(labels, raw&0x100 != 0)
	}
	return column, labels
}

func seeds(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add([]byte{1, 1, 2, 0, 3, 1, 4, 0}, []byte{5, 1, 6, 0, 7, 1, 4, 0})
	f.Add([]byte{1, 1, 1, 0, 1, 1, 1, 0}, []byte{1, 1, 1, 0, 1, 1, 1, 0})
	f.Add([]byte{0xff, 0xff, 2, 0, 3, 1}, []byte{0xfe, 0xff, 6, 0, 7, 1})
	f.Add([]byte{0xfd, 0xff, 2, 0, 3, 1}, []byte{0xfc, 0xff, 6, 0, 7, 1})
}

func FuzzSamplesHaveFiniteAnswersOrTypedErrors(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, first, second []byte) {
		x, _ := decode(first)
		y, _ := decode(second)
		a := answers{t, "fuzzed samples", false}
		a.oneSample(x)
		a.twoSamples(x, y)
		if ks, err := stats.KolmogorovSmirnov(x, y); err == nil && (ks.Tied > ks.Exact+1e-12 || ks.D < 0 || ks.D > 1) {
			t.Errorf("ties make the test less conservative: %+v", ks)
		}
	})
}

func FuzzScoresHaveFiniteAnswersOrTypedErrors(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, first, _ []byte) {
		scores, labels := decode(first)
		a := answers{t, "fuzzed scores", false}
		a.scored(scores, labels)
		risks := make([]float64, len(scores))
		for i, score := range scores {
			risks[i] = math.Abs(score) / 8
		}
		a.probabilities(risks, labels)
	})
}

func FuzzFollowUpHasFiniteAnswersOrTypedErrors(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, first, second []byte) {
		time, event := decode(first)
		scores, _ := decode(second)
		answers{t, "fuzzed follow-up", false}.followUp(scores, time, event)
		for row, score := range scores {
			scores[row] = math.Abs(score) / 8 // risks, most of them
		}
		answers{t, "fuzzed risks", false}.followUp(scores, time, event)
	})
}

func FuzzTablesHaveFiniteAnswersOrTypedErrors(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Add([]byte{0, 2, 3, 0})
	f.Add([]byte{9, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, cells []byte) {
		table := make([][]int, 2)
		for i, cell := range cells {
			table[i%2] = append(table[i%2], int(int8(cell)))
		}
		a := answers{t, "a fuzzed table", false}
		for name, test := range map[string]func([][]int) (stats.ChiSquareTest, error){"chi-square": stats.ChiSquare, "yates": stats.ChiSquareYates, "g": stats.GTest} {
			got, err := test(table)
			a.say(name, err, got.Statistic, got.P)
		}
		for name, measure := range map[string]func([][]int) (float64, error){
			"fisher": stats.Fisher, "conditional": stats.ConditionalOddsRatio, "V": stats.CramersV, "corrected": stats.CramersVCorrected, "kappa": stats.Kappa,
		} {
			value, err := measure(table)
			a.say(name, err, value)
		}
		a.estimate("odds ratio")(stats.OddsRatio(table))
		a.estimate("kappa estimate")(stats.KappaEstimate(table))
	})
}

func FuzzPlansHaveFiniteAnswersOrTypedErrors(f *testing.F) {
	f.Add(30, .05, .05, .8)
	f.Add(0, math.NaN(), 1., math.Inf(1))
	f.Fuzz(func(t *testing.T, n int, x, y, power float64) {
		a := answers{t, "a fuzzed plan", false}
		size, err := stats.SizeForDevelopment(n, x, y)
		a.say("development", err, size.Events, size.EventsPerParameter)
		for name, plan := range map[string]func() (int, error){
			"rates":  func() (int, error) { return stats.SizeForRates(x, y, power) },
			"margin": func() (int, error) { return stats.SizeForMargin(x, y, power) },
			"o/e":    func() (int, error) { return stats.SizeForOE(x, y) },
			"auroc":  func() (int, error) { return stats.SizeForAUROC(x, y, power) },
		} {
			rows, err := plan()
			a.say(name, err)
			if err == nil && rows < 1 {
				t.Errorf("%s of %v, %v, %v: %d rows", name, x, y, power, rows)
			}
		}
		null, err := stats.NewPSINull(n, n, 10)
		if err == nil {
			a.say("psi", nil, null.Mean(), null.Quantile(y), null.Tail(x))
			a.number("detectable")(null.Detectable(power))
		}
		a.number("ks")(stats.KSDetectable(n, n, power))
		a.number("V")(stats.CramersVDetectable(n, 2, 3, power))
		if p, err := (stats.Proportion{Successes: n / 3, Trials: n}).BinomialTest(x); err == nil && !(p.TwoSided >= 0 && p.TwoSided <= 1) {
			t.Errorf("binomial: %+v", p)
		}
	})
}
