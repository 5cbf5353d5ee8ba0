package bias

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Changes compares the candidate with the champion within each cohort: how
// much the sensitivity rises or falls, both models decided on at the
// candidate's threshold. Without a champion the only measurement is champions,
// 0.
func Changes(scores, champion []float64, labels []bool, threshold float64, attributes []Attribute) ([]evidence.Measurement, error) {
	measured := []evidence.Measurement{count("champions", "", min(len(champion), 1), len(labels))}
	if len(champion) == 0 {
		return measured, nil
	}
	if _, err := stats.Confuse(scores, labels, threshold); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	if _, err := stats.Confuse(champion, labels, threshold); err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(labels))
		if err != nil {
			return nil, err
		}
		changes := make([]change, len(named))
		for i, c := range named {
			changes[i] = compare(c, scores, champion, labels, threshold)
		}
		measured = append(measured, worstChange(changes, attribute.Column))
		if len(unnamed.rows) > 0 {
			changes = append(changes, compare(unnamed, scores, champion, labels, threshold))
		}
		for _, c := range changes {
			measured = append(measured, c.measurement("sensitivity_change", attribute.Column+"="+c.name, c.positives))
		}
	}
	return bounded(measured)
}

// change is what the candidate's sensitivity in a cohort is more than the
// champion's.
type change struct {
	name      string
	positives int
	estimated
}

var errNobodyToFind = errors.New("0/0: nobody in the cohort has the event")

// compare counts the patients with the event whom only one of both models
// finds. Their difference is a net benefit at even odds, and has its interval
// (for paired proportions: Tang 2010, Stat Med 29:46).
func compare(c cohort, scores, champion []float64, labels []bool, threshold float64) change {
	var found stats.Confusion
	ours, theirs := pick(scores, c), pick(champion, c)
	for i, label := range pick(labels, c) {
		switch ours, theirs := ours[i] >= threshold, theirs[i] >= threshold; {
		case !label:
		case ours && !theirs:
			found.TruePositives++
		case theirs && !ours:
			found.FalsePositives++
		default:
			found.TrueNegatives++
		}
	}
	compared := change{name: c.name, positives: found.N()}
	switch {
	case found.N() == 0:
		compared.err = errNobodyToFind
	case slices.Equal(ours, theirs):
		compared.Method = "equal scores in every row"
	default:
		compared.Estimate, compared.err = found.NetBenefit(0.5)
		compared.Method = "paired: wilson limits of won/n and lost/n, square-and-add"
	}
	return compared
}

// worstChange is that of the cohort that loses most. That no cohort loses more
// than a limit is shown when each shows it by itself (an intersection-union
// test: Berger 1982, Technometrics 24:295), so the ends are those of the
// cohorts' own intervals. Of a cohort in which nobody has the event nothing is
// known: low is -1.
func worstChange(changes []change, column string) evidence.Measurement {
	measured := evidence.Measurement{Name: "worst_sensitivity_change", Group: column, Method: "no row of any cohort has the event"}
	worst, within := math.Inf(1), stats.Interval{Low: 1, High: 1}
	for _, c := range changes {
		if c.err != nil {
			within.Low = -1
			continue
		}
		within.Low, within.High = min(within.Low, c.Low), min(within.High, c.High)
		if c.Value < worst {
			worst, measured.N = c.Value, c.positives
		}
	}
	if math.IsInf(worst, 1) {
		return measured
	}
	return filled(measured, worst, within, fmt.Sprintf("paired, the worst of %d cohorts, each with its own interval", len(changes)))
}
