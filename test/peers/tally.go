package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"
)

const head = "| work | peer | ours, s | theirs, s | theirs / ours | span of the ratio | values |\n|---|---|---|---|---|---|---|\n"

// result is what came of a contest.
type result struct {
	missing      string // there was no peer: why
	apart        string // the numbers differ: where
	ours, theirs []float64
}

// hold lets us and the peer take turns.
func (c contest) hold(given data, rival *peer, rounds int) result {
	var held result
	for range rounds {
		answer, err := rival.do(c.ask)
		if err != nil {
			return result{missing: err.Error()}
		}
		if answer.Missing != "" {
			return result{missing: answer.Missing}
		}
		runtime.GC() // the last round's garbage is not this one's work
		started := time.Now()
		values, err := c.ours(given)
		took := time.Since(started).Seconds()
		if err != nil {
			return result{apart: err.Error()}
		}
		held.ours, held.theirs = append(held.ours, took), append(held.theirs, answer.Seconds)
		if held.apart = apart(values, answer.Values, c.agree); held.apart != "" {
			return held
		}
	}
	return held
}

// apart says where two lists of values differ by more than they may; both are
// of the order of 1 or less, so the difference is absolute.
func apart(ours, theirs, agree []float64) string {
	if len(theirs) < len(agree) || len(ours) < len(agree) {
		return fmt.Sprintf("%d values, and we have %d", len(theirs), len(ours))
	}
	for i, tolerance := range agree {
		if !(math.Abs(ours[i]-theirs[i]) <= tolerance) {
			return fmt.Sprintf("value %d: ours %.17g, theirs %.17g", i+1, ours[i], theirs[i])
		}
	}
	return ""
}

func (r result) row(c contest) string {
	cells := []string{c.what, c.peer}
	switch {
	case r.missing != "":
		line, _, _ := strings.Cut(r.missing, "\n")
		cells = append(cells, "", "", "", "", "not measured: "+line)
	case r.apart != "":
		cells = append(cells, "", "", "", "", "**DIFFER**: "+r.apart)
	default:
		ratios := make([]float64, len(r.ours))
		for i := range ratios {
			ratios[i] = r.theirs[i] / r.ours[i]
		}
		cells = append(cells, seconds(r.ours), seconds(r.theirs), fmt.Sprintf("%.1f", median(ratios)),
			fmt.Sprintf("%.1f to %.1f", slices.Min(ratios), slices.Max(ratios)), fmt.Sprintf("agree to %g", slices.Max(c.agree)))
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

func seconds(taken []float64) string { return fmt.Sprintf("%.3g", median(taken)) }

// median is the middle value, of two middle values the mean; NaN of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
