package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// likelihood is a concave log-likelihood of a linear predictor Xβ.
type likelihood interface {
	// at gives the value, the gradient and the information (minus the matrix
	// of second derivatives), the latter two in slices that the caller owns.
	at(beta []float64) (value float64, gradient []float64, information *mat.SymDense)
	// predictor gives the largest |Xβ| and how far a step moves any row,
	// relative to 1+|Xβ|.
	predictor(beta, step []float64) (largest, moved float64)
}

const (
	maxIterations = 100
	maxHalvings   = 40
	// stepLimit ends the search: Newton's error squares with every step, so a
	// step of 1e-8 leaves an error near 1e-16.
	stepLimit = 1e-8
	// fadedLimit is the share of its largest information below which a
	// coefficient is no longer determined by the data but by rounding.
	fadedLimit = 1e-12
	// farOut is a linear predictor at which a fit that fails has failed because
	// it marches to infinity: a risk of 1 in 22,000.
	farOut = 10
)

// maximum is where a penalised likelihood is largest.
type maximum struct {
	beta, se   []float64
	value      float64 // of the likelihood, without the penalty
	iterations int
}

// maximise climbs by Newton's method with step-halving. penalty[j]/2·βⱼ² is
// taken off the log-likelihood. It looks at the movement of predictions, not
// at the gain in likelihood: with separated classes the gain fades while the
// coefficients still march to infinity.
func maximise(f likelihood, penalty []float64) (maximum, error) {
	at := maximum{beta: make([]float64, len(penalty))}
	largest := make([]float64, len(penalty))
	for ; at.iterations < maxIterations; at.iterations++ {
		value, gradient, information := f.at(at.beta)
		at.value = value
		for j, weight := range penalty {
			gradient[j] -= weight * at.beta[j]
			information.SetSym(j, j, information.At(j, j)+weight)
			largest[j] = max(largest[j], information.At(j, j))
		}
		step, se, ok := solve(information, gradient)
		if !ok || faded(information, largest) {
			return at, at.failure(f, ErrSingular)
		}
		if _, moved := f.predictor(at.beta, step); moved < stepLimit {
			at.se = se
			at.beta = along(at.beta, step, 1)
			return at, nil
		}
		next, ok := climb(f, penalty, at, step)
		if !ok {
			return at, at.failure(f, ErrNotConverged)
		}
		at.beta = next
	}
	return at, at.failure(f, ErrNotConverged)
}

// failure tells separation, where predictions have gone far out, from cause.
func (m maximum) failure(f likelihood, cause error) error {
	if largest, _ := f.predictor(m.beta, m.beta); largest > farOut {
		cause = ErrSeparated
	}
	return fmt.Errorf("after %d iterations: %w", m.iterations, cause)
}

// climb halves the step until the penalised likelihood does not fall.
func climb(f likelihood, penalty []float64, from maximum, step []float64) ([]float64, bool) {
	floor := from.value - penaltyOf(from.beta, penalty)
	floor -= 1e-12 * (1 + math.Abs(floor)) // rounding
	for scale := 1.0; scale > math.Pow(0.5, maxHalvings); scale /= 2 {
		next := along(from.beta, step, scale)
		if value, _, _ := f.at(next); value-penaltyOf(next, penalty) >= floor {
			return next, true
		}
	}
	return nil, false
}

func along(beta, step []float64, scale float64) []float64 {
	next := make([]float64, len(beta))
	for j := range beta {
		next[j] = beta[j] + scale*step[j]
	}
	return next
}

func faded(information *mat.SymDense, largest []float64) bool {
	for j, most := range largest {
		if information.At(j, j) < fadedLimit*most {
			return true
		}
	}
	return false
}

func penaltyOf(beta, penalty []float64) float64 {
	sum := 0.0
	for j, weight := range penalty {
		sum += weight * beta[j] * beta[j] / 2
	}
	return sum
}

// solve gives information⁻¹·gradient and the root of the diagonal of
// information⁻¹; not ok when the matrix is numerically singular.
func solve(information *mat.SymDense, gradient []float64) (step, se []float64, ok bool) {
	size := len(gradient)
	if size == 0 {
		return nil, nil, true
	}
	scaled, scale := equilibrate(information)
	var factor mat.Cholesky
	if !factor.Factorize(scaled) || factor.Cond() > 1e14 {
		return nil, nil, false
	}
	var inverse mat.SymDense
	if err := factor.InverseTo(&inverse); err != nil {
		return nil, nil, false
	}
	step, se = make([]float64, size), make([]float64, size)
	for i := range size {
		for j := range size {
			step[i] += inverse.At(i, j) * scale[i] * scale[j] * gradient[j]
		}
		se[i] = scale[i] * math.Sqrt(inverse.At(i, i))
		if math.IsNaN(step[i]) || math.IsInf(step[i], 0) {
			return nil, nil, false
		}
	}
	return step, se, true
}

// equilibrate scales the diagonal to 1, so that a column in millimetres and
// one in parts per million do not look dependent.
func equilibrate(information *mat.SymDense) (*mat.SymDense, []float64) {
	size := information.SymmetricDim()
	scale := make([]float64, size)
	for j := range size {
		scale[j] = 1 / math.Sqrt(information.At(j, j))
	}
	scaled := mat.NewSymDense(size, nil)
	for i := range size {
		for j := i; j < size; j++ {
			scaled.SetSym(i, j, information.At(i, j)*scale[i]*scale[j])
		}
	}
	return scaled, scale
}
