package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ClopperPearson is the exact interval of a proportion: it never covers less
// than it says, and often more (Clopper and Pearson 1934, Biometrika 26:404).
// For 0/0 it is [0, 1].
func (p Proportion) ClopperPearson(alpha float64) Interval {
	if p.Trials == 0 {
		return Interval{0, 1}
	}
	return boundedInterval(float64(p.Successes)/float64(p.Trials), p.Trials, alpha)
}

// WilsonContinuity is Wilson's interval with continuity correction: method 4
// of Newcombe 1998 (Stat Med 17:857). For 0/0 it is [0, 1].
func (p Proportion) WilsonContinuity(alpha float64) Interval {
	if p.Trials == 0 {
		return Interval{0, 1}
	}
	n, share := float64(p.Trials), float64(p.Successes)/float64(p.Trials)
	z := critical(alpha)
	side := func(sign float64) float64 {
		root := math.Sqrt(z*z + sign*2 - 1/n + 4*share*(n*(1-share)-sign))
		return (2*n*share + z*z + sign*(1+z*root)) / (2 * (n + z*z))
	}
	interval := Interval{0, 1}
	if p.Successes > 0 {
		interval.Low = max(0, side(-1))
	}
	if p.Successes < p.Trials {
		interval.High = min(1, side(1))
	}
	return interval
}

// BinomialTest are the exact probabilities of a count of successes when each
// of the trials succeeds with the probability that the null hypothesis says.
// TwoSided adds all counts that are no likelier than the one at hand, as R's
// binom.test does; Greater is the chance of at least as many.
func (p Proportion) BinomialTest(null float64) (ExactP, error) {
	if p.Trials == 0 {
		return ExactP{}, ErrEmpty
	}
	if p.Successes < 0 || p.Successes > p.Trials || !(null >= 0 && null <= 1) {
		return ExactP{}, fmt.Errorf("%w: %d of %d against %v", ErrRange, p.Successes, p.Trials, null)
	}
	result := ExactP{Greater: atLeast(p.Successes, p.Trials, null), Less: atLeast(p.Trials-p.Successes, p.Trials, 1-null)}
	result.TwoSided = p.asExtreme(null, result)
	return result, nil
}

// asExtreme adds to the side at hand the part of the other side in which every
// count is no likelier; counts are likelier the nearer they are to the mean,
// so that part begins where bisection finds it.
func (p Proportion) asExtreme(null float64, sides ExactP) float64 {
	if null == 0 || null == 1 {
		return min(sides.Greater, sides.Less)
	}
	mean := float64(p.Trials) * null
	limit := logBinomial(p.Successes, p.Trials, null) + 1e-7
	if float64(p.Successes) == mean {
		return 1
	}
	if float64(p.Successes) < mean {
		first := bisect(int(math.Ceil(mean)), p.Trials+1, func(count int) bool { return logBinomial(count, p.Trials, null) <= limit })
		return min(1, sides.Less+atLeast(first, p.Trials, null))
	}
	last := bisect(0, int(math.Floor(mean))+1, func(count int) bool { return logBinomial(count, p.Trials, null) > limit })
	return min(1, sides.Greater+atLeast(p.Trials-last+1, p.Trials, 1-null))
}

// bisect is the first number of [from, to) of which holds is true, or to.
func bisect(from, to int, holds func(int) bool) int {
	for from < to {
		middle := from + (to-from)/2
		if holds(middle) {
			to = middle
		} else {
			from = middle + 1
		}
	}
	return from
}

func logBinomial(count, trials int, p float64) float64 {
	k, n := float64(count), float64(trials)
	return logFactorial(n) - logFactorial(k) - logFactorial(n-k) + k*math.Log(p) + (n-k)*math.Log1p(-p)
}

// atLeast is the binomial upper tail.
func atLeast(count, trials int, p float64) float64 {
	switch {
	case count <= 0 || p >= 1:
		return 1
	case count > trials || p <= 0:
		return 0
	}
	return mathext.RegIncBeta(float64(count), float64(trials-count+1), p)
}

// McNemarTest compares two decisions on the same rows.
type McNemarTest struct {
	Statistic float64 // with continuity correction, one degree of freedom
	P         float64
	Exact     float64 // binomial
}

// McNemar asks whether two decisions on the same rows are right equally often,
// given how many rows only the first and only the second got right (McNemar
// 1947, Psychometrika 12:153; R's mcnemar.test). Rows in which both agree tell
// nothing; when all rows do, nothing differs and both P are 1.
func McNemar(onlyA, onlyB int) (McNemarTest, error) {
	if onlyA < 0 || onlyB < 0 {
		return McNemarTest{}, fmt.Errorf("%w: counts %d and %d", ErrRange, onlyA, onlyB)
	}
	if onlyA+onlyB == 0 {
		return McNemarTest{P: 1, Exact: 1}, nil
	}
	excess := max(math.Abs(float64(onlyA-onlyB))-1, 0)
	test := McNemarTest{Statistic: excess * excess / float64(onlyA+onlyB)}
	test.P = chiSquareTail(test.Statistic, 1)
	exact, err := Proportion{onlyA, onlyA + onlyB}.BinomialTest(0.5)
	test.Exact = exact.TwoSided
	return test, err
}
