package dataset

import (
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Bounds on the domain classifier: five fits of this size take a second.
const (
	domainRows    = 2000 // of each sample
	domainColumns = 40
	domainFolds   = 5
)

// domain asks whether a classifier can tell the two samples apart: columns may
// each look the same and yet hang together differently (Rabanser 2019, NeurIPS
// 32). Each row is scored by a logistic regression that has not seen it; 0.5
// is chance. Rows are taken at even distances and dealt to folds in turn.
func (s *study) domain() evidence.Measurement {
	const name = "domain_classifier_auroc"
	rows, current := s.domainDesign()
	if len(rows) == 0 || len(rows[0]) == 0 {
		return unmeasured(name, "", "there are no rows or no features to compare")
	}
	scores := make([]float64, len(rows))
	for fold := range domainFolds {
		if err := scoreFold(rows, current, fold, scores); err != nil {
			return unmeasured(name, "", err.Error())
		}
	}
	ranking, err := stats.DeLong(scores, current)
	if err != nil {
		return unmeasured(name, "", err.Error())
	}
	interval := ranking.Interval(stats.Alpha)
	return evidence.Measurement{
		Name: name, N: len(rows), Method: "logistic regression, 5-fold cross-validated; " + ranking.Method(),
		Value: evidence.Number(ranking.Value), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}

func scoreFold(rows [][]float64, current []bool, fold int, scores []float64) error {
	var x [][]float64
	var y []bool
	for i, row := range rows {
		if i%domainFolds != fold {
			x, y = append(x, row), append(y, current[i])
		}
	}
	fit, err := stats.Logistic(x, y, 1) // rows are standardised, so one penalty fits all
	if err != nil {
		return err
	}
	for i := fold; i < len(rows); i += domainFolds {
		for j, weight := range fit.Coef {
			scores[i] += weight * rows[i][j]
		}
		scores[i] += fit.Intercept
	}
	return nil
}

// domainDesign lists standardised rows, current ones first. A missing number
// is the mean: missingness is measured by itself.
func (s *study) domainDesign() (rows [][]float64, current []bool) {
	var columns [][]float64
	for _, feature := range s.shared() {
		if feature.kind == date || s.apart(feature.name) {
			continue
		}
		texts := slices.Concat(every(feature.current), every(feature.reference))
		if columns = append(columns, coded(feature, texts)...); len(columns) >= domainColumns {
			columns = columns[:domainColumns]
			break
		}
	}
	if len(s.columns) == 0 || len(columns) == 0 {
		return nil, nil
	}
	split := len(every(s.shared()[0].current))
	for i := range columns[0] {
		row := make([]float64, len(columns))
		for j := range columns {
			row[j] = columns[j][i]
		}
		rows, current = append(rows, row), append(current, i < split)
	}
	return rows, current
}

func every(texts []string) []string {
	step := (len(texts) + domainRows - 1) / domainRows
	if step <= 1 {
		return texts
	}
	var taken []string
	for i := 0; i < len(texts); i += step {
		taken = append(taken, texts[i])
	}
	return taken
}

// coded turns a feature into standardised columns: a number into one, text of
// few levels into one per level but the first.
func coded(feature column, texts []string) [][]float64 {
	if feature.numeric() {
		return standardised(numbers(texts))
	}
	levels := map[string]int{}
	for _, text := range texts {
		levels[text]++
	}
	if len(levels) > maxLevels {
		return nil
	}
	var columns [][]float64
	for _, level := range sortedKeys(levels)[min(1, len(levels)):] {
		values := make([]float64, len(texts))
		for i, text := range texts {
			if text == level {
				values[i] = 1
			}
		}
		columns = append(columns, standardised(values)...)
	}
	return columns
}

// standardised is nothing for a column that does not vary.
func standardised(values []float64) [][]float64 {
	mean, deviation := moments(values)
	if !(deviation > 0) || math.IsInf(deviation, 0) {
		return nil
	}
	for i, value := range values {
		if values[i] = (value - mean) / deviation; math.IsNaN(value) {
			values[i] = 0
		}
	}
	return [][]float64{values}
}

// moments are mean and standard deviation of the values that are not NaN.
func moments(values []float64) (mean, deviation float64) {
	n := 0.0
	for _, value := range values {
		if !math.IsNaN(value) {
			n++
			mean += (value - mean) / n
		}
	}
	for _, value := range values {
		if !math.IsNaN(value) {
			deviation += (value - mean) * (value - mean) / n
		}
	}
	return mean, math.Sqrt(deviation)
}
