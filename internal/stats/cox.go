package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// CoxFit is a proportional hazards regression: the hazard is multiplied by
// exp(x·Coef). Standard errors come from the (penalised) information.
type CoxFit struct {
	Coef, SE      []float64
	LogLikelihood float64 // partial, without the penalty
	Iterations    int
}

// Cox maximises the partial likelihood (Cox 1972, JRSS B 34:187) by Newton's
// method with step-halving; tied event times are treated as Efron 1977 (JASA
// 72:557) does. x is rows × columns; time is follow-up in any unit, 0 or
// more; event tells an event from a censored row, which at the same time
// stays at risk. ridge/2·ΣCoef² is taken off the log-likelihood. It answers
// ErrOneClass without events, and without ridge ErrSeparated when a
// coefficient runs away (monotone likelihood) and ErrSingular when columns
// are dependent.
func Cox(x [][]float64, time []float64, event []bool, ridge float64) (CoxFit, error) {
	columns, err := checkDesign(x, len(time), ridge)
	if err != nil {
		return CoxFit{}, err
	}
	if err := checkFollowUp(time, event); err != nil {
		return CoxFit{}, err
	}
	centred, _ := centre(x, columns)
	up := ascending(time)
	down := make([]int, len(up))
	for i, row := range up {
		down[len(up)-1-i] = row
	}
	penalty := make([]float64, columns)
	for j := range penalty {
		penalty[j] = ridge
	}
	best, err := maximise(coxLikelihood{centred, time, event, down, columns}, penalty)
	if err != nil {
		return CoxFit{}, err
	}
	return CoxFit{best.beta, best.se, best.value, best.iterations}, nil
}

// checkFollowUp accepts times of 0 or more with at least one event.
func checkFollowUp(time []float64, event []bool) error {
	if err := checkScores(time, event); err != nil {
		return err
	}
	events := 0
	for row, t := range time {
		if t < 0 {
			return fmt.Errorf("row %d: %w: time %v is negative", row+1, ErrRange, t)
		}
		if event[row] {
			events++
		}
	}
	if events == 0 {
		return fmt.Errorf("%w: no events", ErrOneClass)
	}
	return nil
}

type coxLikelihood struct {
	x       [][]float64
	time    []float64
	event   []bool
	down    []int // rows from the longest follow-up to the shortest
	columns int
}

func (l coxLikelihood) predictor(beta, step []float64) (float64, float64) {
	return reach(l.x, false, beta, step)
}

// riskSum holds Σw, Σw·x and the upper triangle of Σw·x·xᵀ over a set of rows,
// w being exp(x·β).
type riskSum struct {
	weight float64
	first  []float64
	second []float64
}

func newRiskSum(columns int) riskSum {
	return riskSum{first: make([]float64, columns), second: make([]float64, columns*columns)}
}

func (s *riskSum) add(row []float64, weight float64) {
	s.weight += weight
	accumulate(s.first, s.second, row, weight, weight)
}

func (s *riskSum) reset() {
	s.weight = 0
	clear(s.first)
	clear(s.second)
}

// at walks from the longest follow-up down, so that the set at risk only
// grows. The largest linear predictor is taken off all: it cancels, and keeps
// exp from overflowing.
func (l coxLikelihood) at(beta []float64) (float64, []float64, *mat.SymDense) {
	linear := make([]float64, len(l.x))
	largest := math.Inf(-1)
	for i, row := range l.x {
		for j, value := range row {
			linear[i] += value * beta[j]
		}
		largest = max(largest, linear[i])
	}
	value, gradient, information := 0.0, make([]float64, l.columns), make([]float64, l.columns*l.columns)
	atRisk, dying := newRiskSum(l.columns), newRiskSum(l.columns)
	for start := 0; start < len(l.down); {
		end := tieEnd(l.time, l.down, start)
		deaths := 0
		dying.reset()
		for _, row := range l.down[start:end] {
			weight := math.Exp(linear[row] - largest)
			atRisk.add(l.x[row], weight)
			if l.event[row] {
				deaths++
				dying.add(l.x[row], weight)
				value += linear[row] - largest
				for j, x := range l.x[row] {
					gradient[j] += x
				}
			}
		}
		for k := range deaths {
			value -= efron(gradient, information, atRisk, dying, float64(k)/float64(deaths))
		}
		start = end
	}
	if l.columns == 0 {
		return value, gradient, &mat.SymDense{}
	}
	return value, gradient, mat.NewSymDense(l.columns, information)
}

// efron takes one of the tied deaths: the others count with what is left of
// their weight, the share of the dying already taken being gone.
func efron(gradient, information []float64, atRisk, dying riskSum, gone float64) float64 {
	total := atRisk.weight - gone*dying.weight
	size := len(gradient)
	for j := range size {
		meanJ := (atRisk.first[j] - gone*dying.first[j]) / total
		gradient[j] -= meanJ
		for k := j; k < size; k++ {
			meanK := (atRisk.first[k] - gone*dying.first[k]) / total
			at := j*size + k
			information[at] += (atRisk.second[at]-gone*dying.second[at])/total - meanJ*meanK
		}
	}
	return math.Log(total)
}
