package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func deLong(t *testing.T, scores []float64, labels []bool) stats.Ranking {
	t.Helper()
	ranking, err := stats.DeLong(scores, labels)
	if err != nil {
		t.Fatal(err)
	}
	return ranking
}

// The example of pROC's manual: three markers of the outcome after
// subarachnoid haemorrhage.
func TestDeLongAgreesWithTheManualOfPROC(t *testing.T) {
	data := readPatients(t, "asah.csv")
	poor := data.is("outcome", "Poor")
	for _, want := range []struct {
		marker                    string
		area, low, high, variance float64
	}{
		{"s100b", .7313685637, .6301182, .8326189, .002668682457},
		{"wfns", .8236788618, .7485349, .8988228, .001469914709},
		{"ndka", .6119579946, .5012450, .7226710, .003190810549},
	} {
		got := deLong(t, data.number(t, want.marker), poor)
		near(t, want.marker, got.Value, want.area, closed)
		near(t, want.marker+" variance", got.Variance, want.variance, closed)
		near(t, want.marker+" low", got.Interval(stats.Alpha).Low, want.low, printed)
		near(t, want.marker+" high", got.Interval(stats.Alpha).High, want.high, printed)
	}
}

func TestPairedDeLongAgreesWithTheManualOfPROC(t *testing.T) {
	data := readPatients(t, "asah.csv")
	poor := data.is("outcome", "Poor")
	for _, want := range []struct {
		a, b string
		z, p float64
	}{
		{"s100b", "wfns", -2.208983591, .02717578223},
		{"wfns", "ndka", 2.797775919, .005145580},
		{"s100b", "ndka", 1.390770026, .1642952},
	} {
		got, err := stats.DeLongPaired(data.number(t, want.a), data.number(t, want.b), poor)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "z", got.Z, want.z, closed)
		near(t, "p", got.P, want.p, printed)
		if want.b == "wfns" {
			near(t, "low", got.Low, -.1742144, printed)
			near(t, "high", got.High, -.0104062, 1e-5)
		}
	}
}

func TestPerfectRankingStaysUncertain(t *testing.T) {
	got := deLong(t, []float64{.1, .2, .3, .7, .8, .9}, []bool{false, false, false, true, true, true})
	interval := got.Interval(stats.Alpha)
	// Three independent pairs, all ordered rightly: (0.05/2)^(1/3).
	near(t, "low", interval.Low, math.Cbrt(.025), closed)
	if got.Value != 1 || interval.High != 1 {
		t.Errorf("got %v %v", got.Value, interval)
	}
}

func TestConstantScoreIsACoinOfUnknownFairness(t *testing.T) {
	got := deLong(t, []float64{.5, .5, .5, .5}, []bool{true, false, true, false})
	interval := got.Interval(stats.Alpha)
	if got.Value != .5 || interval.Low > .1 || interval.High < .9 {
		t.Errorf("got %v %v", got.Value, interval)
	}
}

func TestOnePositiveRowStaysUncertain(t *testing.T) {
	interval := deLong(t, []float64{.9, .1, .2}, []bool{true, false, false}).Interval(stats.Alpha)
	near(t, "low", interval.Low, .025, closed)
}

func TestTheSameScoresDoNotDiffer(t *testing.T) {
	scores, labels := []float64{.1, .4, .35, .8}, []bool{false, false, true, true}
	got, err := stats.DeLongPaired(scores, scores, labels)
	if err != nil || got.Value != 0 || got.Low != 0 || got.High != 0 || got.P != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTwoPerfectModelsMayDiffer(t *testing.T) {
	labels := []bool{false, false, true, true}
	got, err := stats.DeLongPaired([]float64{.1, .2, .8, .9}, []float64{.2, .1, .7, .9}, labels)
	if err != nil || got.Value != 0 || got.Low > -.5 || got.High < .5 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDeLongOnHopelessInput(t *testing.T) {
	for name, test := range map[string]struct {
		scores []float64
		labels []bool
		want   error
	}{
		"empty":     {nil, nil, stats.ErrEmpty},
		"too short": {[]float64{1}, []bool{true, false}, stats.ErrLength},
		"one class": {[]float64{1, 2}, []bool{true, true}, stats.ErrOneClass},
		"missing":   {[]float64{1, math.NaN()}, []bool{true, false}, stats.ErrNotFinite},
		"infinite":  {[]float64{1, math.Inf(1)}, []bool{true, false}, stats.ErrNotFinite},
	} {
		if _, err := stats.DeLong(test.scores, test.labels); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

func TestAveragePrecisionOfTheManualOfScikitLearn(t *testing.T) {
	scores, labels := []float64{.1, .4, .35, .8}, []bool{false, false, true, true}
	got, err := stats.AveragePrecision(scores, labels)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "average precision", got, 5./6, closed)
	near(t, "auroc", deLong(t, scores, labels).Value, .75, closed)
}

func TestAveragePrecisionIntervalDependsOnTheSeedAlone(t *testing.T) {
	data := readPatients(t, "predictions_tcga_coad.csv")
	scores, labels := data.number(t, "score"), data.is("label", "1")
	estimate := func(seed byte) stats.Estimate {
		got, err := stats.AveragePrecisionEstimate(scores, labels, [32]byte{seed})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first, again, other := estimate(1), estimate(1), estimate(2)
	if first != again {
		t.Errorf("the same seed gave %v and %v", first, again)
	}
	if first.Interval == other.Interval {
		t.Errorf("two seeds gave %v", first.Interval)
	}
	if !(first.Low < first.Value && first.Value < first.High && first.High-first.Low < .5) {
		t.Errorf("got %+v", first)
	}
}

func TestPerfectPrecisionStaysUncertain(t *testing.T) {
	got, err := stats.AveragePrecisionEstimate([]float64{.1, .2, .8, .9}, []bool{false, false, true, true}, [32]byte{})
	if err != nil || got.Value != 1 || got.High != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	near(t, "low", got.Low, math.Sqrt(.025), closed)
}
