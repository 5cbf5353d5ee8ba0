package bias_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// Of four women two have the event by day 10, one of them after a third was
// censored: 1 - 3/4·1/2 = 5/8, where 1/2 was predicted. Of four men nobody has
// it, and all are followed to the horizon.
func followed() (risks, time []float64, event []bool, sex bias.Attribute) {
	return []float64{.8, .6, .4, .2, .1, .1, .1, .1}, []float64{2, 3, 5, 20, 10, 11, 12, 13},
		flags("1 0 1 0 0 0 0 0"), sexes("f", "f", "f", "f", "m", "m", "m", "m")
}

func TestObservedOverExpectedEventsByTheHorizon(t *testing.T) {
	risks, time, event, sex := followed()
	measured, err := bias.Horizon(risks, time, event, 10, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	all, one, women, men := measurements(measured), 1., 1.25, 0.
	all.check(t, "horizons", "", &one)
	all.check(t, "oe_ratio", "sex=f", &women)
	all.check(t, "oe_ratio", "sex=m", &men)
	all.check(t, "highest_oe_ratio", "sex", &women)
	all.check(t, "lowest_oe_ratio", "sex", &men)
	// Nobody of four: at most 1-0.025^(1/4) of them, by Clopper and Pearson.
	if none := all.find(t, "oe_ratio", "sex=m"); math.Abs(none.High.Float()-(1-math.Pow(.025, .25))/.1) > 1e-9 || none.Low != "0" {
		t.Errorf("got %+v", none)
	}
	// Two cohorts at once are less sure than one.
	if single, worst := all.find(t, "oe_ratio", "sex=f"), all.find(t, "highest_oe_ratio", "sex"); worst.High.Float() <= single.High.Float() {
		t.Errorf("got %+v, alone %+v", worst, single)
	}
}

func TestACohortThatNobodyFollowedToTheHorizonMayHaveAnyRatio(t *testing.T) {
	risks, time, event, sex := followed()
	women := 1.25
	for _, horizon := range []float64{14, 15} { // the men are followed to day 13, one woman to 20
		measured, err := bias.Horizon(risks, time, event, horizon, []bias.Attribute{sex})
		if err != nil {
			t.Fatal(err)
		}
		all := measurements(measured)
		all.check(t, "oe_ratio", "sex=m", nil)
		lowest, highest := all.find(t, "lowest_oe_ratio", "sex"), all.find(t, "highest_oe_ratio", "sex")
		all.check(t, "lowest_oe_ratio", "sex", &women)
		if lowest.Low != "0" || highest.High != "1000" {
			t.Errorf("got %+v and %+v", lowest, highest)
		}
	}
	measured, err := bias.Horizon(risks, time, event, 30, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	measurements(measured).check(t, "lowest_oe_ratio", "sex", nil)
}

func TestWithoutAHorizonNothingIsPredicted(t *testing.T) {
	risks, time, event, sex := followed()
	measured, err := bias.Horizon(nil, time, event, 0, []bias.Attribute{sex})
	if err != nil || len(measured) != 1 || measured[0].Name != "horizons" || measured[0].Value != "0" {
		t.Errorf("got %+v, %v", measured, err)
	}
	measured, err = bias.Horizon(nil, time, event, 10, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	if lowest := measurements(measured).find(t, "lowest_oe_ratio", "sex"); lowest.Value != "" || !strings.Contains(lowest.Method, "no risks") {
		t.Errorf("got %+v", lowest)
	}
	short := sexes("f")
	for want, test := range map[string]struct {
		risks     []float64
		horizon   float64
		attribute bias.Attribute
	}{
		"the horizon NaN is not a time":     {risks, math.NaN(), sex},
		"the horizon -1 is not a time":      {risks, -1, sex},
		"the horizon +Inf is not a time":    {risks, math.Inf(1), sex},
		"different length: 1 risks, 8 rows": {risks[:1], 10, sex},
		"row 2: a value is out of range: 2": {[]float64{0, 2, 0, 0, 0, 0, 0, 0}, 10, sex},
		"row 8: a value is out of range: NaN": {
			[]float64{0, 0, 0, 0, 0, 0, 0, math.NaN()}, 10, sex},
		"1 values for 8 rows": {risks, 10, short},
	} {
		if _, err := bias.Horizon(test.risks, time, event, test.horizon, []bias.Attribute{test.attribute}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// The candidate orders the women backwards, as the champion does the men.
func TestACohortMayLoseTheOrderThatTheOtherGains(t *testing.T) {
	var scores, champion, time []float64
	var event []bool
	sex := bias.Attribute{Column: "sex"}
	for i := range 60 {
		day := float64(1 + i/2)
		forth, back := 100-day, day
		if i%2 == 0 {
			forth, back = back, forth
		}
		scores, champion = append(scores, forth), append(champion, back)
		time, event, sex.Values = append(time, day), append(event, true), append(sex.Values, []string{"f", "m"}[i%2])
	}
	var seed [32]byte
	measured, err := bias.SurvivalChanges(scores, champion, time, event, seed, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	all, women, men := measurements(measured), -1., 1.
	all.check(t, "c_index_change", "sex=f", &women)
	all.check(t, "c_index_change", "sex=m", &men)
	all.check(t, "worst_c_index_change", "sex", &women)
	again, err := bias.SurvivalChanges(scores, champion, time, event, seed, []bias.Attribute{sex})
	if err != nil || !slices.Equal(again, measured) {
		t.Errorf("got %+v, and then %+v, %v", measured, again, err)
	}
	for want, test := range map[string][2][]float64{
		"champion's scores: columns of different length": {scores, champion[1:]},
		"scores: columns of different length":            {scores[1:], champion},
	} {
		if _, err := bias.SurvivalChanges(test[0], test[1], time, event, seed, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

func TestGateComparesASurvivalModelWithItsRisksAndItsChampion(t *testing.T) {
	c := candidate(t, repeated(6), v1alpha1.Survival, slices.Repeat([]float64{.9, .2, .8, .1, .3, .4}, 6)...)
	c.Model.Spec.Horizon = 60
	c.Risks = slices.Repeat([]float64{.5}, 36)
	c.ChampionScores = slices.Repeat([]float64{.2, .9, .1, .8, .3, .4}, 6)
	measured, err := bias.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	all, one, women, men := measurements(measured), 1., 1., 4./3
	all.check(t, "horizons", "", &one)
	all.check(t, "champions", "", &one)
	all.check(t, "lowest_oe_ratio", "sex", &women)
	all.check(t, "highest_oe_ratio", "sex", &men)
	if worst := all.find(t, "worst_c_index_change", "sex"); worst.Value == "" {
		t.Errorf("got %+v", worst)
	}
	c.Risks[3] = math.NaN()
	if _, err := (bias.Gate{}).Measure(context.Background(), c); err == nil || !strings.Contains(err.Error(), "holdout.csv: risks by the horizon: row 4") {
		t.Errorf("got %v", err)
	}
}

// 29 of 40 women and 40 of 40 men have the event: at a concordance whose
// variance is that of so few, many more are needed.
func TestHowManyEventsWouldSettleTheOrder(t *testing.T) {
	var scores, time []float64
	var event []bool
	sex := bias.Attribute{Column: "sex"}
	for i := range 80 {
		scores = append(scores, float64((i*37)%80))
		time, event = append(time, float64(80-i)), append(event, i%2 == 1 || i >= 22)
		sex.Values = append(sex.Values, []string{"f", "m"}[i%2])
	}
	measured, err := bias.Survival(scores, time, event, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	fewest, positives, patients := all.find(t, "fewest_positives", "sex"), all.find(t, "positives_needed", "sex"), all.find(t, "patients_needed", "sex")
	if fewest.Value != "29" || fewest.N != 40 {
		t.Errorf("got %+v", fewest)
	}
	women := all.find(t, "c_index", "sex=f")
	half := (women.High.Float() - women.Low.Float()) / 2
	want := math.Ceil(29*2*half*half/(.05*.05)) - 29
	if got := positives.Value.Float(); math.Abs(got-want) > 1 {
		t.Errorf("got %+v, want %v of %+v", positives, want, women)
	}
	if got, want := patients.Value.Float(), math.Ceil(positives.Value.Float()*40/29); got != want {
		t.Errorf("got %v patients, want %v", got, want)
	}
	if p := all.find(t, "equivalence_p", "c_index sex"); p.Value != "1" {
		t.Errorf("got %+v", p)
	}
}
