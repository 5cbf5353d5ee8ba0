package performance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Bounds on trying a candidate out. 500 requests are enough for limits of the
// 99th percentile, which takes 368; nine loads for those of the median.
const (
	mostRequests = 500
	mostLoads    = 9
	loadTime     = time.Minute
	askTime      = 20 * time.Second
)

// percentiles that are told of the time of a request.
var percentilesOfTime = []struct {
	name  string
	share float64
}{{"predict_seconds_p50", .5}, {"predict_seconds_p95", .95}, {"predict_seconds_p99", .99}}

// trial is what was seen of a candidate in operation.
type trial struct {
	loads, took  []time.Duration
	inconsistent int
	invalid      int
	missing      counted
	garbage      counted
}

// counted are requests that were answered, and such as were refused.
type counted struct{ answered, refused int }

// operation loads the candidate and asks it about one patient at a time, as
// the clinic will: how long it takes, whether it says what it said of the whole
// file, and what it makes of requests that are not as they should be (TRIPOD+AI
// 27a). That there is nobody to ask is measured as such.
func operation(ctx context.Context, candidate gates.Candidate, holdout *table.Frame) ([]evidence.Measurement, error) {
	if candidate.Runner == nil {
		return trial{}.measurements(), nil
	}
	asked, err := newRequests(holdout, candidate.Model.Spec.Features)
	if err != nil {
		return nil, err
	}
	seen := &trial{}
	session, err := seen.load(ctx, candidate.Runner)
	if err != nil {
		return nil, err
	}
	seen.serve(ctx, session, asked, candidate)
	seen.mistreat(ctx, session, asked, candidate)
	if err := errors.Join(ctx.Err(), session.Close()); err != nil {
		return nil, fmt.Errorf("asking the candidate: %w", err)
	}
	return seen.measurements(), nil
}

// load makes the candidate ready several times, and keeps the last.
func (t *trial) load(ctx context.Context, runner gates.Runner) (gates.Session, error) {
	for began := time.Now(); ; {
		started := time.Now()
		session, err := runner.Load(ctx)
		if err != nil {
			return nil, fmt.Errorf("loading the candidate: %w", err)
		}
		t.loads = append(t.loads, time.Since(started))
		if len(t.loads) == mostLoads || time.Since(began) > loadTime {
			return session, nil
		}
		if err := session.Close(); err != nil {
			return nil, fmt.Errorf("unloading the candidate: %w", err)
		}
	}
}

func (t trial) measurements() []evidence.Measurement {
	missing, garbage := t.missing.answered+t.missing.refused, t.garbage.answered+t.garbage.refused
	all := len(t.took) + missing + garbage
	measured := []evidence.Measurement{duration("load_seconds", t.loads, .5, "loads")}
	for _, one := range percentilesOfTime {
		measured = append(measured, duration(one.name, t.took, one.share, "requests"))
	}
	return append(measured,
		count("requests", len(t.took), len(t.took)),
		counting("inconsistent_scores", t.inconsistent, len(t.took)),
		counting("missing_input_answered", t.missing.answered, missing),
		counting("missing_input_refused", t.missing.refused, missing),
		counting("garbage_input_answered", t.garbage.answered, garbage),
		counting("garbage_input_refused", t.garbage.refused, garbage),
		counting("invalid_answers", t.invalid, all),
	)
}

var errNobody = errors.New("there was nobody to ask, or no time")

// counting is a count of requests; of none there is no number.
func counting(name string, value, asked int) evidence.Measurement {
	if asked == 0 {
		return estimated(name, 0, stats.Estimate{}, errNobody)
	}
	return count(name, value, asked)
}
