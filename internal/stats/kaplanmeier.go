package stats

import "math"

// Step is one distinct follow-up time of a Kaplan-Meier curve.
type Step struct {
	Time                     float64
	AtRisk, Events, Censored int
	Survival                 float64 // just after Time
	SE                       float64 // Greenwood's
}

// Curve is a Kaplan-Meier curve, by rising time.
type Curve []Step

// KaplanMeier estimates the probability of no event up to each distinct time
// (Kaplan and Meier 1958, JASA 53:457), with Greenwood's standard error. A row
// censored at the time of an event is still at risk for it.
func KaplanMeier(time []float64, event []bool) (Curve, error) {
	if err := checkFollowUp(time, event); err != nil {
		return nil, err
	}
	curve := riskTable(time, event)
	survival, greenwood := 1.0, 0.0
	for i := range curve {
		step := &curve[i]
		atRisk, events := float64(step.AtRisk), float64(step.Events)
		survival *= (atRisk - events) / atRisk
		if step.Events < step.AtRisk {
			greenwood += events / (atRisk * (atRisk - events))
		}
		step.Survival = survival
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
