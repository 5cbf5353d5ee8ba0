package performance

import (
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// instant is the shortest duration that is told apart: what takes no more than
// a tenth of a second feels immediate (Nielsen 1993, Usability Engineering,
// section 5.5).
const instant = 100 * time.Millisecond

// duration is a percentile of durations, with limits that are durations
// themselves, whatever their distribution. All are rounded outwards to 1, 2 or 5
// times a power of ten. Durations are the only measurements in which two runs
// differ, and the digest of a statement is that of its bytes: so coarse, two
// runs agree unless a duration lies at an edge.
func duration(name string, took []time.Duration, share float64, what string) evidence.Measurement {
	const unit = "s"
	values := make([]float64, len(took))
	for i, one := range took {
		values[i] = float64(one)
	}
	quantile, err := stats.QuantileLimits(values, share, 0)
	if err != nil {
		return evidence.Measurement{Name: name, Unit: unit, Method: errNobody.Error()}
	}
	told := evidence.Measurement{
		Name: name, Value: seconds(atMost(time.Duration(quantile.Value))), N: len(took), Unit: unit,
		Method: fmt.Sprintf("order statistics of %d %s, rounded outwards to 1, 2 or 5 times a power of ten, at least 0.1 s", len(took), what),
	}
	if !quantile.HasHigh {
		told.Method += fmt.Sprintf("; no upper end: it takes %d %s", quantile.Enough, what)
		return told
	}
	told.Low, told.High = seconds(atLeast(time.Duration(quantile.Low))), seconds(atMost(time.Duration(quantile.High)))
	return told
}

func seconds(duration time.Duration) evidence.Decimal { return evidence.Number(duration.Seconds()) }

// atMost is the next round duration at or above.
func atMost(duration time.Duration) time.Duration {
	for power := instant; ; power *= 10 {
		for _, factor := range []time.Duration{1, 2, 5} {
			if duration <= factor*power {
				return factor * power
			}
		}
	}
}

// atLeast is the next round duration at or below, 0 under the shortest.
func atLeast(duration time.Duration) time.Duration {
	round := time.Duration(0)
	for power := instant; ; power *= 10 {
		for _, factor := range []time.Duration{1, 2, 5} {
			if duration < factor*power {
				return round
			}
			round = factor * power
		}
	}
}
