package stats

import (
	"fmt"
	"math"
	"sort"
)

// censoring is Kaplan-Meier's estimate of the probability to be uncensored.
// Events at a time leave before those censored at it.
type censoring struct{ times, before, after []float64 }

func newCensoring(time []float64, event []bool) censoring {
	var c censoring
	uncensored := 1.0
	for _, step := range riskTable(time, event) {
		c.times, c.before = append(c.times, step.Time), append(c.before, uncensored)
		if left := step.AtRisk - step.Events; left > 0 {
			uncensored *= 1 - float64(step.Censored)/float64(left)
		}
		c.after = append(c.after, uncensored)
	}
	return c
}

// justBefore is for one of the times of the estimate.
func (c censoring) justBefore(time float64) float64 {
	return c.before[sort.SearchFloat64s(c.times, time)]
}

// at is the probability just after any time.
func (c censoring) at(time float64) float64 {
	next := sort.Search(len(c.times), func(i int) bool { return c.times[i] > time })
	if next == 0 {
		return 1
	}
	return c.after[next-1]
}

// weights at a horizon: 1/G of the own time for rows whose event came by then,
// 1/G of the horizon for rows followed beyond it, 0 for rows censored before.
func (c censoring) weights(time []float64, event []bool, horizon float64) []float64 {
	weights, beyond := make([]float64, len(time)), c.at(horizon)
	for row, t := range time {
		switch {
		case t > horizon:
			weights[row] = 1 / beyond
		case event[row]:
			weights[row] = 1 / c.justBefore(t)
		}
	}
	return weights
}

// checkHorizon demands somebody followed beyond the horizon.
func checkHorizon(time []float64, horizon float64) error {
	if !(horizon >= 0) || math.IsInf(horizon, 0) {
		return fmt.Errorf("horizon: %w: %v", ErrRange, horizon)
	}
	for _, t := range time {
		if t > horizon {
			return nil
		}
	}
	return fmt.Errorf("horizon %v: %w: nobody is followed beyond it", horizon, ErrRange)
}
