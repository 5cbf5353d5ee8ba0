package stats

import "math"

// Brier is the mean squared error of probabilities: Brier 1950 (Mon Weather
// Rev 78:1). The interval is normal, from the variance over rows, in [0, 1].
func Brier(scores []float64, labels []bool) (Estimate, error) {
	errors, err := squaredErrors(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	return boundedMean(errors, 1), nil
}

// ScaledBrier is 1 - Brier/(π(1-π)), π being the share of events: 1 for
// perfect, 0 for a model that tells everybody π (Steyerberg 2010, Epidemiology
// 21:128). The interval is the delta method's, with π estimated too.
func ScaledBrier(scores []float64, labels []bool) (Estimate, error) {
	errors, err := squaredErrors(scores, labels)
	if err != nil {
		return Estimate{}, err
	}
	positives, _, err := countClasses(labels)
	if err != nil {
		return Estimate{}, err
	}
	n := float64(len(labels))
	prevalence := float64(positives) / n
	spread := prevalence * (1 - prevalence)
	brier := boundedMean(errors, 1)
	squares := 0.0
	for row, label := range labels {
		deviation := indicator(label) - prevalence
		influence := brier.Value/spread*(1-2*prevalence)*deviation - (errors[row] - brier.Value)
		squares += influence * influence
	}
	estimate := Estimate{Value: 1 - brier.Value/spread, Method: "delta method"}
	estimate.Interval = normalInterval(estimate.Value, squares/(spread*spread*n*n), Alpha)
	if squares == 0 {
		estimate.Interval = Interval{1 - brier.High/spread, 1 - brier.Low/spread}
		estimate.Method = brier.Method
	}
	estimate.High = min(estimate.High, 1)
	return estimate, nil
}

// logLossFloor is where scikit-learn 1.2 clips: the float64 epsilon.
const logLossFloor = 0x1p-52

// LogLoss is the mean negative log-likelihood, natural logarithm, of
// probabilities clipped to [2⁻⁵², 1-2⁻⁵²] as in scikit-learn's log_loss. The
// interval is normal, from the variance over rows.
func LogLoss(scores []float64, labels []bool) (Estimate, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return Estimate{}, err
	}
	losses := make([]float64, len(scores))
	for row, score := range scores {
		score = min(max(score, logLossFloor), 1-logLossFloor)
		if labels[row] {
			losses[row] = -math.Log(score)
		} else {
			losses[row] = -math.Log1p(-score)
		}
	}
	return boundedMean(losses, -math.Log(logLossFloor)), nil
}

// boundedMean estimates a mean of values of [0, limit]. When all are equal,
// Clopper and Pearson's interval takes the place of the normal one.
func boundedMean(values []float64, limit float64) Estimate {
	n := float64(len(values))
	mean, spread := total(values)/n, sampleVariance(values)
	if spread <= minVariance*limit*limit {
		exact := boundedInterval(mean/limit, len(values), Alpha)
		return Estimate{mean, Interval{exact.Low * limit, exact.High * limit}, "equal in every row; exact binomial of the rows"}
	}
	return Estimate{mean, normalInterval(mean, spread/n, Alpha).clip(0, limit), "normal, variance over rows"}
}

func squaredErrors(scores []float64, labels []bool) ([]float64, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return nil, err
	}
	errors := make([]float64, len(scores))
	for row, score := range scores {
		deviation := score - indicator(labels[row])
		errors[row] = deviation * deviation
	}
	return errors, nil
}

func indicator(label bool) float64 {
	if label {
		return 1
	}
	return 0
}
