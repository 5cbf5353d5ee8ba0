package stats

import (
	"fmt"
	"slices"
)

// CoxFit is a proportional hazards regression: the hazard is multiplied by
// exp(x·Coef). Standard errors come from the (penalised) information. The three
// tests ask whether all coefficients are 0; they are chi-square with as many
// degrees of freedom as there are columns, and with a ridge penalty they are
// descriptive only.
type CoxFit struct {
	Coef, SE      []float64
	LogLikelihood float64 // partial, without the penalty
	Iterations    int

	NullLogLikelihood float64 // at coefficients of 0
	LikelihoodRatio   float64
	Wald              float64
	Score             float64

	breslow bool
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
	return fitCox(x, time, event, ridge, false)
}

// CoxBreslow is [Cox] with the approximation of Breslow 1974 (Biometrics
// 30:89) for tied event times, which pulls coefficients towards 0 when ties
// are many. Some published models were fitted with it.
func CoxBreslow(x [][]float64, time []float64, event []bool, ridge float64) (CoxFit, error) {
	return fitCox(x, time, event, ridge, true)
}

func fitCox(x [][]float64, time []float64, event []bool, ridge float64, breslow bool) (CoxFit, error) {
	model, err := newCoxLikelihood(x, time, event, ridge, breslow)
	if err != nil {
		return CoxFit{}, err
	}
	penalty := make([]float64, model.columns)
	for j := range penalty {
		penalty[j] = ridge
	}
	best, err := maximise(model, penalty)
	if err != nil {
		return CoxFit{}, err
	}
	fit := CoxFit{Coef: best.beta, SE: best.se, LogLikelihood: best.value, Iterations: best.iterations, breslow: breslow}
	fit.test(model)
	return fit, nil
}

// test fills the three tests.
func (f *CoxFit) test(model coxLikelihood) {
	null, gradient, information := model.at(make([]float64, len(f.Coef)))
	f.NullLogLikelihood = null
	f.LikelihoodRatio = max(2*(f.LogLikelihood-null), 0)
	if step, _, ok := solve(information, gradient); ok {
		f.Score = dot(gradient, step)
	}
	_, _, information = model.at(f.Coef)
	for j, b := range f.Coef {
		for k, c := range f.Coef {
			f.Wald += b * c * information.At(j, k)
		}
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func newCoxLikelihood(x [][]float64, time []float64, event []bool, ridge float64, breslow bool) (coxLikelihood, error) {
	columns, err := checkDesign(x, len(time), ridge)
	if err != nil {
		return coxLikelihood{}, err
	}
	if err := checkFollowUp(time, event); err != nil {
		return coxLikelihood{}, err
	}
	centred, _ := centre(x, columns)
	down := ascending(time)
	slices.Reverse(down)
	return coxLikelihood{centred, time, event, down, columns, breslow}, nil
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
