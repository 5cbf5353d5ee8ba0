package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// followed are rows of whom nobody is censored, and their risks by time 6.
func followed() (risks, time []float64, event, early []bool) {
	for row := range 30 {
		time = append(time, float64(1+row*7%12))
		risks = append(risks, .05+.9*math.Mod(float64(row)*.37, 1))
		event, early = append(event, true), append(early, time[row] <= 6)
	}
	return risks, time, event, early
}

// Without censoring an outcome by a horizon is a binary outcome.
func TestWithoutCensoringAHorizonIsALabel(t *testing.T) {
	risks, time, event, early := followed()
	estimate := must[stats.Estimate](t)
	scaled, plain := estimate(stats.ScaledBrierAt(risks, time, event, 6)), estimate(stats.ScaledBrier(risks, early))
	near(t, "scaled brier", scaled.Value, plain.Value, closed)
	if width := plain.High - plain.Low; math.Abs((scaled.High-scaled.Low)/width-1) > .05 {
		t.Errorf("interval %v, of the label %v", scaled, plain)
	}
	ratio, plainRatio := estimate(stats.OERatioAt(risks, time, event, 6)), estimate(stats.OERatio(risks, early))
	near(t, "oe", ratio.Value, plainRatio.Value, closed)
	near(t, "oe low", ratio.Low, plainRatio.Low, closed) // Greenwood's variance is then the binomial one
	near(t, "oe high", ratio.High, plainRatio.High, closed)
}

// Kaplan and Meier's curve of the lung data is .409242 at 365 days, its error
// .0358236 (R's survfit).
func TestObservedOverExpectedOfTheLungData(t *testing.T) {
	c := lung(t)
	data := readPatients(t, "lung_ncctg.csv")
	c.time, c.event = data.number(t, "time"), data.is("status", "2")
	risks := make([]float64, len(c.time))
	for row := range risks {
		risks[row] = .5
	}
	got := must[stats.Estimate](t)(stats.OERatioAt(risks, c.time, c.event, 365))
	near(t, "oe", got.Value, (1-.409242)/.5, 2*printed)
	near(t, "log width", math.Log(got.High/got.Low)/2/1.959963985, .0358236/(1-.409242), 2*printed)
	curve := must[stats.Estimate](t)(stats.ScaledBrierAt(changed(risks, func(float64) float64 { return 1 - .409242 }), c.time, c.event, 365))
	if math.Abs(curve.Value) > 1e-9 || curve.Low > 0 || curve.High < 0 {
		t.Errorf("the curve explains itself: %+v", curve)
	}
}

// Risks of a Cox model have the slope of its predictor: 1 on the rows that it
// was fitted to. Squaring the survival doubles hazards and leaves the slope.
func TestRisksOfACoxModelHaveItsSlope(t *testing.T) {
	c := lung(t)
	const horizon = 365
	cut, early := make([]float64, len(c.time)), make([]bool, len(c.time))
	for row := range cut {
		cut[row], early[row] = min(c.time[row], horizon), c.event[row] && c.time[row] <= horizon
	}
	fit := must[stats.CoxFit](t)(stats.Cox(c.x, cut, early, 0))
	for _, hazard := range []float64{.2, .4} {
		risks := changed(c.risk(fit.Coef), func(linear float64) float64 { return -math.Expm1(-hazard * math.Exp(linear)) })
		slope := must[stats.Estimate](t)(stats.CalibrationSlopeAt(risks, c.time, c.event, horizon))
		near(t, "slope", slope.Value, 1, 1e-6)
		if slope.Low > .8 || slope.High < 1.2 {
			t.Errorf("227 patients prove that much: %+v", slope)
		}
	}
}

func TestAHorizonNeedsEventsBeforeAndPatientsBeyond(t *testing.T) {
	risks, time, event, _ := followed()
	half := changed(risks, func(float64) float64 { return .5 })
	for name, at := range map[string]func(risks, time []float64, event []bool, horizon float64) (stats.Estimate, error){
		"scaled brier": stats.ScaledBrierAt, "oe": stats.OERatioAt, "slope": stats.CalibrationSlopeAt,
	} {
		for want, test := range map[error]struct {
			risks   []float64
			horizon float64
		}{
			stats.ErrRange: {risks, 12}, stats.ErrOneClass: {risks, .5}, stats.ErrLength: {risks[1:], 6}, stats.ErrNotFinite: {append(risks[1:], math.NaN()), 6},
		} {
			if _, err := at(test.risks, time, event, test.horizon); !errors.Is(err, want) {
				t.Errorf("%s: got %v, want %v", name, err, want)
			}
		}
		if _, err := at(append([]float64{1.5}, risks[1:]...), time, event, 6); !errors.Is(err, stats.ErrRange) {
			t.Errorf("%s: a risk of 1.5: %v", name, err)
		}
	}
	if _, err := stats.CalibrationSlopeAt(half, time, event, 6); !errors.Is(err, stats.ErrConstant) {
		t.Errorf("one risk for all: %v", err)
	}
	if _, err := stats.OERatioAt(make([]float64, len(time)), time, event, 6); !errors.Is(err, stats.ErrUndefined) {
		t.Errorf("nobody expected: %v", err)
	}
}
