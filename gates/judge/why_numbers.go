package judge

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// numbers looks for another value of one measurement with which the rule is met:
// of one end of its interval, else of the value, else of all three together.
func (s *search) numbers(at place) []Counterfactual {
	was := s.reading(at)
	if math.IsNaN(was.Value.Float()) {
		return nil
	}
	parts := []Part{PartLow, PartHigh, PartValue, PartWhole}
	if was.Low == "" || was.High == "" {
		parts = []Part{PartValue}
	}
	var found []Counterfactual
	for _, part := range parts {
		if part == PartWhole && len(found) > 0 {
			break
		}
		now := partOf(was.Measurement, part)
		passes := func(value float64) bool {
			moved := move(was.Measurement, part, value)
			return s.err == nil && s.holds(s.satisfied, s.with(at, &moved))
		}
		for _, side := range s.sides(now.Float(), isCount(was.Measurement), passes) {
			side.Reading, side.Part, side.Now = &was, part, now
			found = append(found, side)
		}
	}
	return found
}

// isCount holds for what can only be a whole number, as far as one can tell.
func isCount(m evidence.Measurement) bool {
	return m.Low == "" && m.High == "" && !strings.Contains(string(m.Value), ".") &&
		slices.Contains([]string{"", "count", "patients", "rows", "events", "unix seconds"}, m.Unit)
}

func partOf(m evidence.Measurement, part Part) evidence.Decimal {
	switch part {
	case PartLow:
		return m.Low
	case PartHigh:
		return m.High
	}
	return m.Value
}

// move gives one part of a measurement another value.
func move(m evidence.Measurement, part Part, value float64) evidence.Measurement {
	switch part {
	case PartLow:
		m.Low = evidence.Number(value)
	case PartHigh:
		m.High = evidence.Number(value)
	case PartValue:
		m.Value = evidence.Number(value)
	case PartWhole:
		by := value - m.Value.Float()
		m.Low, m.High = evidence.Number(tidy(m.Low.Float()+by)), evidence.Number(tidy(m.High.Float()+by))
		m.Value = evidence.Number(value)
	}
	return m
}

// tidy leaves out the digits that only the arithmetic of a computer has made.
func tidy(value float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 12, 64), 64)
	if err != nil {
		return value
	}
	return short
}

// times looks for an instant at which the rule would have been met.
func (s *search) times() []Counterfactual {
	now := s.question.Time.Unix()
	passes := func(seconds float64) bool {
		moved := time.Unix(int64(seconds), 0)
		return s.value(s.satisfied, s.before.at(moved), moved) == true
	}
	found := s.sides(float64(now), true, passes)
	for i := range found {
		found[i].Part, found[i].Now = PartTime, evidence.Decimal(strconv.FormatInt(now, 10))
	}
	return found
}

// sides are the nearest numbers above and below that pass, where now does not.
func (s *search) sides(now float64, whole bool, passes func(float64) bool) []Counterfactual {
	var found []Counterfactual
	for _, up := range []bool{true, false} {
		fails := now
		for _, probe := range s.probes(now, whole, up) {
			if passes(probe) {
				found = append(found, edge(fails, probe, whole, passes))
				break
			}
			fails = probe
		}
		if s.err != nil {
			return nil // what was found may not be the nearest
		}
	}
	return found
}

// reach is how many times the distance is doubled: from a millionth to beyond every
// date and every count.
const reach = 56

// probes are numbers on one side, from the nearest on: at doubling distances, and
// the agreed limits.
func (s *search) probes(now float64, whole, up bool) []float64 {
	candidates := append([]float64{0, 1, float64(s.question.Time.Unix())}, s.limits...)
	step := 1e-6
	if whole {
		step = 1
	}
	for range reach {
		candidates = append(candidates, now+step, now-step)
		step *= 2
	}
	candidates = slices.DeleteFunc(candidates, func(probe float64) bool {
		return (probe > now) != up || probe == now || math.Abs(probe) > 1e12 || whole && probe != math.Trunc(probe)
	})
	slices.Sort(candidates)
	if !up {
		slices.Reverse(candidates)
	}
	return slices.Compact(candidates)
}

// edge halves the way between a number that fails and one that passes until
// nothing is left of it.
func edge(fails, holds float64, whole bool, passes func(float64) bool) Counterfactual {
	up := holds > fails
	for range 100 {
		middle := fails + (holds-fails)/2
		if whole {
			middle = math.Floor(middle)
		}
		if middle == fails || middle == holds {
			break
		}
		if passes(middle) {
			holds = middle
		} else {
			fails = middle
		}
	}
	found := Counterfactual{Needed: evidence.Number(holds), Passes: AtMost}
	if up {
		found.Passes = AtLeast
	}
	beyond := 2*holds - fails
	if !whole {
		found, beyond = found.tell(holds, passes), holds+math.Copysign(slack(holds), holds-fails)
	}
	if (found.Passes == AtLeast || found.Passes == AtMost) && !passes(beyond) {
		found.Passes = Exactly
	}
	return found
}

// slack is how far apart two numbers are that a person would not tell apart.
func slack(value float64) float64 { return 1e-9 * max(1, math.Abs(value)) }

// tell writes the edge with as few digits as say the same: a search ends beside
// the limit that a person wrote, which either passes or is what must be passed.
func (c Counterfactual) tell(holds float64, passes func(float64) bool) Counterfactual {
	for digits := range 10 {
		short, err := strconv.ParseFloat(strconv.FormatFloat(holds, 'f', digits, 64), 64)
		if err != nil || math.Abs(short-holds) > slack(holds) {
			continue
		}
		c.Needed = evidence.Number(short)
		switch {
		case passes(short):
		case c.Passes == AtLeast:
			c.Passes = Above
		default:
			c.Passes = Below
		}
		break
	}
	return c
}
