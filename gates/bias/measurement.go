package bias

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func (g gap) measurement(name, column string) evidence.Measurement {
	measured := evidence.Measurement{
		Name:   name,
		Value:  evidence.Number(g.Value),
		Low:    evidence.Number(g.Low),
		High:   evidence.Number(g.High),
		N:      g.smallest,
		Group:  column,
		Method: g.Method,
	}
	if !g.defined {
		measured.Value = ""
	}
	return measured
}

func proportion(name, group string, p stats.Proportion) evidence.Measurement {
	value, err := p.Value()
	if err != nil {
		return evidence.Measurement{Name: name, Group: group, N: p.Trials, Method: err.Error()}
	}
	interval := p.Wilson(stats.Alpha)
	return evidence.Measurement{
		Name: name, Group: group, N: p.Trials, Method: "wilson",
		Value: evidence.Number(value), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}

func (r ranked) measurement(name, group string) evidence.Measurement {
	if !r.known {
		return evidence.Measurement{Name: name, Group: group, N: r.rows, Method: r.why}
	}
	interval := r.Interval(stats.Alpha)
	return evidence.Measurement{
		Name: name, Group: group, N: r.rows, Method: r.Method(),
		Value: evidence.Number(r.Value), Low: evidence.Number(interval.Low), High: evidence.Number(interval.High),
	}
}

func count(name, group string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Group: group, Value: evidence.Count(value), N: n, Method: "counted"}
}

// bounded refuses more measurements than a statement may hold.
func bounded(measured []evidence.Measurement) ([]evidence.Measurement, error) {
	if len(measured) > evidence.MaxMeasurements {
		return nil, fmt.Errorf("%d measurements, at most %d: declare fewer columns of cohorts", len(measured), evidence.MaxMeasurements)
	}
	return measured, nil
}
