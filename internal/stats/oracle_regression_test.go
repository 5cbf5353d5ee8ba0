package stats_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func testLogistic(t *testing.T, section entry) {
	for _, e := range section.each() {
		id := e.text("id")
		terms := e.texts("full_fit", "terms")[1:]
		design := map[string]string{"melanoma_death": "melanoma"}[id]
		if design == "" {
			design = id
		}
		c, source := readCohort(t, design, terms...)
		if d := designs[design]; e.text("dataset") != d.dataset || e.text("filter") != d.filter {
			t.Errorf("%s is of another data set", id)
		}
		e.near(float64(len(c.event)), 0, "n")
		e.near(float64(count(c.event)), 0, "events")
		all := len(study(t, designs[design].dataset, designs[design].filter)["row"])
		e.near(float64(all-len(c.event)), 0, "rows_dropped_incomplete")
		testFullFit(t, e.at("full_fit"), c)
		testSplitFit(t, e.at("split_fit"), c, source)
	}
}

func testFullFit(t *testing.T, e entry, c cohort) {
	fit := must[stats.LogisticFit](t)(stats.Logistic(c.x, c.event, 0))
	coef, se := append([]float64{fit.Intercept}, fit.Coef...), append([]float64{fit.InterceptSE}, fit.SE...)
	e.nearAll(coef, iterated, "coef")
	e.nearAll(se, iterated, "se")
	e.nearAll(ratios(coef, se), iterated, "z")
	e.nearAll(twoSided(coef, se), iterated, "p")
	e.near(fit.LogLikelihood, closed, "loglik")
	e.near(-2*fit.LogLikelihood, closed, "deviance")
	e.near(2*float64(len(coef))-2*fit.LogLikelihood, closed, "aic")
	null := must[stats.LogisticFit](t)(stats.Logistic(make([][]float64, len(c.event)), c.event, 0))
	e.near(-2*null.LogLikelihood, closed, "null_deviance")
	testRisks(t, e.at("apparent"), risks(c, fit), c.event)
}

func ratios(a, b []float64) []float64 {
	var quotients []float64
	for i := range a {
		quotients = append(quotients, a[i]/b[i])
	}
	return quotients
}

func twoSided(coef, se []float64) []float64 {
	var p []float64
	for _, z := range ratios(coef, se) {
		p = append(p, math.Erfc(math.Abs(z)/math.Sqrt2))
	}
	return p
}

func risks(c cohort, fit stats.LogisticFit) []float64 {
	scores := c.risk(fit.Coef)
	for i := range scores {
		scores[i] = 1 / (1 + math.Exp(-scores[i]-fit.Intercept))
	}
	return scores
}

// testRisks allows the recalibration of a model on its own data, which is 0 and
// 1, to be 0 to six digits.
func testRisks(t *testing.T, e entry, scores []float64, labels []bool) {
	e.near(float64(len(labels)), 0, "n")
	e.near(float64(count(labels)), 0, "events")
	area := deLong(t, scores, labels)
	interval := area.Interval(stats.Alpha)
	e.near(area.Value, closed, "auc")
	e.near(math.Sqrt(area.Variance), closed, "auc_delong_se")
	e.nearAll([]float64{interval.Low, interval.High}, closed, "auc_delong_ci95")
	brier, err := stats.Brier(scores, labels)
	e.near(value(t, brier, err), iterated, "brier")
	loss, err := stats.LogLoss(scores, labels)
	e.near(value(t, loss, err), iterated, "log_loss")
	ratio, err := stats.OERatio(scores, labels)
	e.near(value(t, ratio, err), iterated, "oe_ratio")
	calibration, err := stats.Calibrate(scores, labels)
	e.near(value(t, calibration.Slope, err), iterated, "calibration_slope")
	large, err := stats.CalibrationInTheLarge(scores, labels)
	for key, got := range map[string]float64{
		"calibration_intercept":    value(t, calibration.Intercept, err),
		"calibration_in_the_large": value(t, large, err),
	} {
		if want := e.number(key); math.Abs(got-want) > iterated*math.Max(math.Abs(want), .01) {
			t.Errorf("%s/%s: got %v, want %v", e.path, key, got, want)
		}
	}
}

// testSplitFit fits two rows of three and tests on the third.
func testSplitFit(t *testing.T, e entry, c cohort, source []float64) {
	var train, test cohort
	var tested []float64
	for i := range c.x {
		part := &train
		if (i+1)%3 == 0 {
			part = &test
			tested = append(tested, source[i])
		}
		part.x, part.event = append(part.x, c.x[i]), append(part.event, c.event[i])
	}
	fit := must[stats.LogisticFit](t)(stats.Logistic(train.x, train.event, 0))
	if terms := e.texts("terms"); len(terms) != len(fit.Coef)+1 {
		t.Errorf("%s: terms %v", e.path, terms)
	}
	e.nearAll(append([]float64{fit.Intercept}, fit.Coef...), iterated, "coef")
	scores := risks(test, fit)
	testRisks(t, e.at("test"), scores, test.event)
	e.nearAll(scores[:5], iterated, "first_5_test_probabilities")
	e.nearAll(tested[:5], 0, "first_5_test_csv_rows_1based")
}

func testConditional(t *testing.T, section entry) {
	for _, e := range section.each() {
		if e.text("id") != "thailand_conditional" {
			t.Fatalf("no design %q", e.path)
		}
		data := study(t, e.text("dataset"), "")
		columns := [][]float64{data.number(t, "smoking"), data.number(t, "alcohol"), data.number(t, "rubber")}
		var x [][]float64
		var sets []int
		for row, set := range data.number(t, "matset") {
			x, sets = append(x, []float64{columns[0][row], columns[1][row], columns[2][row]}), append(sets, int(set))
		}
		fit := must[stats.ConditionalFit](t)(stats.ConditionalLogistic(x, data.is("case", "1"), sets))
		e.nearAll(fit.Coef, iterated, "coef")
		e.nearAll(fit.SE, iterated, "se")
		e.nearAll([]float64{fit.NullLogLikelihood, fit.LogLikelihood}, closed, "loglik")
	}
}

func testCox(t *testing.T, section entry) {
	for _, e := range section.each() {
		id := e.text("id")
		c, _ := readCohort(t, id, e.texts("terms")...)
		if d := designs[id]; e.text("dataset") != d.dataset || e.text("filter") != d.filter {
			t.Errorf("%s is of another data set", id)
		}
		e.near(float64(len(c.event)), 0, "n")
		e.near(float64(count(c.event)), 0, "events")
		fit := must[stats.CoxFit](t)(stats.Cox(c.x, c.time, c.event, 0))
		testEfron(t, e.at("efron"), fit, c)
		breslow := must[stats.CoxFit](t)(stats.CoxBreslow(c.x, c.time, c.event, 0))
		e.nearAll(breslow.Coef, iterated, "breslow", "coef")
		e.nearAll(breslow.SE, iterated, "breslow", "se")
		e.near(breslow.LogLikelihood, closed, "breslow", "loglik")
		testConcordance(t, e, c, fit)
		testProportional(t, e.at("cox_zph_km"), c, fit)
	}
}

func testEfron(t *testing.T, e entry, fit stats.CoxFit, c cohort) {
	e.nearAll(fit.Coef, iterated, "coef")
	e.nearAll(fit.SE, iterated, "se")
	e.nearAll(ratios(fit.Coef, fit.SE), iterated, "z")
	e.nearAll(twoSided(fit.Coef, fit.SE), iterated, "p")
	var hazardRatios []float64
	for _, b := range fit.Coef {
		hazardRatios = append(hazardRatios, math.Exp(b))
	}
	e.nearAll(hazardRatios, iterated, "hr")
	e.near(fit.NullLogLikelihood, closed, "loglik_null")
	e.near(fit.LogLikelihood, closed, "loglik")
	e.near(fit.LikelihoodRatio, iterated, "lr_chi2")
	e.near(fit.Score, iterated, "score_chi2")
	if want := e.number("wald_chi2"); math.Abs(fit.Wald-want) > .005+1e-9 { // R rounds it to two places
		t.Errorf("%s/wald_chi2: got %v, want %v", e.path, fit.Wald, want)
	}
	baseline := e.at("baseline_cumhaz_uncentred")
	var hazards []float64
	steps := must[[]stats.HazardStep](t)(fit.BaselineHazard(c.x, c.time, c.event))
	for _, at := range baseline.numbers("times") {
		hazard := 0.0
		for _, step := range steps {
			if step.Time <= at {
				hazard = step.Hazard
			}
		}
		hazards = append(hazards, hazard)
	}
	baseline.nearAll(hazards, iterated, "H0")
}

func testConcordance(t *testing.T, e entry, c cohort, fit stats.CoxFit) {
	scores := c.risk(fit.Coef)
	harrell := must[stats.Ranking](t)(stats.Harrell(scores, c.time, c.event))
	e.near(harrell.Value, closed, "harrell_c", "concordance")
	e.near(math.Sqrt(harrell.Variance), closed, "harrell_c", "se")
	pairs := must[stats.PairCounts](t)(stats.CountPairs(scores, c.time, c.event))
	for key, got := range map[string]int{
		"concordant": pairs.Concordant, "discordant": pairs.Discordant,
		"tied.x": pairs.TiedScore, "tied.y": pairs.TiedTime, "tied.xy": pairs.TiedBoth,
	} {
		e.near(float64(got), 0, "harrell_c", "counts", key)
	}
	e.near(must[stats.Ranking](t)(stats.Uno(scores, c.time, c.event)).Value, closed, "uno_c_n_over_G2")
}

func testProportional(t *testing.T, e entry, c cohort, fit stats.CoxFit) {
	tests, global, err := fit.ProportionalHazards(c.x, c.time, c.event)
	if err != nil {
		t.Fatal(err)
	}
	tests = append(tests, global)
	var statistics, degrees, p []float64
	for _, test := range tests {
		statistics, degrees, p = append(statistics, test.Statistic), append(degrees, float64(test.DegreesOfFreedom)), append(p, test.P)
	}
	if terms := e.texts("terms"); len(terms) != len(tests) {
		t.Errorf("%s: terms %v", e.path, terms)
	}
	e.nearAll(statistics, iterated, "chisq")
	e.nearAll(degrees, 0, "df")
	e.nearAll(p, 1e-5, "p") // far out in the tail P moves faster than the statistic
}
