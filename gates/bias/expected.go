package bias

import (
	"errors"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// expected is how many events of a cohort happened over how many the scores
// expect. Unlike the ratio of the whole (package performance), which is normal
// on the log scale, it must have an interval where nobody had the event:
// Wilson's for the share of events, over the mean score, which is taken as
// known.
type expected struct {
	observed stats.Proportion
	mean     float64 // score
	err      error
}

var errNothingExpected = errors.New("the ratio is 0/0: no event is expected")

func expect(scores []float64, c stats.Confusion) expected {
	sum := 0.0
	for _, score := range scores {
		sum += score
	}
	e := expected{observed: stats.Proportion{Successes: c.Positives(), Trials: c.N()}, mean: sum / float64(max(1, c.N()))}
	if e.mean < minExpected {
		e.err = errNothingExpected
	}
	return e
}

// minExpected keeps the ratio finite: a mean risk below it is no risk.
const minExpected = 1e-9

func (e expected) value() float64 {
	share, _ := e.observed.Value()
	return share / e.mean
}

func (e expected) interval(alpha float64) stats.Interval {
	wilson := e.observed.Wilson(alpha)
	return stats.Interval{Low: wilson.Low / e.mean, High: wilson.High / e.mean}
}

const expectedMethod = "wilson, expected events fixed"

// anyRatio is where the ratio of a cohort may lie of which nothing is known.
var anyRatio = stats.Interval{Low: 0, High: anything}

func (e expected) at(level float64) held {
	if e.err != nil {
		return held{err: e.err}
	}
	return held{value: e.value(), within: e.interval(level), n: e.observed.Trials}
}

func (e expected) measurement(group string) evidence.Measurement {
	return e.at(stats.Alpha).measurement("oe_ratio", group, e.observed.Trials, expectedMethod)
}
