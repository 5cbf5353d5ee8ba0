package stats_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// A model of the Rotterdam tumour bank, validated on the German trial as in
// Royston and Altman 2013 (BMC Med Res Methodol 13:33); values of R's survival.
func TestRotterdamModelOnTheGermanTrial(t *testing.T) {
	terms := []string{"nodes", "grade", "age", "meno", "log_pgr", "log_er"}
	developed := breastCancer(t, "rotterdam_rfs", terms)
	fit := must[stats.CoxFit](t)(stats.Cox(developed.x, developed.time, developed.event, 0))
	near(t, "nodes", fit.Coef[0], .084321944, printed)
	near(t, "grade", fit.Coef[1], .360061699, printed)
	concordance := must[stats.Ranking](t)
	near(t, "apparent C", concordance(stats.Harrell(developed.risk(fit.Coef), developed.time, developed.event)).Value, .6591685687, printed)
	trial := breastCancer(t, "gbsg", terms)
	scores := trial.risk(fit.Coef)
	external := concordance(stats.Harrell(scores, trial.time, trial.event))
	near(t, "external C", external.Value, .6592559, printed)
	near(t, "its error", math.Sqrt(external.Variance), .01603953, printed)
	rows := make([][]float64, len(scores))
	for row := range rows {
		rows[row] = scores[row : row+1]
	}
	near(t, "slope", must[stats.CoxFit](t)(stats.Cox(rows, trial.time, trial.event, 0)).Coef[0], .7290951, printed)
}

// breastCancer gives both data sets the same columns; grade is a number, and
// receptors are on the scale of log(1+x).
func breastCancer(t *testing.T, id string, terms []string) cohort {
	t.Helper()
	d := designs[id]
	data := study(t, d.dataset, d.filter)
	of := columns{"nodes": plain("nodes"), "grade": plain("grade"), "age": plain("age"), "meno": plain("meno"),
		"log_pgr": mapped("pgr", logOfOneMore), "log_er": mapped("er", logOfOneMore)}
	c := cohort{time: d.time(t, data), event: d.event(data)}
	c.x = make([][]float64, len(c.time))
	for _, term := range terms {
		for row, value := range of[term](t, data) {
			c.x[row] = append(c.x[row], value)
		}
	}
	return c
}

// Logistic regression on the thirty standardised features, penalty 1, trained on
// four fifths and asked of the fifth (row number modulo 5): scikit-learn's
// LogisticRegression(C=1) behind a StandardScaler.
func TestWisconsinCrossValidation(t *testing.T) {
	const folds = 5
	data := readPatients(t, "breast_wdbc.csv")
	malignant := data.is("diagnosis", "malignant")
	rows := make([][]float64, len(malignant))
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if name == "diagnosis" || name == "row" {
			continue
		}
		for row, value := range data.number(t, name) {
			rows[row] = append(rows[row], value)
		}
	}
	scores := make([]float64, len(rows))
	for fold := range folds {
		train, labels := [][]float64{}, []bool{}
		for row := range rows {
			if row%folds != fold {
				train, labels = append(train, rows[row]), append(labels, malignant[row])
			}
		}
		scale := standardiser(train)
		fit := must[stats.LogisticFit](t)(stats.Logistic(scale(train), labels, 1))
		for row, x := range scale(rows) {
			if row%folds == fold {
				scores[row] = 1 / (1 + math.Exp(-fit.Intercept-cohort{x: [][]float64{x}}.risk(fit.Coef)[0]))
			}
		}
	}
	near(t, "auroc", deLong(t, scores, malignant).Value, .9951376777, printed)
	brier, err := stats.Brier(scores, malignant)
	near(t, "brier", value(t, brier, err), .0195178, 2e-5) // an optimiser that stops earlier
	near(t, "accuracy", share(t, must[stats.Confusion](t)(stats.Confuse(scores, malignant, .5)).Accuracy()), .9771528998, printed)
	benign := make([]bool, len(malignant)) // the positive class there
	for row, label := range malignant {
		benign[row], scores[row] = !label, 1-scores[row]
	}
	near(t, "average precision", must[float64](t)(stats.AveragePrecision(scores, benign)), .9964852, printed)
}

// standardiser subtracts means and divides by standard deviations of a sample,
// the population's formula.
func standardiser(sample [][]float64) func([][]float64) [][]float64 {
	mean, spread := make([]float64, len(sample[0])), make([]float64, len(sample[0]))
	for j := range mean {
		for _, x := range sample {
			mean[j] += x[j] / float64(len(sample))
		}
		for _, x := range sample {
			spread[j] += (x[j] - mean[j]) * (x[j] - mean[j]) / float64(len(sample))
		}
	}
	return func(rows [][]float64) [][]float64 {
		scaled := make([][]float64, len(rows))
		for row, x := range rows {
			for j := range x {
				scaled[row] = append(scaled[row], (x[j]-mean[j])/math.Sqrt(spread[j]))
			}
		}
		return scaled
	}
}
