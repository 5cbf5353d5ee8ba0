package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

type coxLikelihood struct {
	x       [][]float64
	time    []float64
	event   []bool
	down    []int // rows from the longest follow-up to the shortest
	columns int
	breslow bool
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

// deathTime is one time of events, with the sums over those at risk.
type deathTime struct {
	time          float64
	deaths        int
	atRisk, dying *riskSum
	first         []float64 // Σx of the dying
	linear        float64   // Σ(x·β - shift) of the dying
}

// each walks from the longest follow-up down, so that the set at risk only
// grows. The largest linear predictor is taken off all as shift: it cancels,
// and keeps exp from overflowing.
func (l coxLikelihood) each(beta []float64, visit func(deathTime)) (shift float64) {
	linear := make([]float64, len(l.x))
	shift = math.Inf(-1)
	for i, row := range l.x {
		for j, value := range row {
			linear[i] += value * beta[j]
		}
		shift = max(shift, linear[i])
	}
	atRisk, dying := newRiskSum(l.columns), newRiskSum(l.columns)
	first := make([]float64, l.columns)
	for start := 0; start < len(l.down); {
		end := tieEnd(l.time, l.down, start)
		d := deathTime{time: l.time[l.down[start]], atRisk: &atRisk, dying: &dying, first: first}
		dying.reset()
		clear(first)
		for _, row := range l.down[start:end] {
			weight := math.Exp(linear[row] - shift)
			atRisk.add(l.x[row], weight)
			if l.event[row] {
				d.deaths++
				d.linear += linear[row] - shift
				dying.add(l.x[row], weight)
				for j, x := range l.x[row] {
					first[j] += x
				}
			}
		}
		if d.deaths > 0 {
			visit(d)
		}
		start = end
	}
	return shift
}

// gone is the share of the dying that has left before the k-th of them.
func (l coxLikelihood) gone(k, deaths int) float64 {
	if l.breslow {
		return 0
	}
	return float64(k) / float64(deaths)
}

// score adds one time's part to the gradient and to the upper triangle of the
// information, and gives its log-likelihood.
func (l coxLikelihood) score(d deathTime, gradient, information []float64) float64 {
	value := d.linear
	for j, x := range d.first {
		gradient[j] += x
	}
	for k := range d.deaths {
		value -= efron(gradient, information, d.atRisk, d.dying, l.gone(k, d.deaths))
	}
	return value
}

func (l coxLikelihood) at(beta []float64) (float64, []float64, *mat.SymDense) {
	value, gradient, information := 0.0, make([]float64, l.columns), make([]float64, l.columns*l.columns)
	l.each(beta, func(d deathTime) { value += l.score(d, gradient, information) })
	if l.columns == 0 {
		return value, gradient, &mat.SymDense{}
	}
	return value, gradient, mat.NewSymDense(l.columns, information)
}

// efron takes one of the tied deaths: the others count with what is left of
// their weight, the share of the dying already taken being gone.
func efron(gradient, information []float64, atRisk, dying *riskSum, gone float64) float64 {
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
