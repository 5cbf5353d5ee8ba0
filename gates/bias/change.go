package bias

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Scored are the scores of a model, and the threshold at or above which it
// makes a positive of them.
type Scored struct {
	Scores    []float64
	Threshold float64
}

// Changes compares the candidate with the champion within each cohort: how
// much the sensitivity rises or falls, each model decided on at its own
// threshold. Without a champion the only measurement is champions, 0.
func Changes(candidate, champion Scored, labels []bool, attributes []Attribute) ([]evidence.Measurement, error) {
	if len(champion.Scores) == 0 {
		return []evidence.Measurement{champions(0, len(labels))}, nil
	}
	if _, err := stats.Confuse(candidate.Scores, labels, candidate.Threshold); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	if _, err := stats.Confuse(champion.Scores, labels, champion.Threshold); err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	return changed(attributes, len(labels), "sensitivity_change", func(c cohort) change {
		return compare(c, candidate, champion, labels)
	})
}

func champions(number, rows int) evidence.Measurement { return count("champions", "", number, rows) }

// changed tells of a change in every cohort, and of the worst one.
func changed(attributes []Attribute, rows int, name string, by func(cohort) change) ([]evidence.Measurement, error) {
	measured := []evidence.Measurement{champions(1, rows)}
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(rows)
		if err != nil {
			return nil, err
		}
		changes := make([]change, len(named))
		for i, c := range named {
			changes[i] = by(c)
		}
		measured = append(measured, worstChange("worst_"+name, changes, attribute.Column))
		if len(unnamed.rows) > 0 {
			changes = append(changes, by(unnamed))
		}
		for _, c := range changes {
			measured = append(measured, c.measurement(name, attribute.Column+"="+c.name, c.n))
		}
	}
	return bounded(measured)
}

// change is how much better than the champion the candidate is in a cohort.
type change struct {
	name string
	n    int // patients that it rests on
	estimated
}

var errNobodyToFind = errors.New("0/0: nobody in the cohort has the event")

// compare counts the patients with the event whom only one of both models
// finds. Their difference is a net benefit at even odds, and has its interval
// (for paired proportions: Tang 2010, Stat Med 29:46).
func compare(c cohort, candidate, champion Scored, labels []bool) change {
	if c.hidden {
		return change{name: c.name, estimated: estimated{err: errHidden}}
	}
	var found stats.Confusion
	ours, theirs := pick(candidate.Scores, c), pick(champion.Scores, c)
	for i, label := range pick(labels, c) {
		switch ours, theirs := ours[i] >= candidate.Threshold, theirs[i] >= champion.Threshold; {
		case !label:
		case ours && !theirs:
			found.TruePositives++
		case theirs && !ours:
			found.FalsePositives++
		default:
			found.TrueNegatives++
		}
	}
	compared := change{name: c.name, n: found.N()}
	switch {
	case found.N() == 0:
		compared.err = errNobodyToFind
	case candidate.Threshold == champion.Threshold && slices.Equal(ours, theirs):
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
// cohorts' own intervals. Of a hidden cohort, or one in which nobody has the
// event, nothing is known: low is -1.
func worstChange(name string, changes []change, column string) evidence.Measurement {
	measured := evidence.Measurement{Name: name, Group: column, Method: noCohort}
	worst, within := math.Inf(1), stats.Interval{Low: 1, High: 1}
	for _, c := range changes {
		if c.err != nil {
			within.Low, measured.Method = -1, c.err.Error()
			continue
		}
		within.Low, within.High = min(within.Low, c.Low), min(within.High, c.High)
		if c.Value < worst {
			worst, measured.N = c.Value, c.n
		}
	}
	if math.IsInf(worst, 1) {
		return measured
	}
	return filled(measured, worst, within, fmt.Sprintf("paired, the worst of %d cohorts, each with its own interval", len(changes)))
}
