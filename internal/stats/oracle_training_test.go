package stats_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// trainings are the models of the oracle whose rows are in testdata: death
// within a horizon, rows censored before it dropped.
var trainings = map[string]struct {
	design  string
	horizon float64
	terms   []string
}{
	"colorectal_slovenia": {"colorectal_slovenia", 365, []string{"age_years", "female", "rectum", "stage2", "stage3", "stage99"}},
	"breast_rotterdam":    {"rotterdam_death", 1826, []string{"age", "meno", "size20_50", "size50", "grade3", "nodes", "log_pgr", "log_er"}},
}

// testTraining refits scikit-learn's LogisticRegression(C = 1), which is a ridge
// of 1 on standardised columns, on the rows that are not of the holdout. Its
// optimiser stops where ours would not: five places are left.
func testTraining(t *testing.T, e entry) {
	training, known := trainings[e.text("dataset")]
	if !known {
		return
	}
	c, _ := readCohort(t, training.design, training.terms...)
	var train cohort
	kept := 0
	for i, time := range c.time {
		died := c.event[i] && time <= training.horizon
		if !died && time < training.horizon {
			continue
		}
		if kept++; kept%3 != 0 {
			train.x, train.event = append(train.x, c.x[i]), append(train.event, died)
		}
	}
	e.near(float64(len(train.x)), 0, "n_train")
	means, deviations := standardise(train.x)
	want := e.at("lr_coefficients_standardised")
	want.nearAll(means, closed, "train_mean")
	want.nearAll(deviations, closed, "train_sd_ddof0")
	fit := must[stats.LogisticFit](t)(stats.Logistic(train.x, train.event, 1))
	coefficients := want.numbers("coef")
	for j, got := range append(fit.Coef, fit.Intercept) {
		if wanted := append(coefficients, want.number("intercept"))[j]; math.Abs(got-wanted) > 1e-5 {
			t.Errorf("%s: coefficient %d: got %v, want %v", e.path, j+1, got, wanted)
		}
	}
}

// standardise gives the mean and the population's standard deviation of every
// column, and rewrites the rows by them.
func standardise(x [][]float64) (means, deviations []float64) {
	for j := range x[0] {
		mean, squares, n := 0.0, 0.0, float64(len(x))
		for _, row := range x {
			mean += row[j] / n
		}
		for _, row := range x {
			squares += (row[j] - mean) * (row[j] - mean)
		}
		means, deviations = append(means, mean), append(deviations, math.Sqrt(squares/n))
	}
	standardised := make([][]float64, len(x))
	for i, row := range x {
		for j, value := range row {
			standardised[i] = append(standardised[i], (value-means[j])/deviations[j])
		}
	}
	copy(x, standardised)
	return means, deviations
}
