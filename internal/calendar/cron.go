package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// field is one of the five of a schedule.
type field struct {
	name     string
	low, top int
	words    []string // names of the numbers from low on
}

var fields = []field{
	{"minute", 0, 59, nil},
	{"hour", 0, 23, nil},
	{"day of the month", 1, 31, nil},
	{"month", 1, 12, strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")},
	{"day of the week", 0, 7, strings.Fields("sun mon tue wed thu fri sat")},
}

// parseSchedule reads the five fields: each a list of numbers, ranges (1-5), stars
// and steps (*/15, 8-18/2).
func parseSchedule(text string) (schedule, error) {
	given := strings.Fields(text)
	if len(given) != len(fields) {
		return schedule{}, fmt.Errorf("%q has %d fields and not the five of cron: minute, hour, day of the month, month, day of the week", text, len(given))
	}
	var sets [5]uint64
	for i, field := range fields {
		for item := range strings.SplitSeq(given[i], ",") {
			found, err := field.item(strings.ToLower(item))
			if err != nil {
				return schedule{}, err
			}
			sets[i] |= found
		}
	}
	sets[4] |= sets[4] >> 7 & 1 // Sunday is 0 and 7
	return schedule{
		minutes: sets[0], hours: sets[1], days: sets[2], months: sets[3], weekdays: sets[4],
		anyDay: strings.HasPrefix(given[2], "*"), anyWeekday: strings.HasPrefix(given[4], "*"),
	}, nil
}

// item is the set of numbers that one item of a list names.
func (f field) item(text string) (uint64, error) {
	span, stepText, stepped := strings.Cut(text, "/")
	first, last, isRange := strings.Cut(span, "-")
	low, top := f.low, f.top
	if span != "*" {
		low = f.number(first)
		if top = low; isRange {
			top = f.number(last)
		}
	}
	step := 1
	if stepped {
		step = digits(stepText)
	}
	if low < f.low || top > f.top || top < low || step < 1 || stepped && span != "*" && !isRange {
		return 0, fmt.Errorf("%q is no %s: write numbers from %d to %d, ranges such as %[3]d-%[4]d, lists, * and steps such as */2", text, f.name, f.low, f.top)
	}
	var bits uint64
	for number := low; number <= top; number += step {
		bits |= 1 << number
	}
	return bits, nil
}

// number is -1 for what is none.
func (f field) number(text string) int {
	for i, word := range f.words {
		if text == word {
			return f.low + i
		}
	}
	return digits(text)
}

func digits(text string) int {
	number, err := strconv.ParseUint(text, 10, 8)
	if err != nil {
		return -1
	}
	return int(number)
}
