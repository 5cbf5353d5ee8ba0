package bias

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Survival compares, attribute by attribute, how well risk scores (larger is
// sooner) order patients whose follow-up may be censored.
func Survival(scores, time []float64, event []bool, attributes []Attribute) ([]evidence.Measurement, error) {
	if _, err := stats.Harrell(scores, time, event); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	measured := []evidence.Measurement{count("group_columns", "", len(attributes), len(event))}
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(event))
		if err != nil {
			return nil, err
		}
		rankings := make([]ranked, len(named))
		var within []evidence.Measurement
		for i, c := range named {
			rankings[i] = follow(c, scores, time, event)
			within = append(within, rankings[i].followed(attribute.Column, c, event)...)
		}
		if len(unnamed.rows) > 0 {
			within = append(within, follow(unnamed, scores, time, event).followed(attribute.Column, unnamed, event)...)
		}
		measured = append(measured, rankingGap(rankings, stats.Alpha).measurement("c_index_gap", attribute.Column))
		measured = append(measured, within...)
	}
	return bounded(measured)
}

func follow(c cohort, scores, time []float64, event []bool) ranked {
	ranking, err := stats.Harrell(pick(scores, c), pick(time, c), pick(event, c))
	return rank(ranking, err, len(c.rows))
}

func (r ranked) followed(column string, c cohort, event []bool) []evidence.Measurement {
	group, events := column+"="+c.name, 0
	for _, happened := range pick(event, c) {
		if happened {
			events++
		}
	}
	return []evidence.Measurement{
		r.measurement("c_index", group),
		count("group_size", group, len(c.rows), len(c.rows)),
		count("group_events", group, events, len(c.rows)),
	}
}
