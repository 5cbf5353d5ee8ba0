package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func value(t *testing.T, estimate stats.Estimate, err error) float64 {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(estimate.Value) || !(estimate.Low <= estimate.Value && estimate.Value <= estimate.High) || estimate.Low == estimate.High {
		t.Errorf("%v is no interval around %v (%s)", estimate.Interval, estimate.Value, estimate.Method)
	}
	return estimate.Value
}

func share(t *testing.T, p stats.Proportion) float64 {
	t.Helper()
	value, err := p.Value()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// The predictions that rms::val.prob was asked about.
func TestCalibrationAgreesWithValProb(t *testing.T) {
	data := readPatients(t, "asah_test_predictions.csv")
	scores, labels := data.number(t, "p"), data.is("y", "1")
	calibration, err := stats.Calibrate(scores, labels)
	near(t, "slope", value(t, calibration.Slope, err), 1.320981608, iterated)
	near(t, "intercept", value(t, calibration.Intercept, err), -.543949715, iterated)
	large, err := stats.CalibrationInTheLarge(scores, labels)
	near(t, "in the large", value(t, large, err), -.5586039632, iterated)
	brier, err := stats.Brier(scores, labels)
	near(t, "brier", value(t, brier, err), .1902182186, closed)
	ratio, err := stats.OERatio(scores, labels)
	near(t, "o/e", value(t, ratio, err), .7400852, printed)
	c, err := stats.Confuse(scores, labels, .2)
	if err != nil {
		t.Fatal(err)
	}
	benefit, err := c.NetBenefit(.2)
	near(t, "net benefit", value(t, benefit, err), .1785714, printed)
}

func TestExamplesOfTheManualOfScikitLearn(t *testing.T) {
	scores, labels := []float64{.1, .9, .8, .3}, []bool{false, true, true, false}
	brier, err := stats.Brier(scores, labels)
	near(t, "brier", value(t, brier, err), .0375, closed)
	loss, err := stats.LogLoss([]float64{.9, .1, .2, .65}, []bool{true, false, false, true})
	near(t, "log loss", value(t, loss, err), .2161618747, closed)
	mcc, err := stats.Confusion{TruePositives: 2, FalsePositives: 1, FalseNegatives: 1}.MCC()
	near(t, "mcc", value(t, mcc, err), -1./3, closed)
}

// Newcombe 1998, tables I and II.
func TestIntervalsOfNewcombesPapers(t *testing.T) {
	wilson := stats.Proportion{Successes: 81, Trials: 263}.Wilson(stats.Alpha)
	near(t, "81/263 low", wilson.Low, .2552885199, closed)
	near(t, "81/263 high", wilson.High, .3662095770, closed)
	for _, test := range []struct {
		a, b      stats.Proportion
		low, high float64
	}{
		{stats.Proportion{Successes: 56, Trials: 70}, stats.Proportion{Successes: 48, Trials: 80}, .0524315, .3338727},
		{stats.Proportion{Successes: 9, Trials: 10}, stats.Proportion{Successes: 3, Trials: 10}, .1705227, .8090180},
	} {
		got := stats.Newcombe(test.a, test.b, stats.Alpha)
		near(t, "low", got.Low, test.low, 2e-6)
		near(t, "high", got.High, test.high, printed)
	}
}

func TestNothingOutOfNothingIsUnknown(t *testing.T) {
	var nothing stats.Proportion
	if _, err := nothing.Value(); !errors.Is(err, stats.ErrUndefined) {
		t.Errorf("0/0 is %v", err)
	}
	if got := nothing.Wilson(stats.Alpha); got != (stats.Interval{Low: 0, High: 1}) {
		t.Errorf("0/0 lies in %v", got)
	}
	if got := stats.Newcombe(nothing, stats.Proportion{Successes: 1, Trials: 2}, stats.Alpha); got != (stats.Interval{Low: -1, High: 1}) {
		t.Errorf("0/0 less 1/2 lies in %v", got)
	}
}

func TestDecisionsThatNobodyMakes(t *testing.T) {
	none := stats.Confusion{TrueNegatives: 5, FalseNegatives: 5}
	if _, err := none.MCC(); !errors.Is(err, stats.ErrUndefined) {
		t.Errorf("mcc without positives: %v", err)
	}
	if _, err := none.PPV().Value(); !errors.Is(err, stats.ErrUndefined) {
		t.Errorf("ppv without positives: %v", err)
	}
	benefit, err := none.NetBenefit(.5)
	if value(t, benefit, err) != 0 {
		t.Errorf("treating nobody has net benefit %v", benefit.Value)
	}
	for _, threshold := range []float64{0, 1, -1, math.NaN()} {
		if _, err := none.NetBenefit(threshold); !errors.Is(err, stats.ErrRange) {
			t.Errorf("net benefit at %v: %v", threshold, err)
		}
	}
	if _, err := (stats.Confusion{TrueNegatives: 5}).F1(); !errors.Is(err, stats.ErrUndefined) {
		t.Errorf("f1 without positives: %v", err)
	}
}

func TestPerfectProbabilitiesStayUncertain(t *testing.T) {
	scores, labels := []float64{0, 1, 1, 0}, []bool{false, true, true, false}
	for name, metric := range map[string]func([]float64, []bool) (stats.Estimate, error){
		"brier": stats.Brier, "log loss": stats.LogLoss, "scaled brier": stats.ScaledBrier, "o/e": stats.OERatio,
	} {
		estimate, err := metric(scores, labels)
		t.Log(name, value(t, estimate, err), estimate.Interval)
	}
	c, err := stats.Confuse(scores, labels, .5)
	if err != nil {
		t.Fatal(err)
	}
	mcc, err := c.MCC()
	if value(t, mcc, err) != 1 || mcc.Low > .5 {
		t.Errorf("mcc of four patients: %+v", mcc)
	}
}

func TestCalibrationThatDoesNotExist(t *testing.T) {
	labels := []bool{false, false, true, true}
	for name, test := range map[string]struct {
		scores []float64
		want   error
	}{
		"constant":      {[]float64{.5, .5, .5, .5}, stats.ErrConstant},
		"separated":     {[]float64{.1, .2, .8, .9}, stats.ErrSeparated},
		"a risk of 1.5": {[]float64{.1, .2, .8, 1.5}, stats.ErrRange},
		"missing":       {[]float64{.1, .2, .8, math.NaN()}, stats.ErrNotFinite},
	} {
		if _, err := stats.Calibrate(test.scores, labels); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}
