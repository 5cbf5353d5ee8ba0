package bias

import (
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Survival compares, attribute by attribute, how well risk scores (larger is
// sooner) order patients whose follow-up may be censored.
func Survival(scores, time []float64, event []bool, attributes []Attribute) ([]evidence.Measurement, error) {
	if _, err := stats.Harrell(scores, time, event); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	whole := sized{len(event), happened(event)}
	measured := []evidence.Measurement{count("group_columns", "", len(attributes), len(event))}
	var family []primary
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(event))
		if err != nil {
			return nil, err
		}
		table := make([]followed, len(named))
		for i, c := range named {
			table[i] = follow(c, scores, time, event)
		}
		measured = append(measured, compareFollowed(table, attribute.Column, whole)...)
		family = append(family, primary{"c_index", attribute.Column, marginRanking, func(alpha float64) gap {
			return rankingGap(orders(table), alpha)
		}})
		if len(unnamed.rows) > 0 {
			table = append(slices.Clone(table), follow(unnamed, scores, time, event))
		}
		for _, f := range table {
			measured = append(measured, f.measurements(attribute.Column)...)
		}
	}
	equivalent, err := equivalence(family)
	if err != nil {
		return nil, err
	}
	return bounded(append(measured, equivalent...))
}

// followed is how the scores order the patients of a cohort.
type followed struct {
	name   string
	hidden bool
	sized
	order ranked
}

func follow(c cohort, scores, time []float64, event []bool) followed {
	if c.hidden {
		return followed{name: c.name, hidden: true, order: ranked{why: errHidden.Error()}}
	}
	ranking, err := stats.Harrell(pick(scores, c), pick(time, c), pick(event, c))
	return followed{name: c.name, sized: sized{len(c.rows), happened(pick(event, c))}, order: rank(ranking, err, len(c.rows))}
}

func happened(event []bool) int {
	events := 0
	for _, one := range event {
		if one {
			events++
		}
	}
	return events
}

func orders(table []followed) []ranked {
	result := make([]ranked, len(table))
	for i, f := range table {
		result[i] = f.order
	}
	return result
}

// compareFollowed holds the cohorts of a column against each other.
func compareFollowed(table []followed, column string, whole sized) []evidence.Measurement {
	counted, hidden := make([]sized, len(table)), false
	for i, f := range table {
		counted[i], hidden = f.sized, hidden || f.hidden
	}
	measured := []evidence.Measurement{rankingGap(orders(table), stats.Alpha).measurement("c_index_gap", column)}
	measured = append(measured, lackingEvents(table, counted, column, whole)...)
	return append(measured, fewestPositives(counted, column, hidden))
}

// lackingEvents is needed for a gap in concordance. The variance is that of
// the cohort which was seen with the fewest events.
func lackingEvents(table []followed, counted []sized, column string, whole sized) []evidence.Measurement {
	var seen *followed
	for i, f := range table {
		if f.order.known && f.order.Variance > 0 && (seen == nil || f.positives < seen.positives) {
			seen = &table[i]
		}
	}
	if seen == nil {
		return needed(nil, column, whole, 0, "")
	}
	wanted := positivesForRanking(seen.order.Ranking, seen.positives)
	return needed(counted, column, whole, wanted, "an interval of 0.05 about a concordance gap of 0")
}

func (f followed) measurements(column string) []evidence.Measurement {
	group := column + "=" + f.name
	measured := []evidence.Measurement{
		f.order.measurement("c_index", group),
		count("group_size", group, f.patients, f.patients),
		count("group_events", group, f.positives, f.patients),
	}
	if f.hidden {
		return blank(measured)
	}
	return measured
}
