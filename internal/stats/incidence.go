package stats

import (
	"fmt"
	"math"
)

// IncidenceStep is one distinct time of a cumulative incidence curve.
type IncidenceStep struct {
	Time          float64
	Incidence, SE float64 // just after Time
}

// Incidence is a cumulative incidence curve, by rising time.
type Incidence []IncidenceStep

// CumulativeIncidence estimates the probability that an event of one cause has
// happened by each time, when other causes may come first (Aalen and Johansen
// 1978, Scand J Stat 5:141). cause is 0 for a censored row; of is above 0. The
// standard error is the infinitesimal jackknife's, which is the delta method's
// of Marubini and Valsecchi 1995 (section 10.3), as in R's survfit. Treating
// other causes as censored, one minus Kaplan-Meier would be too high.
func CumulativeIncidence(time []float64, cause []int, of int) (Incidence, error) {
	event, anyEvent := make([]bool, len(cause)), make([]bool, len(cause))
	for row, c := range cause {
		if c < 0 || of <= 0 {
			return nil, fmt.Errorf("row %d: %w: cause %d of %d", row+1, ErrRange, c, of)
		}
		event[row], anyEvent[row] = c == of, c != 0
	}
	if err := checkFollowUp(time, anyEvent); err != nil {
		return nil, err
	}
	table, ofCause := riskTable(time, anyEvent), riskTable(time, event)
	curve, survival, incidence := make(Incidence, len(table)), 1.0, 0.0
	var sums incidenceSums
	for i, step := range table {
		incidence += sums.take(survival, incidence, float64(step.AtRisk), float64(step.Events), float64(ofCause[i].Events))
		survival *= float64(step.AtRisk-step.Events) / float64(step.AtRisk)
		curve[i] = IncidenceStep{step.Time, incidence, math.Sqrt(max(sums.variance(incidence), 0))}
	}
	return curve, nil
}

// At is the last step at or before a time; before the first nothing happened.
func (c Incidence) At(time float64) IncidenceStep {
	last := IncidenceStep{Time: time}
	for _, step := range c {
		if step.Time > time {
			break
		}
		last = step
	}
	return last
}

// incidenceSums keep Σ over the times j of the parts of the variance
// S²·d₁(n-d₁)/n³ + (F-Fⱼ)²·d/(n(n-d)) - 2S(F-Fⱼ)·d₁/n², multiplied out.
type incidenceSums struct{ own, square, first, second, cross, crossFirst float64 }

// take gives the rise of the incidence.
func (s *incidenceSums) take(survival, incidence, atRisk, events, ofCause float64) float64 {
	rise := survival * ofCause / atRisk
	after := incidence + rise
	s.own += survival * survival * ofCause * (atRisk - ofCause) / (atRisk * atRisk * atRisk)
	if events < atRisk {
		share := events / (atRisk * (atRisk - events))
		s.square += share
		s.first += share * after
		s.second += share * after * after
		cross := survival * ofCause / (atRisk * atRisk)
		s.cross += cross
		s.crossFirst += cross * after
	}
	return rise
}

func (s incidenceSums) variance(incidence float64) float64 {
	others := incidence*incidence*s.square - 2*incidence*s.first + s.second
	return s.own + others - 2*(incidence*s.cross-s.crossFirst)
}
