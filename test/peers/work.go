package main

import (
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// contest is one piece of work that we and a peer both do.
type contest struct {
	what    string
	program string // python or R
	peer    string // package and function
	ask     string // the name by which peers.py or peers.R knows it
	ours    func(data) ([]float64, error)

	// agree is how far the peer's values may lie from ours, one by one; what we
	// have beyond the peer's last value it does not compute.
	agree []float64
}

const (
	same     = 1e-12
	fitted   = 1e-6 // iterations end elsewhere
	binned   = 1e-7 // a value on the edge of a bin
	limiting = 1e-3 // scipy, and evidently with it, takes the exact distribution at the harmonic sample size; we and R take the limit
	resample = 5e-3 // other random numbers
)

var contests = []contest{
	{"AUROC, 1,000,000 rows (theirs without a variance)", "python", "scikit-learn `roc_auc_score`", "auroc", delong, []float64{same}},
	{"AUROC with DeLong's variance, 1,000,000 rows", "python", "numpy, Sun and Xu's algorithm", "delong", delong, []float64{same, same}},
	{"AUROC with DeLong's variance, 1,000,000 rows", "R", "pROC `var(roc)`", "delong", delong, []float64{same, same}},
	{"AUROC, 2,000 stratified resamples of 10,000 rows", "python", "scikit-learn `roc_auc_score` in a loop", "bootstrap", bootstrap, []float64{same, resample, resample}},
	{"AUROC, 2,000 stratified resamples of 10,000 rows", "R", "pROC `ci.auc(method = \"bootstrap\")`", "bootstrap", bootstrap, []float64{same, resample, resample}},
	{"Cox regression, 100,000 rows, 5 columns", "python", "lifelines `CoxPHFitter`", "lifelines", cox, every(fitted, coxColumns)},
	{"Cox regression, 100,000 rows, 5 columns", "python", "scikit-survival `CoxPHSurvivalAnalysis`", "sksurv", cox, every(fitted, coxColumns)},
	{"Cox regression, 100,000 rows, 5 columns", "python", "statsmodels `PHReg`", "phreg", cox, every(fitted, coxColumns)},
	{"Cox regression, 100,000 rows, 5 columns", "R", "survival `coxph`", "cox", cox, every(fitted, coxColumns)},
	{"Kolmogorov-Smirnov and PSI, 10 columns, 1,000,000 rows against as many", "python", "scipy `ks_2samp` and numpy", "drift", drift, append(every(same, driftColumn), every(binned, driftColumn)...)},
	{"Kolmogorov-Smirnov p values, 10 columns, 1,000,000 rows against as many", "python", "evidently `DataDriftPreset`", "evidently", driftP, every(limiting, driftColumn)},
}

func every(tolerance float64, values int) []float64 {
	all := make([]float64, values)
	for i := range all {
		all[i] = tolerance
	}
	return all
}

func delong(given data) ([]float64, error) {
	ranking, err := stats.DeLong(given.scores, given.labels)
	return []float64{ranking.Value, math.Sqrt(ranking.Variance)}, err
}

func bootstrap(given data) ([]float64, error) {
	estimate, err := stats.AUROCEstimate(given.scores[:resampled], given.labels[:resampled], [32]byte{1})
	return []float64{estimate.Value, estimate.Low, estimate.High}, err
}

func cox(given data) ([]float64, error) {
	fit, err := stats.Cox(given.covariates, given.time, given.event, 0)
	return fit.Coef, err
}

// drift gives every column's distance, then every column's PSI.
func drift(given data) ([]float64, error) {
	var distances, indices []float64
	for column, reference := range given.reference {
		test, err := stats.KolmogorovSmirnov(given.current[column], reference)
		if err != nil {
			return nil, err
		}
		index, err := psi(reference, given.current[column])
		if err != nil {
			return nil, err
		}
		distances, indices = append(distances, test.D), append(indices, index)
	}
	return append(distances, indices...), nil
}

func psi(reference, current []float64) (float64, error) {
	edges, err := stats.Deciles(reference)
	if err != nil {
		return 0, err
	}
	before, err := stats.BinCounts(reference, edges)
	if err != nil {
		return 0, err
	}
	after, err := stats.BinCounts(current, edges)
	if err != nil {
		return 0, err
	}
	return stats.PSI(before, after)
}

func driftP(given data) ([]float64, error) {
	var values []float64
	for column, reference := range given.reference {
		test, err := stats.KolmogorovSmirnov(given.current[column], reference)
		if err != nil {
			return nil, err
		}
		values = append(values, test.P)
	}
	return values, nil
}
