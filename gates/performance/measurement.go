package performance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// estimated writes an estimate, or why there is none.
func estimated(name string, n int, estimate stats.Estimate, err error) evidence.Measurement {
	if err != nil {
		return evidence.Measurement{Name: name, N: n, Method: err.Error()}
	}
	return evidence.Measurement{
		Name:   name,
		Value:  evidence.Number(estimate.Value),
		Low:    evidence.Number(estimate.Low),
		High:   evidence.Number(estimate.High),
		N:      n,
		Method: estimate.Method,
	}
}

func proportion(name string, p stats.Proportion) evidence.Measurement {
	value, err := p.Value()
	return estimated(name, p.Trials, stats.Estimate{Value: value, Interval: p.Wilson(stats.Alpha), Method: "wilson"}, err)
}

func ranking(name string, n int, r stats.Ranking) evidence.Measurement {
	return estimated(name, n, stats.Estimate{Value: r.Value, Interval: r.Interval(stats.Alpha), Method: r.Method()}, nil)
}

// champions tells a comparison that was not made from one that is missing.
func champions(champion []float64, n int) evidence.Measurement {
	return count("champions", min(len(champion), 1), n)
}

func count(name string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Count(value), N: n, Method: "counted"}
}
