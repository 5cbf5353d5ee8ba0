package performance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Binary measures scores of an event against what happened, and the decisions
// that the threshold makes of them (a score at or above it is a positive).
// Scores outside [0, 1] are no probabilities: they are ranked and decided on,
// but what asks whether the probabilities are true has no value, and a method
// that names the first such row. champion holds the serving model's scores for
// the same rows, or nothing. The seed drives the resampling of auprc.
func Binary(scores []float64, labels []bool, threshold float64, champion []float64, seed [32]byte) ([]evidence.Measurement, error) {
	if err := outcome.CheckThreshold(threshold, scores); err != nil {
		return nil, err
	}
	auroc, err := stats.DeLong(scores, labels)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	confusion, err := stats.Confuse(scores, labels, threshold)
	if err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	n := len(labels)
	measured := []evidence.Measurement{ranking("auroc", n, auroc)}
	auprc, err := stats.AveragePrecisionEstimate(scores, labels, seed)
	measured = append(measured, estimated("auprc", n, auprc, err))
	measured = append(measured, probabilities(scores, labels, confusion, threshold)...)
	measured = append(measured, decisions(confusion)...)
	measured = append(measured, champions(champion, n))
	if len(champion) == 0 {
		return measured, nil
	}
	compared, err := againstChampion(scores, champion, labels)
	return append(measured, compared...), err
}

// probabilities measures what only a probability has. Net benefit is among
// them: its exchange rate of false for true positives is the threshold's odds.
func probabilities(scores []float64, labels []bool, c stats.Confusion, threshold float64) []evidence.Measurement {
	n := len(labels)
	brier, brierErr := stats.Brier(scores, labels)
	scaled, scaledErr := stats.ScaledBrier(scores, labels)
	loss, lossErr := stats.LogLoss(scores, labels)
	calibration, calibrationErr := stats.Calibrate(scores, labels)
	ratio, ratioErr := stats.OERatio(scores, labels)
	benefit, benefitErr := c.NetBenefit(threshold)
	if brierErr != nil {
		benefitErr = brierErr
	}
	return []evidence.Measurement{
		estimated("brier", n, brier, brierErr),
		estimated("scaled_brier", n, scaled, scaledErr),
		estimated("log_loss", n, loss, lossErr),
		estimated("calibration_slope", n, calibration.Slope, calibrationErr),
		estimated("calibration_intercept", n, calibration.Intercept, calibrationErr),
		estimated("oe_ratio", n, ratio, ratioErr),
		estimated("net_benefit", n, benefit, benefitErr),
	}
}

func decisions(c stats.Confusion) []evidence.Measurement {
	n := c.N()
	f1, f1Err := c.F1()
	mcc, mccErr := c.MCC()
	balanced, balancedErr := c.BalancedAccuracy()
	return []evidence.Measurement{
		proportion("sensitivity", c.Sensitivity()),
		proportion("specificity", c.Specificity()),
		proportion("ppv", c.PPV()),
		proportion("npv", c.NPV()),
		estimated("f1", n, f1, f1Err),
		estimated("mcc", n, mcc, mccErr),
		proportion("accuracy", c.Accuracy()),
		estimated("balanced_accuracy", n, balanced, balancedErr),
		proportion("no_information_rate", stats.Proportion{Successes: max(c.Positives(), c.Negatives()), Trials: n}),
		count("events", c.Positives(), n),
		count("non_events", c.Negatives(), n),
	}
}

func againstChampion(scores, champion []float64, labels []bool) ([]evidence.Measurement, error) {
	test, err := stats.DeLongPaired(scores, champion, labels)
	if err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	return []evidence.Measurement{
		estimated("auroc_difference", len(labels), test.Estimate, nil),
		ranking("champion_auroc", len(labels), test.B),
	}, nil
}
