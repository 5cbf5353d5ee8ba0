package bias

import (
	"fmt"
	"slices"
	"strings"
)

// Attribute is a column that puts every row into a cohort; a missing value is
// "". Cohorts of few patients are hidden, unless the attribute is Unsuppressed:
// for the owner of the rows, who knows them anyway.
type Attribute struct {
	Column       string
	Values       []string
	Unsuppressed bool
}

// missing names the cohort of rows without a value.
const missing = "(missing)"

// Bounds on what a column may hold and still name cohorts of people. The pairs
// grow with the square of the cohorts.
const (
	maxCohorts = 64
	maxName    = 200
)

// cohort is the rows that share a value. Of a hidden one nothing is told, and
// nothing is read.
type cohort struct {
	name   string
	rows   []int
	hidden bool
}

// cohorts are sorted by name, rows without a value last and apart.
func (a Attribute) cohorts(rows int) (named []cohort, unnamed cohort, err error) {
	if len(a.Values) != rows {
		return nil, cohort{}, fmt.Errorf("column %q: %d values for %d rows", a.Column, len(a.Values), rows)
	}
	if len(a.Column) > maxName {
		return nil, cohort{}, fmt.Errorf("column %.40q: a name has at most %d bytes", a.Column, maxName)
	}
	index := make(map[string]int)
	unnamed.name = missing
	for row, value := range a.Values {
		if value == "" || value == missing {
			unnamed.rows = append(unnamed.rows, row)
			continue
		}
		at, known := index[value]
		if !known {
			if len(named) == maxCohorts || len(value) > maxName {
				return nil, cohort{}, fmt.Errorf("column %q: row %d: a column of cohorts has at most %d values of at most %d bytes", a.Column, row+1, maxCohorts, maxName)
			}
			at = len(named)
			index[value] = at
			named = append(named, cohort{name: value})
		}
		named[at].rows = append(named[at].rows, row)
	}
	slices.SortFunc(named, func(a, b cohort) int { return strings.Compare(a.name, b.name) })
	if !a.Unsuppressed {
		hide(named)
		unnamed.hidden = len(unnamed.rows) < minCell
	}
	return named, unnamed, nil
}

// pick gives the values of the cohort's rows, in row order; of a hidden one it
// gives none, so that no number can depend on them.
func pick[T any](values []T, c cohort) []T {
	if c.hidden {
		return nil
	}
	picked := make([]T, len(c.rows))
	for i, row := range c.rows {
		picked[i] = values[row]
	}
	return picked
}
