package performance

import (
	"errors"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

var errNoRisks = errors.New("the model gives no risks by its horizon")

// AtHorizon measures predicted risks of an event by a time against follow-up
// that may be censored: how far they lie from what happened, whether as many
// have the event as predicted, whether they are too extreme, and how they rank
// those with the event by then above those who are followed beyond. Without a
// horizon, 0, nothing is measured.
func AtHorizon(risks, time []float64, event []bool, horizon float64) []evidence.Measurement {
	n := len(event)
	if horizon == 0 {
		return []evidence.Measurement{count("horizons", 0, n)}
	}
	survival := make([]float64, len(risks))
	for row, risk := range risks {
		survival[row] = 1 - risk
	}
	brier, brierErr := stats.BrierAt(survival, time, event, horizon)
	scaled, scaledErr := stats.ScaledBrierAt(risks, time, event, horizon)
	ratio, ratioErr := stats.OERatioAt(risks, time, event, horizon)
	slope, slopeErr := stats.CalibrationSlopeAt(risks, time, event, horizon)
	if len(risks) == 0 {
		brierErr, scaledErr, ratioErr, slopeErr = errNoRisks, errNoRisks, errNoRisks, errNoRisks
	}
	return []evidence.Measurement{
		count("horizons", 1, n),
		estimated("brier_at_horizon", n, brier, brierErr),
		estimated("scaled_brier_at_horizon", n, scaled, scaledErr),
		estimated("oe_ratio_at_horizon", n, ratio, ratioErr),
		estimated("calibration_slope_at_horizon", n, slope, slopeErr),
		rankedBy(risks, time, event, horizon),
	}
}

func rankedBy(risks, time []float64, event []bool, horizon float64) evidence.Measurement {
	const name = "auroc_at_horizon"
	ranked, err := stats.AUCAt(risks, time, event, horizon)
	if len(risks) == 0 {
		err = errNoRisks
	}
	if err != nil {
		return estimated(name, len(event), stats.Estimate{}, err)
	}
	return ranking(name, len(event), ranked)
}
