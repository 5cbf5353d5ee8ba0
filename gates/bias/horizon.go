package bias

import (
	"errors"
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

var (
	errNoRisks     = errors.New("the recipe names a horizon, but no risks by it were predicted")
	errNotFollowed = errors.New("nobody in the cohort is followed to the horizon")
)

// Horizon compares, attribute by attribute, the risks of an event by a horizon
// with how many have it by then, censored patients counted by Kaplan and Meier.
// Without a horizon, 0, the only measurement is horizons, 0.
func Horizon(risks, time []float64, event []bool, horizon float64, attributes []Attribute) ([]evidence.Measurement, error) {
	if horizon == 0 {
		return []evidence.Measurement{count("horizons", "", 0, len(event))}, nil
	}
	if !(horizon > 0) || math.IsInf(horizon, 1) {
		return nil, fmt.Errorf("the horizon %v is not a time", horizon)
	}
	if err := checkRisks(risks, len(event)); err != nil {
		return nil, err
	}
	measured := []evidence.Measurement{count("horizons", "", 1, len(event))}
	for _, attribute := range attributes {
		named, unnamed, err := attribute.cohorts(len(event))
		if err != nil {
			return nil, err
		}
		table := make([]incident, len(named))
		for i, c := range named {
			table[i] = watch(c, risks, time, event, horizon)
		}
		ratios := make([]held, len(table))
		for i, one := range table {
			ratios[i] = one.at(stats.Alpha / float64(len(table)))
		}
		measured = append(measured, extremes("oe_ratio", attribute.Column, incidentMethod, ratios, anyRatio)...)
		if len(unnamed.rows) > 0 {
			table = append(table, watch(unnamed, risks, time, event, horizon))
		}
		for _, one := range table {
			measured = append(measured, one.measurement(attribute.Column))
		}
	}
	return bounded(measured)
}

// checkRisks refuses what are no probabilities. None at all is no error: the
// ratios then say why they have no value.
func checkRisks(risks []float64, rows int) error {
	if len(risks) > 0 && len(risks) != rows {
		return fmt.Errorf("risks by the horizon: %w: %d risks, %d rows", stats.ErrLength, len(risks), rows)
	}
	for row, risk := range risks {
		if !(risk >= 0 && risk <= 1) {
			return fmt.Errorf("risks by the horizon: row %d: %w: %v is not a probability", row+1, stats.ErrRange, risk)
		}
	}
	return nil
}

// incident is a cohort at the horizon: who is still without an event, and the
// mean risk that was predicted.
type incident struct {
	name     string
	patients int
	hidden   bool
	left     stats.Step
	mean     float64
	err      error
}

func watch(c cohort, risks, time []float64, event []bool, horizon float64) incident {
	one := incident{name: c.name, hidden: c.hidden}
	if c.hidden {
		one.err = errHidden
		return one
	}
	one.patients = len(c.rows)
	if len(risks) == 0 {
		one.err = errNoRisks
		return one
	}
	for _, risk := range pick(risks, c) {
		one.mean += risk / float64(len(c.rows))
	}
	var reached bool
	one.left, reached = remaining(pick(time, c), pick(event, c), horizon)
	switch {
	case !reached:
		one.err = errNotFollowed
	case one.mean < minExpected:
		one.err = errNothingExpected
	}
	return one
}

// remaining is Kaplan-Meier's step at the horizon. The curve says nothing
// beyond the last patient, unless nobody is left by then. Where nobody had the
// event, those who were followed to the horizon bound the risk.
func remaining(time []float64, event []bool, horizon float64) (left stats.Step, reached bool) {
	beyond := 0
	for _, followed := range time {
		if followed >= horizon {
			beyond++
		}
	}
	left = stats.Step{Time: horizon, AtRisk: beyond, Survival: 1}
	if curve, err := stats.KaplanMeier(time, event); err == nil {
		if step := curve.At(horizon); step.Survival < 1 {
			left = step
		}
	}
	return left, beyond > 0 || left.Survival <= 0
}

const incidentMethod = "1 - kaplan-meier, log-log interval, expected events fixed"

func (i incident) at(level float64) held {
	if i.err != nil {
		return held{err: i.err}
	}
	within := i.left.Interval(stats.LogLogBand, level)
	return held{value: (1 - i.left.Survival) / i.mean, n: i.patients, within: stats.Interval{
		Low: (1 - within.High) / i.mean, High: (1 - within.Low) / i.mean,
	}}
}

func (i incident) measurement(column string) evidence.Measurement {
	measured := i.at(stats.Alpha).measurement("oe_ratio", column+"="+i.name, i.patients, incidentMethod)
	if i.hidden {
		return blank([]evidence.Measurement{measured})[0]
	}
	return measured
}
