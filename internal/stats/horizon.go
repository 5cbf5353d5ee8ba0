package stats

import (
	"fmt"
	"math"
)

// ScaledBrierAt is 1 - B/B₀ of predicted risks of an event by a horizon: B is
// the Brier score of [BrierAt], B₀ that of Kaplan and Meier's estimate told to
// everybody (Graf 1999, Stat Med 18:2529; Kattan and Gerds 2018, Diagn Progn
// Res 2:7). It is 1 for perfect, and 0 for a model that knows no more than the
// curve. The interval is the delta method's of a ratio of means over rows,
// censoring weights and curve taken as known: the curve minimises B₀, so what
// is uncertain about it does not move B₀ to first order.
func ScaledBrierAt(risks, time []float64, event []bool, horizon float64) (Estimate, error) {
	curve, err := KaplanMeier(time, event)
	if err != nil {
		return Estimate{}, err
	}
	predicted := make([][]float64, len(risks))
	for row, risk := range risks {
		predicted[row] = []float64{1 - risk, curve.At(horizon).Survival}
	}
	losses, err := weightedLosses(predicted, time, event, []float64{horizon, horizon})
	if err != nil {
		return Estimate{}, err
	}
	own, null, n := 0.0, 0.0, float64(len(losses))
	for _, loss := range losses {
		own, null = own+loss[0]/n, null+loss[1]/n
	}
	if null <= minVariance {
		return Estimate{}, fmt.Errorf("horizon %v: %w: nobody had an event by then", horizon, ErrOneClass)
	}
	ratio, squares := own/null, 0.0
	for _, loss := range losses {
		influence := (loss[0] - own) - ratio*(loss[1]-null)
		squares += influence * influence
	}
	estimate := Estimate{Value: 1 - ratio, Method: "delta method, censoring weights fixed"}
	estimate.Interval = normalInterval(estimate.Value, squares/(null*null*n*max(n-1, 1)), Alpha)
	if squares <= minVariance*n {
		brier := weightedMean(losses, 0)
		estimate.Interval, estimate.Method = Interval{1 - brier.High/null, 1 - brier.Low/null}, brier.Method
	}
	estimate.High = min(estimate.High, 1)
	return estimate, nil
}

// OERatioAt is the share of patients with an event by a horizon, by Kaplan and
// Meier, over the mean predicted risk; 1 is ideal. The interval is normal on
// the log scale with Greenwood's variance, the predicted taken as known.
// Somebody is followed beyond the horizon, and somebody had the event by then.
func OERatioAt(risks, time []float64, event []bool, horizon float64) (Estimate, error) {
	curve, err := KaplanMeier(time, event)
	if err != nil {
		return Estimate{}, err
	}
	if err := checkProbabilities(risks, event); err != nil {
		return Estimate{}, err
	}
	if err := checkHorizon(time, horizon); err != nil {
		return Estimate{}, err
	}
	step := curve.At(horizon)
	observed, expected := 1-step.Survival, total(risks)/float64(len(risks))
	if observed <= 0 {
		return Estimate{}, fmt.Errorf("horizon %v: %w: nobody had an event by then", horizon, ErrOneClass)
	}
	factor := math.Exp(critical(Alpha) * step.SE / observed)
	value := observed / expected
	if math.IsInf(value*factor, 0) {
		return Estimate{}, fmt.Errorf("%w: no event is expected", ErrUndefined)
	}
	return Estimate{value, Interval{value / factor, value * factor}, "kaplan-meier over mean risk; greenwood, normal on the log scale, expected events fixed"}, nil
}

// CalibrationSlopeAt is the slope of a Cox regression on the complementary
// log-log of the predicted risks, log(-log(1-risk)), with follow-up cut at the
// horizon: on that scale a risk by a time is a log hazard (Crowson, Atkinson
// and Therneau 2016, Stat Methods Med Res 25:1692). 1 is ideal; below, risks
// are too extreme. Risks are clipped to [1e-12, 1-1e-12]; the interval is
// Wald's.
func CalibrationSlopeAt(risks, time []float64, event []bool, horizon float64) (Estimate, error) {
	if err := checkFollowUp(time, event); err != nil {
		return Estimate{}, err
	}
	if err := checkProbabilities(risks, event); err != nil {
		return Estimate{}, err
	}
	if err := checkHorizon(time, horizon); err != nil {
		return Estimate{}, err
	}
	rows, cut, early := make([][]float64, len(time)), make([]float64, len(time)), make([]bool, len(time))
	constant := true
	for row, risk := range risks {
		risk = min(max(risk, scoreFloor), 1-scoreFloor)
		rows[row] = []float64{math.Log(-math.Log1p(-risk))}
		cut[row], early[row] = min(time[row], horizon), event[row] && time[row] <= horizon
		constant = constant && rows[row][0] == rows[0][0]
	}
	if constant {
		return Estimate{}, ErrConstant
	}
	fit, err := Cox(rows, cut, early, 0)
	if err != nil {
		return Estimate{}, err
	}
	estimate := wald(fit.Coef[0], fit.SE[0])
	estimate.Method = "cox regression on the complementary log-log of the risk, follow-up cut at the horizon, wald"
	return estimate, nil
}
