package stats

import "math"

// Proportion is a count out of a count; 0/0 is a proportion of which nothing
// is known.
type Proportion struct{ Successes, Trials int }

// Value is the share; 0/0 is ErrUndefined.
func (p Proportion) Value() (float64, error) {
	if p.Trials == 0 {
		return 0, ErrUndefined
	}
	return float64(p.Successes) / float64(p.Trials), nil
}

// Wilson is the score interval without continuity correction: Wilson 1927
// (JASA 22:209), the method that Newcombe 1998 (Stat Med 17:857) recommends.
// For 0/0 it is [0, 1], the limit of the formula.
func (p Proportion) Wilson(alpha float64) Interval {
	if p.Trials == 0 {
		return Interval{0, 1}
	}
	n, share := float64(p.Trials), float64(p.Successes)/float64(p.Trials)
	z := critical(alpha)
	centre := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	interval := Interval{centre - half, centre + half}.clip(0, 1)
	if p.Successes == 0 {
		interval.Low = 0 // exactly, whatever the rounding
	}
	if p.Successes == p.Trials {
		interval.High = 1
	}
	return interval
}

// Newcombe is an interval for a-b, two independent proportions: method 10 of
// Newcombe 1998 (Stat Med 17:873), which squares and adds Wilson's limits. It
// is [-1, 1] when either is 0/0.
func Newcombe(a, b Proportion, alpha float64) Interval {
	shareA, errA := a.Value()
	shareB, errB := b.Value()
	if errA != nil || errB != nil {
		return Interval{-1, 1}
	}
	return squareAndAdd(shareA, a.Wilson(alpha), shareB, b.Wilson(alpha)).clip(-1, 1)
}
