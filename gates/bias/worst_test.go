package bias_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// Sixteen women of whom 8 have the event and 6 are found, sixteen men of whom 4
// have it and all are found.
func served(t *testing.T) measurements {
	t.Helper()
	var scores []float64
	var labels []bool
	sex := sexes()
	add := func(of string, n int, label bool, score float64) {
		for range n {
			scores, labels, sex.Values = append(scores, score), append(labels, label), append(sex.Values, of)
		}
	}
	add("f", 6, true, .8)
	add("f", 2, true, .2)
	add("f", 8, false, .2)
	add("m", 4, true, .8)
	add("m", 8, false, .8)
	add("m", 4, false, .4)
	measured, err := bias.Binary(scores, labels, .5, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	return measured
}

func TestTheWorstServedCohortIsTold(t *testing.T) {
	all := served(t)
	found, women, men := .75, 8/(6*.8+10*.2), 4/(12*.8+4*.4)
	all.check(t, "worst_sensitivity", "sex", &found)
	all.check(t, "oe_ratio", "sex=f", &women)
	all.check(t, "oe_ratio", "sex=m", &men)
	all.check(t, "highest_oe_ratio", "sex", &women)
	all.check(t, "lowest_oe_ratio", "sex", &men)
	one, alarm := 1., 1./3
	all.check(t, "ppv", "sex=f", &one)
	all.check(t, "ppv", "sex=m", &alarm)
	all.check(t, "ppv_ratio", "sex", &alarm)
	ofWomen := .8 // of npv: 8 of 10 and 4 of 4
	all.check(t, "npv", "sex=f", &ofWomen)
	all.check(t, "npv_ratio", "sex", &ofWomen)
	benefit, harm := 6./16, (4.-8)/16
	all.check(t, "net_benefit", "sex=f", &benefit)
	all.check(t, "net_benefit", "sex=m", &harm)
	if worst, own := all.find(t, "worst_sensitivity", "sex"), all.find(t, "sensitivity", "sex=f"); worst.N != 8 || worst.Low.Float() >= own.Low.Float() {
		t.Errorf("two cohorts at once are as sure as one: %+v, %+v", worst, own)
	}
}

// At a sensitivity of 10/12, 263 positives are needed. The men have 4 among 16,
// so 259 more are found among four times as many.
func TestHowManyPatientsWouldSettleIt(t *testing.T) {
	all := served(t)
	positives, patients := all.find(t, "positives_needed", "sex"), all.find(t, "patients_needed", "sex")
	if positives.Value != "259" || patients.Value != "1036" || patients.N != 16 {
		t.Errorf("got %+v and %+v", positives, patients)
	}
}

// A cohort in which nobody has the event is served as badly as can be, for all
// one knows, and has an observed over expected ratio of 0.
func TestACohortWithoutEventsIsTheWorstThatCanBe(t *testing.T) {
	scores := []float64{.9, .1, .8, .2, .3, .4, .3, .1}
	measured, err := bias.Binary(scores, flags("1 0 1 0 0 0 0 0"), .5, []bias.Attribute{sexes("a", "a", "a", "a", "c", "c", "c", "c")})
	if err != nil {
		t.Fatal(err)
	}
	all, one, none := measurements(measured), 1., 0.
	all.check(t, "worst_sensitivity", "sex", &one)
	all.check(t, "lowest_oe_ratio", "sex", &none)
	seven, many := 71., 284. // of whom one in four has the event, as of all
	all.check(t, "positives_needed", "sex", &seven)
	all.check(t, "patients_needed", "sex", &many)
	all.check(t, "calibration_slope", "sex=c", nil)
	if worst, ratio := all.find(t, "worst_sensitivity", "sex"), all.find(t, "oe_ratio", "sex=c"); worst.Low != "0" || ratio.High.Float() < 1 {
		t.Errorf("got %+v and %+v", worst, ratio)
	}
}

func TestOnlyProbabilitiesExpectEvents(t *testing.T) {
	attribute := []bias.Attribute{sexes("a", "a", "b", "b")}
	logits, err := bias.Binary([]float64{2, -1, .9, .2}, flags("1 0 1 0"), .5, attribute)
	if err != nil {
		t.Fatal(err)
	}
	zeros, err := bias.Binary([]float64{.9, .1, 0, 0}, flags("1 0 1 0"), .5, attribute)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lowest_oe_ratio", "highest_oe_ratio", "lowest_calibration_slope", "highest_calibration_slope"} {
		measurements(logits).check(t, name, "sex", nil)
	}
	for _, all := range []measurements{logits, zeros} {
		all.check(t, "oe_ratio", "sex=b", nil)
	}
	measurements(logits).check(t, "net_benefit", "sex=a", nil)
	lowest, highest := measurements(zeros).find(t, "lowest_oe_ratio", "sex"), measurements(zeros).find(t, "highest_oe_ratio", "sex")
	if lowest.Low != "0" || highest.High != "1000" || lowest.Value != highest.Value {
		t.Errorf("a cohort of which nothing is expected may have any ratio: got %+v and %+v", lowest, highest)
	}
	unnamed, err := bias.Binary([]float64{.9, .1}, flags("1 0"), .5, []bias.Attribute{sexes("", "")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"worst_sensitivity", "lowest_oe_ratio", "highest_oe_ratio", "lowest_calibration_slope", "ppv_ratio", "patients_needed", "fewest_positives"} {
		measurements(unnamed).check(t, name, "sex", nil)
	}
	for _, m := range unnamed {
		if m.Group == "sex" && m.N != 0 {
			t.Errorf("of no cohort: %+v", m)
		}
	}
}

// Both slopes are bounded at once, each at half the level: the intervals of one
// cohort are wider by the ratio of normal quantiles, 2.2414 to 1.9600.
func TestTheSlopesOfAllCohortsAreBoundedAtOnce(t *testing.T) {
	scores, labels, columns := readPredictions(t, "predictions_tcga_coad.csv")
	measured, err := bias.Binary(scores, labels, .3, []bias.Attribute{{Column: "gender", Values: columns["gender"]}})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	women, men := all.find(t, "calibration_slope", "gender=FEMALE"), all.find(t, "calibration_slope", "gender=MALE")
	least, most := women, men
	if men.Value.Float() < women.Value.Float() {
		least, most = men, women
	}
	lowest, highest := all.find(t, "lowest_calibration_slope", "gender"), all.find(t, "highest_calibration_slope", "gender")
	if lowest.Value != least.Value || highest.Value != most.Value {
		t.Errorf("got %+v and %+v of %+v and %+v", lowest, highest, women, men)
	}
	wider := (lowest.Value.Float() - lowest.Low.Float()) / (least.Value.Float() - least.Low.Float())
	if math.Abs(wider-2.241402727604947/1.959963984540054) > 1e-9 {
		t.Errorf("wider by %v", wider)
	}
}
