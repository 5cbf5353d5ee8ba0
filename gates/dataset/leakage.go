package dataset

import (
	"context"
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// maxLevels is how many levels a text column may have before its purity says
// more about its levels than about the label.
const maxLevels = 20

// leakage asks of each feature how well it alone tells the outcome. A feature
// that tells it perfectly was usually recorded after it (Kaufman 2012, ACM
// TKDD 6:15).
func leakage(_ context.Context, s *study) ([]evidence.Measurement, error) {
	label, has := s.label()
	if !has {
		return nil, nil
	}
	labels := label.texts()
	duration, survival := s.time()
	var found []evidence.Measurement
	for _, feature := range s.candidates() {
		// Rows pair up only where every sample has feature, label and time.
		complete := s.everywhere(feature.name) && s.everywhere(label.name) && (!survival || s.everywhere(duration.name))
		switch {
		case !complete || feature.kind == date:
			continue
		case feature.numeric() && survival:
			found = append(found, single(feature, pair(feature.texts(), labels, duration.texts()), stats.Harrell))
		case feature.numeric():
			found = append(found, single(feature, pair(feature.texts(), labels, nil), binaryRanking))
		default:
			found = append(found, purity(feature, labels)...)
		}
	}
	return found, nil
}

// paired are the rows in which feature, label and time are all there.
type paired struct {
	scores, times []float64
	labels        []bool
	garbage       int // feature values that are not numbers
}

// pair collects complete rows; without times every time is 0.
func pair(features, labels, times []string) paired {
	var rows paired
	for row, text := range features {
		value, ok := table.Number(text)
		if !ok && text != "" {
			rows.garbage++
		}
		outcome, at, timed := class(labels[row]), 0.0, true
		if times != nil {
			at, timed = table.Number(times[row])
		}
		if !ok || !timed || at < 0 || math.IsNaN(outcome) {
			continue
		}
		rows.scores = append(rows.scores, value)
		rows.times = append(rows.times, at)
		rows.labels = append(rows.labels, outcome == 1)
	}
	return rows
}

func binaryRanking(scores, _ []float64, labels []bool) (stats.Ranking, error) {
	return stats.DeLong(scores, labels)
}

// single measures max(a, 1-a): a feature that orders patients backwards leaks
// as much.
func single(feature column, rows paired, rank func(scores, times []float64, labels []bool) (stats.Ranking, error)) evidence.Measurement {
	if rows.garbage > 0 {
		return unmeasured("leakage_auroc", feature.name, notNumbers(rows.garbage))
	}
	ranking, err := rank(rows.scores, rows.times, rows.labels)
	if err != nil {
		return unmeasured("leakage_auroc", feature.name, err.Error())
	}
	value, interval := ranking.Value, ranking.Interval(stats.Alpha)
	if value < 0.5 {
		value, interval = 1-value, stats.Interval{Low: 1 - interval.High, High: 1 - interval.Low}
	}
	return evidence.Measurement{
		Name: "leakage_auroc", Group: feature.name, N: len(rows.scores), Method: ranking.Method(),
		Value: evidence.Number(value), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}

func notNumbers(garbage int) string {
	return fmt.Sprintf("%d values are not numbers", garbage)
}

// purity measures a text feature, with what is reached without it: where nine
// patients in ten are free of disease, any column is nine tenths pure.
func purity(feature column, labels []string) []evidence.Measurement {
	levels := map[string][2]int{}
	var overall [2]int
	for row, level := range feature.texts() {
		outcome := class(labels[row])
		if level == "" || math.IsNaN(outcome) {
			continue
		}
		counts := levels[level]
		counts[int(outcome)]++
		levels[level] = counts
		overall[int(outcome)]++
	}
	if len(levels) > maxLevels {
		return nil
	}
	pure := stats.Proportion{Trials: overall[0] + overall[1]}
	for _, counts := range levels {
		pure.Successes += max(counts[0], counts[1])
	}
	baseline := stats.Proportion{Successes: max(overall[0], overall[1]), Trials: pure.Trials}
	return []evidence.Measurement{
		share("leakage_purity", feature.name, pure),
		share("leakage_purity_baseline", feature.name, baseline),
	}
}

// share makes a measurement of a proportion with Wilson's interval.
func share(name, group string, proportion stats.Proportion) evidence.Measurement {
	value, err := proportion.Value()
	if err != nil {
		return unmeasured(name, group, "there are no rows")
	}
	interval := proportion.Wilson(stats.Alpha)
	return evidence.Measurement{
		Name: name, Group: group, N: proportion.Trials, Method: "Wilson",
		Value: evidence.Number(value), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}
