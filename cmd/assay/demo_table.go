package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// attempt is something that was tried at a door.
type attempt struct {
	what, door string
	want       string // the rule that must deny; empty when it must be allowed

	allowed bool
	rules   []string // that denied
	told    string   // the denial as its author sees it
	took    time.Duration
}

// right holds when the door answered as it should: open, or shut by the
// expected rule.
func (a attempt) right() bool {
	if a.want == "" {
		return a.allowed
	}
	return !a.allowed && slices.Contains(a.rules, a.want)
}

// rule is what the table shows: the expected rule, and how many came with it.
func (a attempt) rule() string {
	switch {
	case a.allowed || len(a.rules) == 0:
		return ""
	case a.right() && len(a.rules) > 1:
		return fmt.Sprintf("%s +%d", a.want, len(a.rules)-1)
	case a.right():
		return a.want
	}
	return a.rules[0]
}

func (a attempt) outcome() string {
	outcome := "denied"
	if a.allowed {
		outcome = "allowed"
	}
	if !a.right() {
		return outcome + " (WRONG)"
	}
	return outcome
}

// table prints every attempt, and answers with how many went wrong.
func (s *story) table() int {
	rows := [][]string{{"what was tried", "door", "outcome", "rule", "ms"}}
	different := 0
	for _, attempt := range s.attempts {
		rows = append(rows, []string{attempt.what, attempt.door, attempt.outcome(), attempt.rule(), fmt.Sprint(attempt.took.Milliseconds())})
		if !attempt.right() {
			different++
		}
	}
	fmt.Fprintln(s.out)
	writeTable(s.out, rows)
	return different
}

func writeTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range rows {
		if n == 1 {
			fmt.Fprintln(w, strings.Repeat("-", sum(widths)+2*(len(widths)-1)))
		}
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func sum(numbers []int) int {
	total := 0
	for _, number := range numbers {
		total += number
	}
	return total
}
