package performance

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// hazardSlope is the coefficient of the score in a Cox regression on the
// holdout (Royston and Altman 2013, BMC Med Res Methodol 13:33, method 2). A
// Cox model's linear predictor is a log hazard and should have 1; below,
// predictions are too extreme. Of a score on another scale it says only the
// direction, so no rule reads it.
func hazardSlope(scores, time []float64, event []bool) evidence.Measurement {
	rows := make([][]float64, len(scores))
	for i := range scores {
		rows[i] = scores[i : i+1]
	}
	fit, err := stats.Cox(rows, time, event, 0)
	if err != nil {
		return estimated("hazard_slope", len(event), stats.Estimate{}, err)
	}
	half := distuv.UnitNormal.Quantile(1-stats.Alpha/2) * fit.SE[0]
	return estimated("hazard_slope", len(event), stats.Estimate{
		Value:    fit.Coef[0],
		Interval: stats.Interval{Low: fit.Coef[0] - half, High: fit.Coef[0] + half},
		Method:   "cox regression on the score, wald; 1 is ideal for a log hazard",
	}, nil)
}

// medianFollowUp is when half of the patients would have left had nobody had
// the event: the median of the reverse Kaplan-Meier curve, in which events and
// censoring change places (Schemper and Smith 1996, Control Clin Trials
// 17:343). The interval is that of Brookmeyer and Crowley 1982 (Biometrics
// 38:29) on the log scale, as in R's survfit.
func medianFollowUp(time []float64, event []bool) evidence.Measurement {
	const name = "median_follow_up"
	left := make([]bool, len(event))
	for row, happened := range event {
		left[row] = !happened
	}
	curve, err := stats.KaplanMeier(time, left)
	if err != nil {
		return evidence.Measurement{Name: name, N: len(event), Method: err.Error()}
	}
	z := distuv.UnitNormal.Quantile(1 - stats.Alpha/2)
	at := func(deviations float64) (float64, bool) {
		for _, step := range curve {
			spread := 0.0
			if step.Survival > 0 {
				spread = step.SE / step.Survival
			}
			if step.Survival*math.Exp(deviations*spread) <= 0.5 {
				return step.Time, true
			}
		}
		return 0, false
	}
	median, reached := at(0)
	if !reached {
		return evidence.Measurement{Name: name, N: len(event), Method: "more than half were followed to their event, or to the end"}
	}
	measured := evidence.Measurement{Name: name, Value: evidence.Number(median), N: len(event), Method: "reverse kaplan-meier"}
	low, _ := at(-z)
	if high, reached := at(z); reached {
		measured.Low, measured.High = evidence.Number(low), evidence.Number(high)
		measured.Method += "; brookmeyer-crowley, log"
	} else {
		measured.Method += "; the interval has no upper end within the follow-up"
	}
	return measured
}
