package stats

import "math"

// Step is one distinct follow-up time of a Kaplan-Meier curve.
type Step struct {
	Time                     float64
	AtRisk, Events, Censored int
	Survival                 float64 // just after Time
	SE                       float64 // Greenwood's
	CumulativeHazard         float64 // Nelson-Aalen's
}

// Curve is a Kaplan-Meier curve, by rising time.
type Curve []Step

// KaplanMeier estimates the probability of no event up to each distinct time
// (Kaplan and Meier 1958, JASA 53:457), with Greenwood's standard error and
// the cumulative hazard of Nelson 1972 (Technometrics 14:945) and Aalen. Times
// are 0 or more, in any unit. A row censored at the time of an event is still
// at risk for it. No event at all is ErrOneClass.
func KaplanMeier(time []float64, event []bool) (Curve, error) {
	if err := checkFollowUp(time, event); err != nil {
		return nil, err
	}
	curve := riskTable(time, event)
	survival, greenwood, hazard := 1.0, 0.0, 0.0
	for i := range curve {
		step := &curve[i]
		atRisk, events := float64(step.AtRisk), float64(step.Events)
		hazard += events / atRisk
		survival *= (atRisk - events) / atRisk
		if step.Events < step.AtRisk {
			greenwood += events / (atRisk * (atRisk - events))
		}
		step.Survival = survival
		step.CumulativeHazard = hazard
		step.SE = survival * math.Sqrt(greenwood)
	}
	return curve, nil
}

// At is the last step at or before a time; before the first it is everybody
// at risk and nobody lost.
func (c Curve) At(time float64) Step {
	last := Step{Time: time, Survival: 1}
	if len(c) > 0 {
		last.AtRisk = c[0].AtRisk
	}
	for _, step := range c {
		if step.Time > time {
			break
		}
		last = step
	}
	return last
}

// AtRisk counts the rows that are followed up to a time or beyond it.
func (c Curve) AtRisk(time float64) int {
	for _, step := range c {
		if step.Time >= time {
			return step.AtRisk
		}
	}
	return 0
}

// riskTable counts events and censorings at every distinct time.
func riskTable(time []float64, event []bool) Curve {
	order := ascending(time)
	var curve Curve
	for start := 0; start < len(order); {
		end := tieEnd(time, order, start)
		step := Step{Time: time[order[start]], AtRisk: len(order) - start}
		for _, row := range order[start:end] {
			if event[row] {
				step.Events++
			} else {
				step.Censored++
			}
		}
		curve = append(curve, step)
		start = end
	}
	return curve
}
