package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func (g gap) measurement(name, column string) evidence.Measurement {
	measured := evidence.Measurement{
		Name:   name,
		Value:  evidence.Number(g.Value),
		Low:    evidence.Number(g.Low),
		High:   evidence.Number(g.High),
		N:      g.counted(),
		Group:  column,
		Method: g.Method,
	}
	if !g.defined {
		measured.Value = ""
	}
	return measured
}

// counted is the smallest denominator; 0 where there is no cohort at all.
func (g gap) counted() int {
	if g.smallest == math.MaxInt {
		return 0
	}
	return g.smallest
}

func proportion(name, group string, p stats.Proportion) evidence.Measurement {
	value, err := p.Value()
	if err != nil {
		return evidence.Measurement{Name: name, Group: group, N: p.Trials, Method: err.Error()}
	}
	return filled(evidence.Measurement{Name: name, Group: group, N: p.Trials}, value, p.Wilson(stats.Alpha), "wilson")
}

func (r ranked) measurement(name, group string) evidence.Measurement {
	if !r.known {
		return evidence.Measurement{Name: name, Group: group, N: r.rows, Method: r.why}
	}
	return filled(evidence.Measurement{Name: name, Group: group, N: r.rows}, r.Value, r.Interval(stats.Alpha), r.Method())
}

func (e estimated) measurement(name, group string, n int) evidence.Measurement {
	measured := evidence.Measurement{Name: name, Group: group, N: n}
	if e.err != nil {
		measured.Method = e.err.Error()
		return measured
	}
	return filled(measured, e.Value, e.Interval, e.Method)
}

func count(name, group string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Group: group, Value: evidence.Count(value), N: n, Method: "counted"}
}

func filled(m evidence.Measurement, value float64, within stats.Interval, method string) evidence.Measurement {
	m.Value, m.Low, m.High = evidence.Number(value), evidence.Number(within.Low), evidence.Number(within.High)
	m.Method = method
	return m
}

// bounded refuses more measurements than a statement may hold.
func bounded(measured []evidence.Measurement) ([]evidence.Measurement, error) {
	if len(measured) > evidence.MaxMeasurements {
		return nil, fmt.Errorf("%d measurements, at most %d: declare fewer columns of cohorts", len(measured), evidence.MaxMeasurements)
	}
	return measured, nil
}
