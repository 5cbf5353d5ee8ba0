package dataset

import (
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// check is a condition that is counted in a column, by the name under which it
// is measured. It sees each value twice: as text, "" where it is missing, and
// as the number it is, NaN where it is none. What is counted anyway is named
// instead.
type check struct {
	name  string
	same  string // "missing" or "not_numbers"
	holds func(text string, number float64) bool
	// spares tells, if there, that it holds for nothing where all numbers lie
	// between these: most values need not be looked at one by one.
	spares func(lowest, highest float64) bool
}

// checks are what the contract promises of a column, and what its place as
// outcome or age demands.
func (s *study) checks(c column) []check {
	var checks []check
	if c.promise != nil {
		checks = c.promises()
	}
	if label, has := s.label(); has && label.name == c.name {
		checks = append(checks,
			check{name: "label_missing", same: "missing"},
			check{name: "label_invalid", holds: func(text string, number float64) bool { return text != "" && number != 0 && number != 1 }},
			check{name: "events", holds: func(_ string, number float64) bool { return number == 1 }},
			check{name: "non_events", holds: func(_ string, number float64) bool { return number == 0 }})
	}
	if duration, has := s.time(); has && duration.name == c.name {
		checks = slices.DeleteFunc(checks, func(of check) bool { return of.name == "label_missing" || of.name == "label_invalid" })
		checks = append(checks,
			check{name: "label_missing", same: "missing"},
			check{name: "label_invalid", same: "not_numbers"},
			beyond("negative_times", 0, math.Inf(1)))
	}
	if hintsOf(c.name)[ageOver89] {
		checks = append(checks, c.topAges())
	}
	return checks
}

// promises are what a contract says of a column: its type, and whatever else.
func (c column) promises() []check {
	checks := []check{typeCheck(c.promise.Type)}
	if c.promise.Required {
		checks = append(checks, check{name: "required_missing", same: "missing"})
	}
	if c.promise.Min != nil || c.promise.Max != nil {
		low, high := math.Inf(-1), math.Inf(1)
		if c.promise.Min != nil {
			low = *c.promise.Min
		}
		if c.promise.Max != nil {
			high = *c.promise.Max
		}
		checks = append(checks, beyond("range_violations", low, high))
	}
	if len(c.promise.Values) > 0 {
		checks = append(checks, check{name: "domain_violations", holds: c.notAllowed()})
	}
	return checks
}

// beyond counts numbers that lie outside.
func beyond(name string, low, high float64) check {
	return check{
		name:   name,
		holds:  func(_ string, number float64) bool { return number < low || number > high },
		spares: func(lowest, highest float64) bool { return lowest >= low && highest <= high },
	}
}

// typeCheck counts values that are not of the contract's type. Nothing is of a
// type that no contract should name.
func typeCheck(kind string) check {
	violations := check{name: "type_violations", holds: func(text string, _ float64) bool { return text != "" }}
	switch kind {
	case word:
		violations.holds = func(string, float64) bool { return false }
	case date:
		violations.holds = func(text string, _ float64) bool { return text != "" && !isDate(text) }
	case number:
		violations.same = "not_numbers"
	case integer:
		violations.holds = func(text string, number float64) bool { return text != "" && number != math.Trunc(number) }
	}
	return violations
}

var dateShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// isDate accepts days as ISO 8601 writes them, if the calendar has them.
func isDate(text string) bool {
	if !dateShape.MatchString(text) {
		return false
	}
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// notAllowed compares numbers as numbers, so that 1.0 is the 1 of the contract.
func (c column) notAllowed() func(text string, number float64) bool {
	var numbers []float64
	for _, allowed := range c.promise.Values {
		if value, ok := table.Number(allowed); ok && (c.promise.Type == number || c.promise.Type == integer) {
			numbers = append(numbers, value)
		}
	}
	return func(text string, number float64) bool {
		return text != "" && !slices.Contains(c.promise.Values, text) && !slices.Contains(numbers, number)
	}
}
