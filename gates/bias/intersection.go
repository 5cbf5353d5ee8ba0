package bias

import (
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// intersections measures the sensitivity within the cells of every two
// attributes, such as black women: few patients each, so the cells of a pair
// lend each other strength. Rows that lack either attribute are in no cell.
func intersections(scores []float64, labels []bool, threshold float64, attributes []Attribute) ([]evidence.Measurement, error) {
	overall, err := stats.Confuse(scores, labels, threshold)
	if err != nil {
		return nil, err
	}
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
				table[i] = decided{name: c.name, hidden: c.hidden, Confusion: confusion}
			}
			lacking, err := decisionsNeeded(table, column, overall)
			if err != nil {
				return nil, err
			}
			measured = append(append(measured, shrunk(table, column)...), lacking...)
		}
	}
	return measured, nil
}

// cross makes the cells of two attributes; unfit says why they are not crossed.
func cross(first, second Attribute, rows int) (cells []cohort, unfit string, err error) {
	joined := Attribute{Column: "intersection", Values: make([]string, rows), Unsuppressed: first.Unsuppressed && second.Unsuppressed}
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
	if cells, _, err = joined.cohorts(rows); err != nil {
		return nil, "", err
	}
	return cells, "", hideWith(cells, first, second, rows)
}

// hideWith hides the cells of hidden cohorts: added up, they would tell of them.
func hideWith(cells []cohort, first, second Attribute, rows int) error {
	for _, of := range []Attribute{first, second} {
		named, _, err := of.cohorts(rows)
		if err != nil {
			return err
		}
		hidden := make(map[string]bool)
		for _, c := range named {
			hidden[c.name] = c.hidden
		}
		for i, cell := range cells {
			cells[i].hidden = cell.hidden || hidden[of.Values[cell.rows[0]]]
		}
	}
	return nil
}

// shrunk tells of the cells of two columns. Of a hidden cell it reads nothing:
// such a cell is as likely to be served badly as the others have it.
func shrunk(table []decided, column string) []evidence.Measurement {
	cells := rates(table, stats.Confusion.Sensitivity)
	learned := learn(cells)
	apart := learned.shrunkGap(cells, stats.Alpha)
	hidden := slices.ContainsFunc(table, func(d decided) bool { return d.hidden })
	if hidden && apart.defined {
		apart.Estimate = rounded(apart.Estimate)
	}
	measured := []evidence.Measurement{apart.measurement("intersectional_sensitivity_gap", column)}
	for i, d := range table {
		cell := evidence.Measurement{Name: "sensitivity_shrunk", Group: d.name, N: d.Positives()}
		if d.hidden {
			measured = append(measured, blank([]evidence.Measurement{cell})...)
			continue
		}
		estimate := learned.shrink(cells[i], stats.Alpha)
		if hidden {
			cell.N, estimate = 0, rounded(estimate)
		}
		measured = append(measured, filled(cell, estimate.Value, estimate.Interval, estimate.Method))
	}
	return measured
}

// rounded tells no more than hundredths, the ends outwards. Cells add up to
// cohorts whose patients with the event are told: in a row of cells of which
// one is hidden, exact numbers about the others would give it away.
func rounded(e stats.Estimate) stats.Estimate {
	e.Value = math.Round(e.Value*100) / 100
	e.Low, e.High = math.Floor(e.Low*100)/100, math.Ceil(e.High*100)/100
	e.Method += "; ends outwards to hundredths, for a cell is not told"
	return e
}
