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
// that names the first such row. The champion is decided on at its own threshold.
// The seed drives the resampling of auprc and of the calibration curve.
func Binary(scores []float64, labels []bool, threshold float64, champion Champion, seed [32]byte) ([]evidence.Measurement, error) {
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
	measured = append(measured, probabilities(scores, labels, seed)...)
	measured = append(measured, benefits(scores, labels, threshold)...)
	measured = append(measured, decisions(confusion)...)
	measured = append(measured, champions(champion.Scores, n))
	if len(champion.Scores) == 0 {
		return measured, nil
	}
	compared, err := againstChampion(scores, threshold, champion, labels)
	return append(measured, compared...), err
}
