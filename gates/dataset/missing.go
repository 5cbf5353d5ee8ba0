package dataset

import (
	"context"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// missingDifferences asks who misses values. Where a column misses more values
// of those who had the event, that it is missing tells the outcome; where it
// misses more of one cohort, imputation invents that cohort (TRIPOD+AI 11).
func missingDifferences(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	outcome, labelled := s.label()
	for _, column := range s.candidates() {
		if s.total("missing", column.name) == 0 || !s.everywhere(column.name) {
			continue
		}
		if labelled && s.everywhere(outcome.name) {
			classes := map[string]stats.Proportion{}
			countMissing(classes, column.texts(), outcome.texts(), func(text string) string {
				return map[float64]string{0: "0", 1: "1"}[class(text)]
			})
			found = append(found, difference("missing_difference_by_label", column.name, classes["1"], classes["0"]),
				independence("missing_difference_by_label", column.name, classes["1"], classes["0"]))
		}
		for _, cohort := range s.cohortColumns() {
			if cohort.name != column.name {
				found = append(found, missingByCohort(column, cohort)...)
			}
		}
	}
	return adjustMissing(found)
}

// adjustMissing adjusts the p-values over all columns, and counts what was
// compared.
func adjustMissing(found []evidence.Measurement) ([]evidence.Measurement, error) {
	compared := 0
	for _, m := range found {
		if m.Value != "" && !strings.HasSuffix(m.Name, "_p_value") {
			compared++
		}
	}
	for _, name := range []string{"missing_difference_by_label", "missing_difference_by_group"} {
		adjusted, err := holm(found, name+"_p_value", name+"_p_holm")
		if err != nil {
			return nil, err
		}
		found = append(found, adjusted...)
	}
	return append(found, count("missing_differences", "", compared, compared)), nil
}

// independence tests whether missing a value depends on the group: exactly for
// two groups, by chi-square for more of them or for very many rows.
func independence(name, group string, of ...stats.Proportion) evidence.Measurement {
	table, total := [][]int{{}, {}}, 0
	for _, p := range of {
		table[0] = append(table[0], p.Successes)
		table[1] = append(table[1], p.Trials-p.Successes)
		total += p.Trials
	}
	method := "Fisher"
	value, err := stats.Fisher(table)
	if err != nil {
		var test stats.ChiSquareTest
		test, err = stats.ChiSquare(table)
		value, method = test.P, "Pearson"
	}
	if err != nil {
		return unmeasured(name+"_p_value", group, err.Error())
	}
	return evidence.Measurement{Name: name + "_p_value", Group: group, Value: evidence.Number(value), N: total, Method: method}
}

func (s *study) cohortColumns() []column {
	var columns []column
	if s.contract == nil {
		return nil
	}
	for _, name := range s.contract.Groups {
		if column, has := s.find(name); has && s.everywhere(name) {
			columns = append(columns, column)
		}
	}
	return columns
}

func countMissing(into map[string]stats.Proportion, values, by []string, level func(string) string) {
	for row, text := range values {
		name := level(by[row])
		if name == "" {
			continue
		}
		counted := into[name]
		counted.Trials++
		if text == "" {
			counted.Successes++
		}
		into[name] = counted
	}
}

// difference is a-b with Newcombe's interval.
func difference(name, group string, a, b stats.Proportion) evidence.Measurement {
	shareA, errA := a.Value()
	shareB, errB := b.Value()
	if errA != nil || errB != nil {
		return unmeasured(name, group, "there are no two groups to compare")
	}
	interval := stats.Newcombe(a, b, stats.Alpha)
	return evidence.Measurement{
		Name: name, Group: group, N: a.Trials + b.Trials, Method: "Newcombe",
		Value: evidence.Number(shareA - shareB), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}

// missingByCohort compares the cohort that misses most with the one that misses
// least, of cohorts of at least 11 rows. Of many cohorts the extremes differ by
// chance: the interval is of the two alone.
func missingByCohort(c, cohort column) []evidence.Measurement {
	const name = "missing_difference_by_group"
	levels := map[string]stats.Proportion{}
	countMissing(levels, c.texts(), cohort.texts(), func(text string) string { return text })
	var most, least stats.Proportion
	var compared []stats.Proportion
	for _, level := range sortedKeys(levels) {
		candidate := levels[level]
		if candidate.Trials < smallCell {
			continue
		}
		if compared = append(compared, candidate); len(compared) == 1 {
			most, least = candidate, candidate
		}
		if rate(candidate) > rate(most) {
			most = candidate
		}
		if rate(candidate) < rate(least) {
			least = candidate
		}
	}
	group := c.name + ":" + cohort.name
	if len(compared) < 2 || len(levels) > maxCohorts {
		return []evidence.Measurement{unmeasured(name, group, "there are no two groups to compare")}
	}
	return []evidence.Measurement{difference(name, group, most, least), independence(name, group, compared...)}
}

func rate(p stats.Proportion) float64 { return float64(p.Successes) / float64(max(1, p.Trials)) }
