package bias

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Binary compares, attribute by attribute, the decisions that the threshold
// makes of the scores and the ranking of the scores. A score at or above the
// threshold is a positive. Labels of one class only are an error; a cohort of
// one class is not, it only has no value for some numbers.
func Binary(scores []float64, labels []bool, threshold float64, attributes []Attribute) ([]evidence.Measurement, error) {
	if err := outcome.CheckThreshold(threshold, scores); err != nil {
		return nil, err
	}
	overall, err := stats.Confuse(scores, labels, threshold)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	if _, err := stats.DeLong(scores, labels); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	sensitivity, err := overall.Sensitivity().Value()
	if err != nil {
		return nil, err
	}
	measured := []evidence.Measurement{count("group_columns", "", len(attributes), len(labels))}
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(labels))
		if err != nil {
			return nil, err
		}
		table := make([]decided, len(named))
		for i, c := range named {
			table[i] = decide(c, scores, labels, threshold)
		}
		measured = append(measured, gaps(table, attribute.Column, sensitivity)...)
		if len(unnamed.rows) > 0 {
			table = append(table, decide(unnamed, scores, labels, threshold))
		}
		for _, d := range table {
			measured = append(measured, d.measurements(attribute.Column)...)
		}
	}
	return bounded(measured)
}

// decided is what the scores do within a cohort.
type decided struct {
	name string
	stats.Confusion
	auroc ranked
}

func decide(c cohort, scores []float64, labels []bool, threshold float64) decided {
	ofScores, ofLabels := pick(scores, c), pick(labels, c)
	confusion, _ := stats.Confuse(ofScores, ofLabels, threshold) // the whole was accepted, and so is a part
	ranking, err := stats.DeLong(ofScores, ofLabels)
	return decided{c.name, confusion, rank(ranking, err, len(c.rows))}
}

func (d decided) measurements(column string) []evidence.Measurement {
	group := column + "=" + d.name
	return []evidence.Measurement{
		proportion("selection_rate", group, d.SelectionRate()),
		proportion("sensitivity", group, d.Sensitivity()),
		proportion("false_positive_rate", group, d.FalsePositiveRate()),
		d.auroc.measurement("auroc", group),
		count("group_size", group, d.N(), d.N()),
		count("group_positives", group, d.Positives(), d.N()),
	}
}

func gaps(table []decided, column string, sensitivity float64) []evidence.Measurement {
	rates := func(rate func(stats.Confusion) stats.Proportion) []stats.Proportion {
		result := make([]stats.Proportion, len(table))
		for i, d := range table {
			result[i] = rate(d.Confusion)
		}
		return result
	}
	selected := rates(stats.Confusion.SelectionRate)
	found := rates(stats.Confusion.Sensitivity)
	alarmed := rates(stats.Confusion.FalsePositiveRate)
	rankings := make([]ranked, len(table))
	for i, d := range table {
		rankings[i] = d.auroc
	}
	// Equalized odds asks two questions at once, each at half the level.
	odds := worse(rateGap(found, stats.Alpha/2), rateGap(alarmed, stats.Alpha/2))
	return []evidence.Measurement{
		rateGap(selected, stats.Alpha).measurement("demographic_parity_difference", column),
		ratioGap(selected, stats.Alpha).measurement("demographic_parity_ratio", column),
		odds.measurement("equalized_odds_difference", column),
		rateGap(found, stats.Alpha).measurement("equal_opportunity_difference", column),
		rateGap(alarmed, stats.Alpha).measurement("false_positive_rate_difference", column),
		rankingGap(rankings, stats.Alpha).measurement("auroc_gap", column),
		positivesNeeded(found, sensitivity, column),
	}
}

// positivesNeeded tells how many more positive patients the smallest cohort
// needs before a gap in sensitivity can be settled.
func positivesNeeded(found []stats.Proportion, sensitivity float64, column string) evidence.Measurement {
	measured := evidence.Measurement{Name: "positives_needed", Group: column, Unit: "patients", Method: tooFew}
	if len(found) < 2 {
		return measured
	}
	fewest := found[0].Trials
	for _, proportion := range found {
		fewest = min(fewest, proportion.Trials)
	}
	measured.Value = evidence.Count(max(0, positivesFor(sensitivity)-fewest))
	measured.N = fewest
	measured.Method = fmt.Sprintf("80 %% power for a sensitivity gap of 0.10 at %.3f, less the %d of the smallest cohort", sensitivity, fewest)
	return measured
}
