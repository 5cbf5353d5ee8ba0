package bias

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// minCell is the fewest patients of whom a number may be told: CMS, cell size
// suppression policy, forbids to publish cells of 1 to 10.
const minCell = 11

const tooSmall = "fewer than 11 patients"

// intersections measures the sensitivity within the cells of every two
// attributes, such as black women: few patients each, so the cells of a pair
// lend each other strength. Rows that lack either attribute are in no cell.
func intersections(scores []float64, labels []bool, threshold float64, attributes []Attribute) ([]evidence.Measurement, error) {
	var measured []evidence.Measurement
	for i, first := range attributes {
		for _, second := range attributes[i+1:] {
			cells, unfit, err := cross(first, second, len(labels))
			if err != nil {
				return nil, err
			}
			column := first.Column + "," + second.Column
			if unfit != "" {
				measured = append(measured, gap{}.unknown(unfit).measurement("intersectional_sensitivity_gap", column))
				continue
			}
			table := make([]decided, len(cells))
			for i, c := range cells {
				confusion, _ := stats.Confuse(pick(scores, c), pick(labels, c), threshold) // the whole was accepted
				table[i] = decided{name: c.name, Confusion: confusion}
			}
			measured = append(measured, shrunk(table, column)...)
		}
	}
	return measured, nil
}

// cross makes the cells of two attributes; unfit says why they are not crossed.
func cross(first, second Attribute, rows int) (cells []cohort, unfit string, err error) {
	joined := Attribute{Column: "intersection", Values: make([]string, rows)}
	distinct := make(map[string]bool)
	for row := range rows {
		a, b := first.Values[row], second.Values[row]
		if a == "" || a == missing || b == "" || b == missing {
			continue
		}
		name := first.Column + "=" + a + "," + second.Column + "=" + b
		if len(name) > maxName {
			return nil, fmt.Sprintf("the name of a cell has more than %d bytes", maxName), nil
		}
		joined.Values[row], distinct[name] = name, true
	}
	if len(distinct) > maxCohorts {
		return nil, fmt.Sprintf("%d cells, at most %d are compared", len(distinct), maxCohorts), nil
	}
	cells, _, err = joined.cohorts(rows)
	return cells, "", err
}

func shrunk(table []decided, column string) []evidence.Measurement {
	cells := rates(table, stats.Confusion.Sensitivity)
	learned := learn(cells)
	measured := []evidence.Measurement{learned.shrunkGap(cells, stats.Alpha).measurement("intersectional_sensitivity_gap", column)}
	for i, d := range table {
		cell := evidence.Measurement{Name: "sensitivity_shrunk", Group: d.name, Method: tooSmall}
		if d.N() >= minCell {
			cell.N = d.Positives()
			estimate := learned.shrink(cells[i], stats.Alpha)
			cell = filled(cell, estimate.Value, estimate.Interval, estimate.Method)
		}
		measured = append(measured, cell)
	}
	return measured
}
