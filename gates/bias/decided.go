package bias

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// decided is what the scores do within a cohort.
type decided struct {
	name   string
	hidden bool
	stats.Confusion
	auroc   ranked
	benefit estimated // net benefit at the shared threshold
	ratio   expected  // observed over expected events
	slope   estimated // of the calibration
}

// estimated is a number of a cohort, or why there is none.
type estimated struct {
	stats.Estimate
	err error
}

// decide looks at a cohort. improbable says why the scores of the whole are no
// probabilities: those of a cohort are none either, wherever they lie.
// Of a hidden cohort nothing is known, as of one without rows.
func decide(c cohort, scores []float64, labels []bool, threshold float64, improbable error) decided {
	if c.hidden {
		return decided{name: c.name, hidden: true, auroc: ranked{why: errHidden.Error()},
			benefit: estimated{err: errHidden}, ratio: expected{err: errHidden}, slope: estimated{err: errHidden}}
	}
	ofScores, ofLabels := pick(scores, c), pick(labels, c)
	confusion, _ := stats.Confuse(ofScores, ofLabels, threshold) // the whole was accepted, and so is a part
	ranking, err := stats.DeLong(ofScores, ofLabels)
	d := decided{name: c.name, Confusion: confusion, auroc: rank(ranking, err, len(c.rows)), ratio: expect(ofScores, confusion)}
	if improbable != nil {
		d.benefit.err, d.slope.err, d.ratio.err = improbable, improbable, improbable
		return d
	}
	d.benefit.Estimate, d.benefit.err = confusion.NetBenefit(threshold)
	calibration, err := stats.Calibrate(ofScores, ofLabels)
	d.slope = estimated{calibration.Slope, err}
	return d
}

func (d decided) measurements(column string) []evidence.Measurement {
	group := column + "=" + d.name
	measured := []evidence.Measurement{
		proportion("selection_rate", group, d.SelectionRate()),
		proportion("sensitivity", group, d.Sensitivity()),
		proportion("false_positive_rate", group, d.FalsePositiveRate()),
		proportion("ppv", group, d.PPV()),
		proportion("npv", group, d.NPV()),
		d.benefit.measurement("net_benefit", group, d.N()),
		d.ratio.measurement(group),
		d.slope.measurement("calibration_slope", group, d.N()),
		d.auroc.measurement("auroc", group),
		count("group_size", group, d.N(), d.N()),
		count("group_positives", group, d.Positives(), d.N()),
	}
	if d.hidden {
		return blank(measured)
	}
	return measured
}

func gaps(table []decided, column string) []evidence.Measurement {
	selected := rates(table, stats.Confusion.SelectionRate)
	found := rates(table, stats.Confusion.Sensitivity)
	alarmed := rates(table, stats.Confusion.FalsePositiveRate)
	// Equalized odds asks two questions at once, each at half the level.
	odds := worse(rateGap(found, stats.Alpha/2), rateGap(alarmed, stats.Alpha/2))
	return []evidence.Measurement{
		rateGap(selected, stats.Alpha).measurement("demographic_parity_difference", column),
		ratioGap(selected, stats.Alpha).measurement("demographic_parity_ratio", column),
		odds.measurement("equalized_odds_difference", column),
		rateGap(found, stats.Alpha).measurement("equal_opportunity_difference", column),
		rateGap(alarmed, stats.Alpha).measurement("false_positive_rate_difference", column),
		rankingGap(rankings(table), stats.Alpha).measurement("auroc_gap", column),
		ratioGap(rates(table, stats.Confusion.PPV), stats.Alpha).measurement("ppv_ratio", column),
		ratioGap(rates(table, stats.Confusion.NPV), stats.Alpha).measurement("npv_ratio", column),
	}
}

func rates(table []decided, rate func(stats.Confusion) stats.Proportion) []stats.Proportion {
	result := make([]stats.Proportion, len(table))
	for i, d := range table {
		result[i] = rate(d.Confusion)
	}
	return result
}

func rankings(table []decided) []ranked {
	result := make([]ranked, len(table))
	for i, d := range table {
		result[i] = d.auroc
	}
	return result
}
