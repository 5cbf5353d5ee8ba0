package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ConditionalFit is a logistic regression of matched sets, which has no
// intercept: every set has its own, conditioned away.
type ConditionalFit struct {
	Coef, SE          []float64
	LogLikelihood     float64
	NullLogLikelihood float64 // at coefficients of 0
	Iterations        int
}

// ConditionalLogistic fits matched sets of one case and any number of controls
// (Breslow and Day 1980, IARC Sci Publ 32, chapter 7; R's clogit). x is rows ×
// columns, y tells the case, and rows with the same number in set belong
// together. A set without controls, without a case or with several cases is
// ErrRange. Other errors are those of [Logistic].
func ConditionalLogistic(x [][]float64, y []bool, set []int) (ConditionalFit, error) {
	columns, err := checkDesign(x, len(y), 0)
	if err != nil {
		return ConditionalFit{}, err
	}
	if err := checkLength(len(y), len(set)); err != nil {
		return ConditionalFit{}, err
	}
	centred, _ := centre(x, columns)
	model := conditionalLikelihood{x: centred, columns: columns}
	if model.sets, err = matchedSets(y, set); err != nil {
		return ConditionalFit{}, err
	}
	best, err := maximise(model, make([]float64, columns))
	if err != nil {
		return ConditionalFit{}, err
	}
	null, _, _ := model.at(make([]float64, columns))
	return ConditionalFit{best.beta, best.se, best.value, null, best.iterations}, nil
}

// matchedSets lists rows by set, in order of appearance, the case first.
func matchedSets(y []bool, set []int) ([][]int, error) {
	place := map[int]int{}
	var sets [][]int
	cases := []int{}
	for row, number := range set {
		at, known := place[number]
		if !known {
			at = len(sets)
			place[number] = at
			sets, cases = append(sets, nil), append(cases, 0)
		}
		sets[at] = append(sets[at], row)
		if y[row] {
			cases[at]++
			last := len(sets[at]) - 1
			sets[at][0], sets[at][last] = sets[at][last], sets[at][0]
		}
	}
	for at, rows := range sets {
		if cases[at] != 1 || len(rows) < 2 {
			return nil, fmt.Errorf("set %d: %w: %d cases in %d rows", set[rows[0]], ErrRange, cases[at], len(rows))
		}
	}
	return sets, nil
}

type conditionalLikelihood struct {
	x       [][]float64
	sets    [][]int
	columns int
}

func (l conditionalLikelihood) predictor(beta, step []float64) (float64, float64) {
	return reach(l.x, false, beta, step)
}

// at sees a set as those at risk at the time of one death: the case.
func (l conditionalLikelihood) at(beta []float64) (float64, []float64, *mat.SymDense) {
	value, gradient, information := 0.0, make([]float64, l.columns), make([]float64, l.columns*l.columns)
	atRisk, nobody := newRiskSum(l.columns), newRiskSum(l.columns)
	for _, rows := range l.sets {
		atRisk.reset()
		shift := math.Inf(-1)
		for _, row := range rows {
			shift = max(shift, dot(l.x[row], beta))
		}
		for _, row := range rows {
			atRisk.add(l.x[row], math.Exp(dot(l.x[row], beta)-shift))
		}
		for j, x := range l.x[rows[0]] {
			gradient[j] += x
		}
		value += dot(l.x[rows[0]], beta) - shift - efron(gradient, information, &atRisk, &nobody, 0)
	}
	if l.columns == 0 {
		return value, gradient, &mat.SymDense{}
	}
	return value, gradient, mat.NewSymDense(l.columns, information)
}
