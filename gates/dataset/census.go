package dataset

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// claim is something that may be true of the values of a column.
type claim struct{ name, column string }

// count holds every value of every sample against every check, and keeps what
// groupings ask for later if all of it fits: one pass per file.
func (s *study) count(ctx context.Context) error {
	s.counted, s.firsts, s.matches = map[claim][]float64{}, map[claim][]int{}, map[claim]int{}
	s.kept = &kept{limit: s.memory * 2 / 5, columns: s.columns}
	for i := range s.samples {
		census := s.census(i)
		if err := s.each(ctx, i, census.visit); err != nil {
			return err
		}
		s.samples[i].rows, s.samples[i].frame = census.rows, census.held.Frame()
		for _, counted := range census.columns {
			s.record(i, counted)
		}
	}
	return nil
}

// census is what is counted in one sample.
type census struct {
	study   *study
	rows    int
	columns []*columnCensus
	held    *table.Sample
}

// columnCensus counts one column: what is missing, what is there and no
// number, and by check.
type columnCensus struct {
	column           column
	checks           []check
	missing, strange tallied
	checked          []tallied
	lowest, highest  float64
	look             suspect
}

// tallied is how often something is so, and in which row first: 1 for the
// first, 0 for none.
type tallied struct{ count, first int }

func (t *tallied) add(row int) {
	if t.count++; t.count == 1 {
		t.first = row
	}
}

func (s *study) census(i int) *census {
	limit := min(heldRows, heldValues/max(1, len(s.samples[i].columns)))
	opened := &census{study: s, held: s.view.Sample(s.samples[i].name, limit)}
	for _, column := range s.columns {
		if !slices.Contains(s.samples[i].columns, column.name) {
			continue
		}
		checks := s.checks(column)
		opened.columns = append(opened.columns, &columnCensus{
			column: column, checks: checks, checked: make([]tallied, len(checks)),
			lowest: math.Inf(1), highest: math.Inf(-1), look: s.suspect(column),
		})
	}
	return opened
}

func (c *census) visit(rows *rows) error {
	for _, column := range c.columns {
		fields := rows.fields[column.column.at]
		lowest, highest := column.measure(fields, c.rows)
		column.hold(fields, c.rows, lowest, highest)
		column.look.notice(fields, c.study.matches)
	}
	c.rows += rows.count
	c.study.kept.add(rows)
	return c.held.Add(rows.batch)
}

// measure gives the extremes of these numbers, in the wrong order without any.
func (c *columnCensus) measure(fields fields, before int) (lowest, highest float64) {
	lowest, highest = math.Inf(1), math.Inf(-1)
	for row, number := range fields.numbers {
		switch {
		case fields.texts[row] == "":
			c.missing.add(before + row + 1)
		case number != number:
			c.strange.add(before + row + 1)
		default:
			lowest, highest = min(lowest, number), max(highest, number)
		}
	}
	c.lowest, c.highest = min(c.lowest, lowest), max(c.highest, highest)
	return lowest, highest
}

func (c *columnCensus) hold(fields fields, before int, lowest, highest float64) {
	for at, check := range c.checks {
		if check.same != "" || check.spares != nil && check.spares(lowest, highest) {
			continue
		}
		for row, text := range fields.texts {
			if check.holds(text, fields.numbers[row]) {
				c.checked[at].add(before + row + 1)
			}
		}
	}
}

// record puts the counts of one sample beside those of the others.
func (s *study) record(i int, c *columnCensus) {
	set := func(name string, value float64, first int) {
		of := claim{name, c.column.name}
		if s.counted[of] == nil {
			s.counted[of], s.firsts[of] = make([]float64, len(s.samples)), make([]int, len(s.samples))
		}
		s.counted[of][i], s.firsts[of][i] = value, first
	}
	if c.lowest > c.highest {
		c.lowest, c.highest = math.NaN(), math.NaN() // there was no number
	}
	set("minimum", c.lowest, 0)
	set("maximum", c.highest, 0)
	same := map[string]tallied{"missing": c.missing, "not_numbers": c.strange}
	for name, found := range same {
		set(name, float64(found.count), found.first)
	}
	for at, check := range c.checks {
		found := c.checked[at]
		if check.same != "" {
			found = same[check.same]
		}
		set(check.name, float64(found.count), found.first)
	}
}

// total sums a count over the samples.
func (s *study) total(name, column string) int {
	total := 0.0
	for _, counted := range s.counted[claim{name, column}] {
		total += counted
	}
	return int(total)
}

// valuesOf counts the rows of the samples that have the column.
func (s *study) valuesOf(c column) int {
	rows := 0
	for _, sample := range s.samples {
		if slices.Contains(sample.columns, c.name) {
			rows += sample.rows
		}
	}
	return rows
}

// tally measures a count of violations, and says where the first one stands.
func (s *study) tally(name string, c column) evidence.Measurement {
	result := count(name, c.name, s.total(name, c.name), s.valuesOf(c))
	for i, violations := range s.counted[claim{name, c.name}] {
		if violations > 0 {
			result.Method = fmt.Sprintf("first in %s, row %d", s.samples[i].name, s.firsts[claim{name, c.name}][i])
			break
		}
	}
	return result
}
