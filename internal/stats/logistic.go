package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// LogisticFit is a logistic regression: logit P(y) = Intercept + x·Coef.
// Standard errors come from the (penalised) information at the maximum.
type LogisticFit struct {
	Intercept, InterceptSE float64
	Coef, SE               []float64
	LogLikelihood          float64 // without the penalty
	Iterations             int
}

// Logistic fits by iteratively reweighted least squares, which is Newton's
// method (McCullagh and Nelder 1989, section 2.5), with step-halving. x is
// rows × columns and y one label per row. ridge/2·ΣCoef² is taken off the
// log-likelihood; the intercept is never penalised. It answers ErrOneClass
// when y is constant, and without ridge ErrSeparated when some combination of
// columns separates the classes and ErrSingular when columns are dependent.
func Logistic(x [][]float64, y []bool, ridge float64) (LogisticFit, error) {
	return fitLogistic(x, y, make([]float64, len(y)), ridge)
}

// fitLogistic adds a known offset to every row's linear predictor.
func fitLogistic(x [][]float64, y []bool, offset []float64, ridge float64) (LogisticFit, error) {
	columns, err := checkDesign(x, len(y), ridge)
	if err != nil {
		return LogisticFit{}, err
	}
	if _, _, err := countClasses(y); err != nil {
		return LogisticFit{}, err
	}
	centred, means := centre(x, columns)
	penalty := make([]float64, columns+1)
	for j := range columns {
		penalty[j+1] = ridge
	}
	model := logisticLikelihood{centred, y, offset}
	best, err := maximise(model, penalty)
	if err != nil {
		return LogisticFit{}, err
	}
	fit := LogisticFit{
		Intercept: best.beta[0], Coef: best.beta[1:], SE: best.se[1:],
		LogLikelihood: best.value, Iterations: best.iterations,
	}
	for j, mean := range means {
		fit.Intercept -= mean * fit.Coef[j]
	}
	fit.InterceptSE, err = model.interceptSE(best.beta, penalty, means)
	return fit, err
}

// logisticLikelihood has the intercept first, at the means of the columns.
type logisticLikelihood struct {
	x      [][]float64
	y      []bool
	offset []float64
}

func (l logisticLikelihood) at(beta []float64) (float64, []float64, *mat.SymDense) {
	size := len(beta)
	value, gradient, information := 0.0, make([]float64, size), make([]float64, size*size)
	row := make([]float64, size)
	row[0] = 1
	for i := range l.x {
		copy(row[1:], l.x[i])
		linear := l.offset[i]
		for j, b := range beta {
			linear += row[j] * b
		}
		risk := 1 / (1 + math.Exp(-linear))
		residual := indicator(l.y[i]) - risk
		value += logLikelihood(linear, l.y[i])
		accumulate(gradient, information, row, residual, risk*(1-risk))
	}
	return value, gradient, mat.NewSymDense(size, information)
}

// logLikelihood of one label, without overflow: -ln(1+exp(∓linear)).
func logLikelihood(linear float64, label bool) float64 {
	if label {
		linear = -linear
	}
	if linear > 0 {
		return -linear - math.Log1p(math.Exp(-linear))
	}
	return -math.Log1p(math.Exp(linear))
}

// accumulate adds one row to the gradient and to the upper triangle of the
// information.
func accumulate(gradient, information, row []float64, residual, weight float64) {
	size := len(row)
	for j, value := range row {
		gradient[j] += residual * value
		weighted := weight * value
		for k := j; k < size; k++ {
			information[j*size+k] += weighted * row[k]
		}
	}
}

func (l logisticLikelihood) predictor(beta, step []float64) (float64, float64) {
	return reach(l.x, true, beta, step)
}

// interceptSE moves the intercept back from the column means to 0: its
// variance there is cᵀ·V·c with c = (1, -means).
func (l logisticLikelihood) interceptSE(beta, penalty, means []float64) (float64, error) {
	_, _, information := l.at(beta)
	combination := make([]float64, len(beta))
	combination[0] = 1
	for j, mean := range means {
		combination[j+1] = -mean
	}
	for j, weight := range penalty {
		information.SetSym(j, j, information.At(j, j)+weight)
	}
	solved, _, ok := solve(information, combination)
	if !ok {
		return 0, ErrSingular
	}
	variance := 0.0
	for j := range solved {
		variance += combination[j] * solved[j]
	}
	return math.Sqrt(variance), nil
}
