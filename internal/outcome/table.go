package outcome

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Source is a table, column by column. A missing value is "" as text and NaN
// as number; text where a number belongs is an error of Numbers.
type Source interface {
	Rows() int
	Columns() []string
	Has(column string) bool
	Texts(column string) ([]string, error)
	Numbers(column string) ([]float64, error)
	Fault(row int, column, wrong string) error // names file, row (given from 0) and column
}

// Table is a source and the name that its file has in messages.
type Table struct {
	File string
	Source
}

// Binary reads an outcome of one column. Where every row has the same outcome
// there is nothing to predict, and nothing that could be measured.
func (t Table) Binary(label string) (Outcome, error) {
	event, err := t.flags(label)
	if err != nil {
		return Outcome{}, err
	}
	if !slices.Contains(event, true) || !slices.Contains(event, false) {
		return Outcome{}, t.constant(label, event)
	}
	return Outcome{Event: event}, nil
}

// constant refuses a label that never varies; no rows at all is for the caller
// to say.
func (t Table) constant(label string, event []bool) error {
	if len(event) == 0 {
		return nil
	}
	events := 0
	if event[0] {
		events = len(event)
	}
	return fmt.Errorf("%s: column %q: all rows are of one class: %d events, %d non-events", t.File, label, events, len(event)-events)
}

// Survival reads an outcome of two columns. Without an event, or where all were
// followed for the same time, no patient is known to have outlived another.
func (t Table) Survival(time, event string) (Outcome, error) {
	followed, err := t.times(time)
	if err != nil {
		return Outcome{}, err
	}
	ended, err := t.flags(event)
	switch {
	case err != nil:
		return Outcome{}, err
	case len(ended) > 0 && !slices.Contains(ended, true):
		return Outcome{}, fmt.Errorf("%s: column %q: all rows are of one class: no events", t.File, event)
	case len(followed) > 1 && slices.Min(followed) == slices.Max(followed):
		return Outcome{}, fmt.Errorf("%s: column %q: all %d follow-up times are %v", t.File, time, len(followed), followed[0])
	}
	return Outcome{Event: ended, Time: followed}, nil
}

// Scores reads predictions, on any scale.
func (t Table) Scores(column string) ([]float64, error) {
	return t.numbers(column, "the score is missing")
}

// Cohorts reads a column that puts patients into groups; "" is in none.
func (t Table) Cohorts(column string) ([]string, error) {
	if err := t.demand(column); err != nil {
		return nil, err
	}
	return t.Texts(column)
}

func (t Table) times(column string) ([]float64, error) {
	const wanted = "a follow-up time is 0 or more, and never missing"
	times, err := t.numbers(column, wanted)
	if err != nil {
		return nil, err
	}
	if row := slices.IndexFunc(times, func(time float64) bool { return time < 0 }); row >= 0 {
		return nil, t.Fault(row, column, wanted)
	}
	return times, nil
}

func (t Table) numbers(column, whenMissing string) ([]float64, error) {
	if err := t.demand(column); err != nil {
		return nil, err
	}
	numbers, err := t.Numbers(column)
	if err != nil {
		return nil, err
	}
	if row := slices.IndexFunc(numbers, math.IsNaN); row >= 0 {
		return nil, t.Fault(row, column, whenMissing)
	}
	return numbers, nil
}

// flags reads a column of 0 and 1, or of true and false.
func (t Table) flags(column string) ([]bool, error) {
	if err := t.demand(column); err != nil {
		return nil, err
	}
	texts, err := t.Texts(column)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(texts, isWord) {
		return t.words(column, texts)
	}
	numbers, err := t.numbers(column, "the label is missing")
	if err != nil {
		return nil, err
	}
	flags := make([]bool, len(numbers))
	for row, number := range numbers {
		if number != 0 && number != 1 {
			return nil, t.Fault(row, column, fmt.Sprintf("%v is neither 0 nor 1", number))
		}
		flags[row] = number == 1
	}
	return flags, nil
}

// words reads a column that says true or false; it does not change to numbers
// on the way.
func (t Table) words(column string, texts []string) ([]bool, error) {
	flags := make([]bool, len(texts))
	for row, text := range texts {
		switch {
		case text == "":
			return nil, t.Fault(row, column, "the label is missing")
		case !isWord(text):
			return nil, t.Fault(row, column, fmt.Sprintf("%.40q is neither true nor false", text))
		}
		flags[row] = strings.EqualFold(text, "true")
	}
	return flags, nil
}

func isWord(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}
