package stats

import (
	"fmt"
	"math"
)

// RestrictedMean is the mean time without event up to a horizon.
type RestrictedMean struct {
	Horizon, Value, SE float64 // in the unit of time
	rows               int
}

// RestrictedMean is the area under the curve up to the horizon (Irwin 1949, J
// Hyg 47:188; Royston and Parmar 2013, BMC Med Res Methodol 13:152), with the
// standard error of R's survfit. The horizon is above 0 and not beyond the
// follow-up, unless survival is down to 0 by then: ErrRange.
func (c Curve) RestrictedMean(horizon float64) (RestrictedMean, error) {
	if len(c) == 0 {
		return RestrictedMean{}, ErrEmpty
	}
	last := c[len(c)-1]
	if !(horizon > 0) || math.IsInf(horizon, 0) || horizon > last.Time && last.Survival > 0 {
		return RestrictedMean{}, fmt.Errorf("horizon %v: %w: follow-up ends at %v", horizon, ErrRange, last.Time)
	}
	mean := RestrictedMean{Horizon: horizon, rows: c[0].AtRisk}
	end, variance := horizon, 0.0
	for i := len(c) - 1; i >= 0; i-- {
		step := c[i]
		if step.Time > horizon {
			continue
		}
		mean.Value += step.Survival * (end - step.Time) // the area after this step
		end = step.Time
		if atRisk, events := float64(step.AtRisk), float64(step.Events); events < atRisk {
			variance += mean.Value * mean.Value * events / (atRisk * (atRisk - events))
		}
	}
	mean.Value += end
	mean.SE = math.Sqrt(variance)
	return mean, nil
}

// Interval is normal and clipped to [0, horizon]. Without events before the
// horizon there is no standard error; then the mean of as many values of
// [0, horizon] as there are rows is bounded by Clopper and Pearson's limits.
func (m RestrictedMean) Interval(alpha float64) Interval {
	if m.SE == 0 {
		exact := boundedInterval(m.Value/m.Horizon, m.rows, alpha)
		return Interval{exact.Low * m.Horizon, exact.High * m.Horizon}
	}
	return normalInterval(m.Value, m.SE*m.SE, alpha).clip(0, m.Horizon)
}
