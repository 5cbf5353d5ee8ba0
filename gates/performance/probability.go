package performance

import (
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// probabilities measures what only a probability has.
func probabilities(scores []float64, labels []bool, seed [32]byte) []evidence.Measurement {
	n := len(labels)
	brier, brierErr := stats.Brier(scores, labels)
	scaled, scaledErr := stats.ScaledBrier(scores, labels)
	loss, lossErr := stats.LogLoss(scores, labels)
	calibration, calibrationErr := stats.Calibrate(scores, labels)
	large, largeErr := stats.CalibrationInTheLarge(scores, labels)
	ratio, ratioErr := stats.OERatio(scores, labels)
	return append([]evidence.Measurement{
		estimated("brier", n, brier, brierErr),
		estimated("scaled_brier", n, scaled, scaledErr),
		estimated("log_loss", n, loss, lossErr),
		estimated("calibration_slope", n, calibration.Slope, calibrationErr),
		estimated("calibration_intercept", n, calibration.Intercept, calibrationErr),
		estimated("calibration_in_the_large", n, large, largeErr),
		estimated("oe_ratio", n, ratio, ratioErr),
	}, curves(scores, labels, seed)...)
}
