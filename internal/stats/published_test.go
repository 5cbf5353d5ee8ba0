package stats_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Ozone in New York in May and August 1973, R's airquality, days without a
// measurement left out.
var (
	ozoneMay    = []float64{41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37}
	ozoneAugust = []float64{39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85}
)

func TestRankSumOfTheManuals(t *testing.T) {
	exact := must[stats.ExactP](t)
	rank := must[stats.MannWhitneyTest](t)
	males, females := []float64{19, 22, 16, 29, 24}, []float64{20, 11, 17, 12} // scipy, mannwhitneyu
	near(t, "exact", exact(stats.MannWhitneyExact(males, females)).TwoSided, 1./9, closed)
	near(t, "normal", rank(stats.MannWhitney(males, females)).Uncorrected, .0864107330, printed)
	atTerm := []float64{.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46} // R, ?wilcox.test
	early := []float64{1.15, .88, .90, .74, 1.21}
	got := exact(stats.MannWhitneyExact(atTerm, early))
	near(t, "greater", got.Greater, .1272061, printed)
	near(t, "two-sided", got.TwoSided, .2544123, printed)
	near(t, "uncorrected", rank(stats.MannWhitney(atTerm, early)).Uncorrected, .2206714, printed)
	ozone := rank(stats.MannWhitney(ozoneMay, ozoneAugust))
	near(t, "ozone U", ozone.U, 127.5, closed)
	near(t, "ozone p", ozone.P, .0001208078, printed)
}

// Marsaglia, Tsang and Wang 2003, section 3.
func TestKolmogorovTailOfThePaper(t *testing.T) {
	near(t, "10 values", 1-stats.KolmogorovTail(10, .274), .6284796154565504, 1e-12)
	uniform := func(x float64) float64 { return min(max(x, 0), 1) }
	got := must[stats.KS](t)(stats.KolmogorovSmirnovOne([]float64{.1, .4, .7}, uniform))
	near(t, "D", got.D, .3, closed) // all are below 0.7
	near(t, "three values", stats.KolmogorovTail(1, .75), .5, closed)
}

func TestTablesOfTheManuals(t *testing.T) {
	number := must[float64](t)
	near(t, "scipy, fisher_exact", number(stats.Fisher([][]int{{8, 2}, {1, 5}})), .0349650350, printed)
	near(t, "its odds ratio", must[stats.Estimate](t)(stats.OddsRatio([][]int{{8, 2}, {1, 5}})).Value, 20, closed)
	tea := [][]int{{3, 1}, {1, 3}}
	near(t, "Fisher's tea", number(stats.Fisher(tea)), .4857143, printed)
	near(t, "its odds ratio", number(stats.ConditionalOddsRatio(tea)), 6.408309, 2e-5)
	near(t, "scipy, association", number(stats.CramersV([][]int{{100, 150}, {203, 322}, {420, 700}, {320, 210}})), .1861781308, printed)
	agresti := must[stats.McNemarTest](t)(stats.McNemar(86, 150))
	near(t, "mcnemar", agresti.Statistic, 16.817797, printed)
	near(t, "mcnemar p", agresti.P, 4.114562e-05, printed)
	fleiss := must[stats.ChiSquareTest](t)(stats.ChiSquare([][]int{{83, 3}, {90, 3}, {129, 7}, {70, 12}}))
	near(t, "smokers", fleiss.Statistic, 12.600411, printed)
	near(t, "smokers p", fleiss.P, .005585477, printed)
	// negative, neutral, positive: scikit-learn, cohen_kappa_score
	near(t, "kappa", number(stats.Kappa([][]int{{2, 0, 0}, {0, 1, 0}, {1, 0, 1}})), .6875, closed)
	corrected := number(stats.CramersVCorrected([][]int{{10, 10}, {10, 10}}))
	if corrected != 0 {
		t.Errorf("independence has V %v", corrected)
	}
}

func TestBinomialIntervalsOfThePapers(t *testing.T) {
	conover := stats.Proportion{Successes: 682, Trials: 925}
	near(t, "binom.test", must[stats.ExactP](t)(conover.BinomialTest(.75)).TwoSided, .3824916, printed)
	bounds := func(what string, got stats.Interval, low, high float64) {
		near(t, what+" low", got.Low, low, printed)
		near(t, what+" high", got.High, high, printed)
	}
	bounds("conover", conover.ClopperPearson(stats.Alpha), .7076683, .7654066)
	newcombe := stats.Proportion{Successes: 81, Trials: 263}
	bounds("newcombe, exact", newcombe.ClopperPearson(stats.Alpha), .2527367, .3676219)
	bounds("newcombe, wilson with continuity", newcombe.WilsonContinuity(stats.Alpha), .2535087, .3681762)
}

func TestDistancesOfTheManualOfScipy(t *testing.T) {
	number := must[float64](t)
	near(t, "energy", number(stats.EnergyDistance([]float64{0}, []float64{2})), 2, closed)
	near(t, "weighted", number(stats.WassersteinWeighted([]float64{0, 1}, []float64{3, 1}, []float64{0, 1}, []float64{2, 2})), .25, closed)
	near(t, "four points", number(stats.WassersteinWeighted([]float64{3.4, 3.9, 7.5, 7.8}, []float64{1.4, .9, 3.1, 7.2}, []float64{4.5, 1.4}, []float64{3.2, 3.5})), 4.0781331438, printed)
	near(t, "jensen-shannon, base e", number(stats.JensenShannon([]int{2, 0}, []int{1, 1}))*math.Sqrt(math.Ln2), .4645014041, printed)
	near(t, "kendall", number(stats.Kendall([]float64{12, 2, 1, 12, 2}, []float64{1, 4, 7, 1, 0})), -.47140452079103173, closed)
}

func TestHaemorrhageMarkersOfTheManualOfPROC(t *testing.T) {
	data := readPatients(t, "asah.csv")
	s100b, poor := data.number(t, "s100b"), data.is("outcome", "Poor")
	paired := must[stats.DeLongTest](t)(stats.DeLongPaired(s100b, data.number(t, "wfns"), poor))
	near(t, "covariance", paired.Covariance, .001196155674, closed)
	side := func(gender string) ([]float64, []bool) {
		part := data.where(func(row int) bool { return data["gender"][row] == gender })
		return part.number(t, "s100b"), part.is("outcome", "Poor")
	}
	women, poorWomen := side("Female")
	men, poorMen := side("Male")
	got := must[stats.UnpairedTest](t)(stats.DeLongUnpaired(women, poorWomen, men, poorMen))
	near(t, "women", got.A.Value, .72, closed)
	near(t, "men", got.B.Value, .77272727, printed)
	near(t, "D", got.Student.T, -.50188077, printed)
	near(t, "df", got.Student.DegreesOfFreedom, 106.46255, printed)
	near(t, "p", got.Student.P, .6167878, printed)
	youden := must[stats.ROCPoint](t)(stats.Youden(s100b, poor))
	near(t, "sensitivity", youden.TruePositiveRate, .6341463, printed)
	near(t, "specificity", 1-youden.FalsePositiveRate, .8055556, printed)
	if youden.Threshold != .22 { // pROC names the middle to the score below, .205
		t.Errorf("threshold %v", youden.Threshold)
	}
	near(t, "hanley", must[float64](t)(stats.HanleyMcNeil(.7313685637, 41, 72)), .0512480789, printed)
}

func TestCalibrationCurvesAgreeWithR(t *testing.T) {
	data := readPatients(t, "asah_test_predictions.csv")
	scores, labels := data.number(t, "p"), data.is("y", "1")
	measure := must[stats.CalibrationDistance](t)
	loess := measure(stats.MeasureCalibration(scores, labels, stats.Loess))
	near(t, "ici", loess.ICI, .1257460, printed)
	near(t, "e50", loess.E50, .1017235, printed)
	near(t, "e90", loess.E90, .2807331, printed)
	near(t, "emax", loess.Emax, .2941702, printed)
	lowess := measure(stats.MeasureCalibration(scores, labels, stats.Lowess))
	near(t, "val.prob Eavg", lowess.ICI, .1173019, printed)
	near(t, "val.prob E90", lowess.E90, .2075673, printed)
	near(t, "val.prob Emax", lowess.Emax, .2245658, printed)
	expected, largest, err := stats.CalibrationErrors(scores, labels, 10)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ece", expected, .1436082693, printed)
	near(t, "mce", largest, .3178110816, printed)
	z, p, err := stats.Spiegelhalter(scores, labels)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "spiegelhalter", z, -.9393042, printed)
	near(t, "its p", p, .3475746, printed)
	near(t, "nagelkerke", must[float64](t)(stats.NagelkerkeR2(scores, labels)), .1749485, printed)
}

func TestScoresOfTheHaemorrhageModel(t *testing.T) {
	data := readPatients(t, "asah_test_predictions.csv")
	scores, labels := data.number(t, "p"), data.is("y", "1")
	near(t, "auroc", deLong(t, scores, labels).Value, .7690058479, printed)
	near(t, "average precision", must[float64](t)(stats.AveragePrecision(scores, labels)), .6425452340, printed)
	scaled, err := stats.ScaledBrier(scores, labels)
	near(t, "scaled brier", value(t, scaled, err), .1278884, printed)
	loss, err := stats.LogLoss(scores, labels)
	near(t, "log loss", value(t, loss, err), .5611079, printed)
	for threshold, want := range map[float64]float64{.1: .2480159, .2: .1785714, .3: .1173469, .4: .0297619, .5: .0178571} {
		benefit, err := must[stats.Confusion](t)(stats.Confuse(scores, labels, threshold)).NetBenefit(threshold)
		near(t, "net benefit", value(t, benefit, err), want, 3e-6)
	}
	all := stats.Confusion{TruePositives: 18, FalsePositives: 38}
	for threshold, want := range map[float64]float64{.1: .246032, .2: .151786, .3: .030612, .4: -.130952, .5: -.357143} {
		benefit, err := all.NetBenefit(threshold)
		near(t, "treat all", value(t, benefit, err), want, 2e-5)
	}
}

func TestWisconsinDiagnosis(t *testing.T) {
	data := readPatients(t, "breast_wdbc.csv")
	malignant := data.is("diagnosis", "malignant")
	near(t, "worst perimeter", deLong(t, data.number(t, "worst_perimeter"), malignant).Value, .9754506, printed)
	near(t, "no-information rate", 1-float64(count(malignant))/float64(len(malignant)), .6274165, printed)
}

// ProPublica's COMPAS table as Aequitas documents it.
func TestRecidivismRates(t *testing.T) {
	for _, test := range []struct {
		c                    stats.Confusion
		fpr, fnr, pprev, fdr float64
	}{
		{stats.Confusion{TruePositives: 1369, FalsePositives: 805, TrueNegatives: 990, FalseNegatives: 532}, .448468, .279853, .588203, .370285},
		{stats.Confusion{TruePositives: 505, FalsePositives: 349, TrueNegatives: 1139, FalseNegatives: 461}, .234543, .477226, .348003, .408665},
	} {
		near(t, "fpr", share(t, test.c.FalsePositiveRate()), test.fpr, 2e-6)
		near(t, "fnr", 1-share(t, test.c.Sensitivity()), test.fnr, 2e-6)
		near(t, "selected", share(t, test.c.SelectionRate()), test.pprev, 2e-6)
		near(t, "fdr", 1-share(t, test.c.PPV()), test.fdr, 2e-6)
	}
}
