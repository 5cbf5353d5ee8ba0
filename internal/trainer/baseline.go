package trainer

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Baseline makes a risk of a score: the probability of an event by Horizon is
// 1 - exp(-Hazard·exp(score)). Hazard is the cumulative hazard by then of a
// patient whose score is 0, from the training rows.
type Baseline struct {
	Horizon float64 `json:"horizon"` // in the unit of the dataset's time
	Hazard  float64 `json:"hazard"`
}

// newBaseline is nil without a horizon. A horizon before the first event, or
// beyond the last follow-up, is an error: the rows know nothing of it.
func newBaseline(fit stats.CoxFit, horizon float64, design [][]float64, time []float64, event []bool) (*Baseline, error) {
	if horizon == 0 {
		return nil, nil
	}
	beyond := false
	for _, followed := range time {
		beyond = beyond || followed >= horizon
	}
	if !beyond {
		return nil, fmt.Errorf("horizon %v: nobody in training is followed that long", horizon)
	}
	steps, err := fit.BaselineHazard(design, time, event)
	if err != nil {
		return nil, fmt.Errorf("horizon %v: %w", horizon, err)
	}
	baseline := &Baseline{Horizon: horizon}
	for _, step := range steps {
		if step.Time <= horizon {
			baseline.Hazard = tidy(step.Hazard)
		}
	}
	if baseline.Hazard == 0 {
		return nil, fmt.Errorf("horizon %v: nobody in training had the event by then", horizon)
	}
	return baseline, nil
}

func (b *Baseline) horizon() float64 {
	if b == nil {
		return 0
	}
	return b.Horizon
}

func (b *Baseline) risks(scores []float64) []float64 {
	if b == nil {
		return nil
	}
	risks := make([]float64, len(scores))
	for row, score := range scores {
		risks[row] = -math.Expm1(-b.Hazard * math.Exp(score))
	}
	return risks
}

func (b *Baseline) validate(kind string) error {
	switch {
	case b == nil:
		return nil
	case kind != Cox:
		return fmt.Errorf("a %s model has none", kind)
	case !(b.Horizon > 0) || !(b.Hazard > 0):
		return fmt.Errorf("horizon %v and hazard %v are not both above 0", b.Horizon, b.Hazard)
	}
	return finite(&b.Horizon, &b.Hazard)
}
