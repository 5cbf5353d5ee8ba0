package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Riley 2020, the pre-eclampsia example; the manual of pmsampsize; two more.
func TestDevelopmentSizesOfThePapers(t *testing.T) {
	for _, test := range []struct {
		parameters     int
		r2, prevalence float64
		patients       int
	}{
		{30, .05, .05, 5249}, {24, .288, .174, 662}, {20, .1, .1, 1699}, {10, .15, .5, 549},
	} {
		got, err := stats.SizeForDevelopment(test.parameters, test.r2, test.prevalence)
		if err != nil || got.Patients != test.patients {
			t.Errorf("%+v: %+v, %v", test, got, err)
		}
	}
	got, err := stats.SizeForDevelopment(30, .05, .05)
	if err != nil || got.Shrinkage != 5249 || got.Optimism != 1770 || got.Intercept != 73 {
		t.Errorf("got %+v, %v", got, err)
	}
	near(t, "events", got.Events, 262.45, closed)
	near(t, "events per parameter", got.EventsPerParameter, 8.75, 1e-3)
	for _, r2 := range []float64{0, 1, math.NaN(), .9} {
		if _, err := stats.SizeForDevelopment(10, r2, .1); !errors.Is(err, stats.ErrRange) {
			t.Errorf("R² %v: %v", r2, err)
		}
	}
}

func TestGroupSizes(t *testing.T) {
	for _, test := range []struct {
		other float64
		want  int
	}{{.75, 248}, {.80, 903}} {
		got, err := stats.SizeForRates(.85, test.other, .8)
		if err != nil || got != test.want {
			t.Errorf("%v: %d, want %d (%v)", test.other, got, test.want, err)
		}
		power, err := stats.PowerForRates(.85, test.other, got, got)
		if err != nil || power < .8 || power > .802 {
			t.Errorf("%d rows have power %v, %v", got, power, err)
		}
	}
	margin, err := stats.SizeForMargin(.85, .1, .8)
	if err != nil || margin < 248 || margin > 320 {
		t.Errorf("equivalence asks for %d, %v", margin, err)
	}
}

// The interval that a sample of the size asked for gives has that width.
func TestEvaluationSizesKeepTheirPromise(t *testing.T) {
	rows, err := stats.SizeForOE(.1, .2)
	if err != nil {
		t.Fatal(err)
	}
	half := 1.96 * math.Sqrt(.9/(.1*float64(rows)))
	near(t, "width", math.Exp(half)-math.Exp(-half), .2, 1e-3)
	// Riley 2021, the deep vein thrombosis example of pmvalsampsize: 905, by a
	// search in steps, where the equation itself has 905.06.
	if rows, err := stats.SizeForOE(.018, 1); err != nil || rows != 906 {
		t.Errorf("observed over expected: %d, %v", rows, err)
	}
	if rows, err := stats.SizeForAUROC(.8, .018, .1); err != nil || rows != 4252 {
		t.Errorf("auroc: %d, %v", rows, err)
	}
	rows, err = stats.SizeForAUROC(.8, .1, .1)
	if err != nil || rows < 500 || rows > 1500 {
		t.Errorf("%d rows, %v", rows, err)
	}
	fewer, err := stats.SizeForAUROC(.9, .1, .1)
	if err != nil || fewer >= rows {
		t.Errorf("a better model asks for %d rows, more than %d (%v)", fewer, rows, err)
	}
}

// The chances of a false alarm that fixed cut-offs of the index have.
func TestStabilityIndexWithoutDrift(t *testing.T) {
	for _, test := range []struct {
		rows                         int
		mean, quantile, over1, over2 float64
	}{
		{100, .180, .338, .83, .35}, {200, .090, .169, .35, .018}, {500, .036, .068, .003, 0}, {1000, .018, .034, 0, 0},
	} {
		null, err := stats.NewPSINull(test.rows, test.rows, 10)
		if err != nil {
			t.Fatal(err)
		}
		for what, pair := range map[string][2]float64{
			"mean": {null.Mean(), test.mean}, "quantile": {null.Quantile(.95), test.quantile},
			"over 0.1": {null.Tail(.1), test.over1}, "over 0.2": {null.Tail(.2), test.over2},
		} {
			if math.Abs(pair[0]-pair[1]) > .005 {
				t.Errorf("%d rows, %s: %v, want %v", test.rows, what, pair[0], pair[1])
			}
		}
		near(t, "power without drift", null.Power(0), stats.Alpha, 1e-6)
		smallest, err := null.Detectable(.8)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "power at the smallest", null.Power(smallest), .8, 1e-9)
	}
}

func TestDetectableEffectsShrinkWithRows(t *testing.T) {
	for rows, want := range map[int]float64{100: .192, 10_000: .0192, 100_000: .0061} {
		got, err := stats.KSCritical(rows, rows, .05)
		if err != nil || math.Abs(got-want) > 5e-4 {
			t.Errorf("%d rows: %v, want %v (%v)", rows, got, want, err)
		}
	}
	few, err := stats.KSDetectable(100, 100, .8)
	if err != nil {
		t.Fatal(err)
	}
	many, err := stats.KSDetectable(1000, 1000, .8)
	if err != nil || !(many < few && few < 1) {
		t.Errorf("%v and %v, %v", few, many, err)
	}
	// Cohen 1988, table 7.4.4 (w = 0.3, one degree of freedom: 87 rows for power .8).
	v, err := stats.CramersVDetectable(87, 2, 2, .8)
	if err != nil || math.Abs(v-.3) > .002 {
		t.Errorf("V %v, %v", v, err)
	}
}
