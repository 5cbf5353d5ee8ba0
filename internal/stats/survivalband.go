package stats

import "math"

// Band is the scale on which a survival probability is taken as normal.
type Band int

const (
	LogBand    Band = iota // ln S, the default of R's survfit
	LogLogBand             // ln(-ln S), which stays inside [0, 1] by itself
)

// Interval is the confidence interval of Survival (Kalbfleisch and Prentice
// 2002, section 1.4.1). Where Survival is 0 or 1 the scale has no variance, so
// Clopper and Pearson's limits for the rows at risk take its place.
func (s Step) Interval(band Band, alpha float64) Interval {
	if s.Survival <= 0 || s.Survival >= 1 || s.SE == 0 {
		return boundedInterval(s.Survival, s.AtRisk, alpha)
	}
	log, half := math.Log(s.Survival), critical(alpha)*s.SE/s.Survival
	if band == LogLogBand {
		factor := math.Exp(half / -log)
		return Interval{math.Exp(log * factor), math.Exp(log / factor)}
	}
	return Interval{math.Exp(log - half), math.Exp(log + half)}.clip(0, 1)
}

// Moment is a time that may lie beyond the follow-up.
type Moment struct {
	Time    float64
	Reached bool
}

// Median is the first time at which survival is down to a half; where it is
// exactly a half for a while, the middle of that while (Brookmeyer and Crowley
// 1982, Biometrics 38:29). Not reached is the zero value.
func (c Curve) Median() Moment {
	return c.halved(func(step Step) float64 { return step.Survival })
}

// MedianInterval are the times at which the limits of the band are down to a
// half. High is often not reached.
func (c Curve) MedianInterval(band Band, alpha float64) (low, high Moment) {
	at := func(step Step) Interval {
		if step.Survival >= 1 {
			return Interval{1, 1}
		}
		return step.Interval(band, alpha)
	}
	var alive Curve // where survival is 0 there are no limits
	for _, step := range c {
		if step.Survival > 0 {
			alive = append(alive, step)
		}
	}
	return alive.halved(func(step Step) float64 { return at(step).Low }), alive.halved(func(step Step) float64 { return at(step).High })
}

func (c Curve) halved(value func(Step) float64) Moment {
	const tolerance = 1e-8 // as R: products of shares miss a half by rounding
	for i, step := range c {
		at := value(step)
		if at >= 0.5+tolerance {
			continue
		}
		if math.Abs(at-0.5) < tolerance {
			for _, later := range c[i+1:] {
				if value(later) < at {
					return Moment{(step.Time + later.Time) / 2, true}
				}
			}
		}
		return Moment{step.Time, true}
	}
	return Moment{}
}
