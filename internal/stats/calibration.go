package stats

import (
	"fmt"
	"math"
)

// Calibration compares predicted with observed risk by recalibration: a
// logistic regression of the outcome on the logit of the score (Cox 1958,
// Biometrika 45:562). Slope 1 and intercept 0 are ideal; a slope below 1 says
// that predictions are too extreme.
type Calibration struct{ Intercept, Slope Estimate }

// scoreFloor keeps logits finite: a score of 0 counts as 1e-12.
const scoreFloor = 1e-12

// Calibrate fits the recalibration; intervals are Wald's. Scores are clipped
// to [1e-12, 1-1e-12]. Equal scores are ErrConstant, and scores that separate
// the classes ErrSeparated: neither has a slope.
func Calibrate(scores []float64, labels []bool) (Calibration, error) {
	logits, err := logitsOf(scores, labels)
	if err != nil {
		return Calibration{}, err
	}
	rows := make([][]float64, len(logits))
	constant := true
	for i := range logits {
		rows[i] = logits[i : i+1]
		constant = constant && logits[i] == logits[0]
	}
	if constant {
		return Calibration{}, ErrConstant
	}
	fit, err := Logistic(rows, labels, 0)
	if err != nil {
		return Calibration{}, err
	}
	return Calibration{Intercept: wald(fit.Intercept, fit.InterceptSE), Slope: wald(fit.Coef[0], fit.SE[0])}, nil
}

// CalibrationInTheLarge is the intercept of a logistic regression whose slope
// is held at 1: how far, on the logit scale, risks are too low (above 0) or
// too high. The interval is Wald's.
func CalibrationInTheLarge(scores []float64, labels []bool) (Estimate, error) {
	logits, err := logitsOf(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	fit, err := fitLogistic(make([][]float64, len(labels)), labels, logits, 0)
	if err != nil {
		return Estimate{}, err
	}
	return wald(fit.Intercept, fit.InterceptSE), nil
}

// OERatio is observed over expected events; 1 is ideal. The interval is normal
// on the log scale with variance (1-O/n)/O (Debray 2017, BMJ 356:i6460), which
// takes the expected number as known. Scores that are all 0 are ErrUndefined.
func OERatio(scores []float64, labels []bool) (Estimate, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return Estimate{}, err
	}
	positives, _, err := countClasses(labels)
	if err != nil {
		return Estimate{}, err
	}
	expected := 0.0
	for _, score := range scores {
		expected += score
	}
	observed := float64(positives)
	value := observed / expected
	factor := math.Exp(critical(Alpha) * math.Sqrt((1-observed/float64(len(labels)))/observed))
	if math.IsInf(value*factor, 0) {
		return Estimate{}, fmt.Errorf("%w: no event is expected", ErrUndefined)
	}
	return Estimate{value, Interval{value / factor, value * factor}, "normal on the log scale, expected events fixed"}, nil
}

func wald(value, se float64) Estimate {
	return Estimate{value, normalInterval(value, se*se, Alpha), "wald"}
}

func logitsOf(scores []float64, labels []bool) ([]float64, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return nil, err
	}
	logits := make([]float64, len(scores))
	for row, score := range scores {
		score = min(max(score, scoreFloor), 1-scoreFloor)
		logits[row] = math.Log(score / (1 - score))
	}
	return logits, nil
}
