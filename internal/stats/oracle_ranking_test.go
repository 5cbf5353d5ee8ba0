package stats_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// labelled gives the labels that an expression like `diagnosis == "malignant"`
// or a column of 1 and 0 describes.
func labelled(data patients, expression string) []bool {
	column, value, ok := strings.Cut(expression, " == ")
	if !ok {
		return data.is(expression, "1")
	}
	return data.is(column, strings.Trim(value, `"`))
}

func testPaired(t *testing.T, section entry) {
	for _, e := range section.each() {
		e.text("id")
		first, second := e.text("marker_a"), e.text("marker_b")
		data := study(t, e.text("dataset"), e.text("filter")).complete(first, second)
		labels := labelled(data, e.text("label"))
		got := must[stats.DeLongTest](t)(stats.DeLongPaired(data.number(t, first), data.number(t, second), labels))
		e.near(float64(len(labels)), 0, "n")
		e.near(float64(count(labels)), 0, "events")
		ofA, ofB := got.A.Interval(stats.Alpha), got.B.Interval(stats.Alpha)
		e.nearAll([]float64{ofA.Low, ofA.High}, closed, "ci95_a")
		e.nearAll([]float64{ofB.Low, ofB.High}, closed, "ci95_b")
		for key, value := range map[string]float64{
			"auc_a": got.A.Value, "auc_b": got.B.Value, "var_a": got.A.Variance, "var_b": got.B.Variance,
			"cov_ab": got.Covariance, "z": got.Z, "p": got.P,
		} {
			e.near(value, closed, key)
		}
	}
}

func count(labels []bool) int {
	n := 0
	for _, label := range labels {
		if label {
			n++
		}
	}
	return n
}

func testUnpaired(t *testing.T, section entry) {
	for _, e := range section.each() {
		e.text("id")
		marker, group := e.text("marker"), e.text("group_column")
		data := study(t, e.text("dataset"), e.text("filter")).complete(marker)
		side := func(value string) ([]float64, []bool) {
			part := data.where(func(row int) bool { return data[group][row] == value })
			return part.number(t, marker), labelled(part, e.text("label"))
		}
		a, labelsA := side(e.text("group_a"))
		b, labelsB := side(e.text("group_b"))
		got := must[stats.UnpairedTest](t)(stats.DeLongUnpaired(a, labelsA, b, labelsB))
		e.near(float64(len(a)), 0, "n_a")
		e.near(float64(len(b)), 0, "n_b")
		for key, value := range map[string]float64{
			"auc_a": got.A.Value, "auc_b": got.B.Value, "var_a": got.A.Variance, "var_b": got.B.Variance,
			"z_normal": got.Z, "p_normal": got.P, "D_pROC_t": got.Student.T, "df_pROC": got.Student.DegreesOfFreedom, "p_pROC_t": got.Student.P,
		} {
			e.near(value, closed, key)
		}
	}
}

func testPredictions(t *testing.T, section entry) {
	for _, e := range section.each() {
		data := readPatients(t, strings.TrimPrefix(e.text("file"), "oracle_"))
		overall := e.at("overall")
		testPredicted(t, overall, data)
		scores, labels := data.number(t, "score"), data.is("label", "1")
		testCalibrationValues(t, overall, scores, labels)
		testReliability(t, overall, scores, labels)
		testDecisionValues(t, overall, scores, labels)
		fit := must[stats.Isotonic](t)(stats.FitIsotonic(scores, labels))
		var risks []float64
		for _, x := range e.numbers("isotonic_fit_on_this_file", "x") {
			risks = append(risks, fit.At(x))
		}
		e.nearAll(risks, closed, "isotonic_fit_on_this_file", "y")
		testTraining(t, e)
		groups := e.at("by_group")
		for _, column := range groups.keys() {
			testGroups(t, groups.at(column), data, column)
		}
	}
}

// testPredicted covers what the oracle has overall and by group, and gives the
// values back; NaN is undefined in both.
func testPredicted(t *testing.T, e entry, data patients) map[string]float64 {
	scores, labels := data.number(t, "score"), data.is("label", "1")
	c := must[stats.Confusion](t)(stats.Confuse(scores, labels, .5))
	mean := must[stats.Summary](t)(stats.Summarise(scores)).Mean
	expected, _, _ := stats.CalibrationErrors(scores, labels, 10)
	got := map[string]float64{
		"n": float64(c.N()), "positives": float64(c.Positives()), "mean_score": mean, "ece_10_equal_width": expected,
		"tp": float64(c.TruePositives), "fp": float64(c.FalsePositives), "tn": float64(c.TrueNegatives), "fn": float64(c.FalseNegatives),
		"prevalence":     known(stats.Proportion{Successes: c.Positives(), Trials: c.N()}.Value()),
		"selection_rate": known(c.SelectionRate().Value()),
		"tpr":            known(c.Sensitivity().Value()),
		"fpr":            known(c.FalsePositiveRate().Value()),
		"tnr":            known(c.Specificity().Value()),
		"fnr":            known(stats.Proportion{Successes: c.FalseNegatives, Trials: c.Positives()}.Value()),
		"ppv":            known(c.PPV().Value()),
		"npv":            known(c.NPV().Value()),
		"accuracy":       known(c.Accuracy().Value()),
		"f1":             valueOrNaN(c.F1()),
		"brier":          valueOrNaN(stats.Brier(scores, labels)),
		"log_loss":       valueOrNaN(stats.LogLoss(scores, labels)),
	}
	ranking, err := stats.DeLong(scores, labels)
	got["auroc"] = known(ranking.Value, err)
	got["average_precision"] = known(stats.AveragePrecision(scores, labels))
	for key, value := range got {
		// One class alone: scikit-learn ranks positives against nobody.
		if want := e.optional(key); math.IsNaN(value) && key == "average_precision" && (c.Negatives() == 0 || math.IsNaN(want)) {
			continue
		} else if math.IsNaN(value) != math.IsNaN(want) {
			t.Errorf("%s/%s: got %v, want %v", e.path, key, value, want)
		} else if !math.IsNaN(want) {
			near(t, e.path+"/"+key, value, want, closed)
		}
	}
	return got
}

func known(value float64, err error) float64 {
	if err != nil {
		return math.NaN()
	}
	return value
}

func valueOrNaN(estimate stats.Estimate, err error) float64 { return known(estimate.Value, err) }

func testCalibrationValues(t *testing.T, e entry, scores []float64, labels []bool) {
	calibration, err := stats.Calibrate(scores, labels)
	e.near(value(t, calibration.Slope, err), iterated, "calibration_slope")
	e.near(value(t, calibration.Intercept, err), iterated, "calibration_intercept")
	large, err := stats.CalibrationInTheLarge(scores, labels)
	e.near(value(t, large, err), iterated, "calibration_in_the_large")
	scaled, err := stats.ScaledBrier(scores, labels)
	e.near(value(t, scaled, err), closed, "scaled_brier")
	ratio, err := stats.OERatio(scores, labels)
	e.near(value(t, ratio, err), closed, "oe_ratio")
}

func testReliability(t *testing.T, e entry, scores []float64, labels []bool) {
	_, largest, err := stats.CalibrationErrors(scores, labels, 10)
	if err != nil {
		t.Fatal(err)
	}
	e.near(largest, closed, "mce_10_equal_width")
	bins, want := must[[]stats.ReliabilityBin](t)(stats.Reliability(scores, labels, 10)), e.at("reliability_bins").each()
	if len(bins) != len(want) {
		t.Fatalf("%s: %d bins, want %d", e.path, len(bins), len(want))
	}
	for i, bin := range bins {
		want[i].near(float64(bin.Index), 0, "bin")
		want[i].near(float64(bin.N), 0, "n")
		want[i].near(bin.MeanScore, closed, "mean_score")
		want[i].near(bin.Observed, closed, "observed")
	}
}

func testDecisionValues(t *testing.T, e entry, scores []float64, labels []bool) {
	c := must[stats.Confusion](t)(stats.Confuse(scores, labels, .5))
	mcc, err := c.MCC()
	e.near(value(t, mcc, err), closed, "mcc")
	balanced, err := c.BalancedAccuracy()
	e.near(value(t, balanced, err), closed, "balanced_accuracy")
	table := [][]int{{c.TruePositives, c.FalsePositives}, {c.FalseNegatives, c.TrueNegatives}}
	e.near(must[float64](t)(stats.Kappa(table)), closed, "cohen_kappa")
	youden := must[stats.ROCPoint](t)(stats.Youden(scores, labels))
	e.near(youden.Threshold, closed, "youden", "threshold")
	e.near(youden.TruePositiveRate, closed, "youden", "tpr")
	e.near(youden.FalsePositiveRate, closed, "youden", "fpr")
	benefits := e.at("net_benefit")
	for _, text := range benefits.keys() {
		threshold := must[float64](t)(strconv.ParseFloat(text, 64))
		benefit, err := must[stats.Confusion](t)(stats.Confuse(scores, labels, threshold)).NetBenefit(threshold)
		benefits.near(value(t, benefit, err), closed, text)
	}
}

func testGroups(t *testing.T, e entry, data patients, column string) {
	byKey := map[string][]float64{}
	groups := e.at("groups")
	for _, name := range groups.keys() {
		part := data.where(func(row int) bool { return data[column][row] == name })
		for key, value := range testPredicted(t, groups.at(name), part) {
			if !math.IsNaN(value) {
				byKey[key] = append(byKey[key], value)
			}
		}
	}
	spread := func(key string) float64 { return slices.Max(byKey[key]) - slices.Min(byKey[key]) }
	for key, value := range map[string]float64{
		"demographic_parity_difference": spread("selection_rate"),
		"demographic_parity_ratio":      slices.Min(byKey["selection_rate"]) / slices.Max(byKey["selection_rate"]),
		"equal_opportunity_difference":  spread("tpr"),
		"fpr_difference":                spread("fpr"),
		"equalized_odds_difference":     max(spread("tpr"), spread("fpr")),
		"average_odds_range":            (spread("tpr") + spread("fpr")) / 2,
		"predictive_parity_difference":  spread("ppv"),
		"accuracy_difference":           spread("accuracy"),
		"auroc_gap":                     spread("auroc"),
		"brier_gap":                     spread("brier"),
	} {
		e.at("disparities").near(value, closed, key)
	}
}
