package stats

import (
	"fmt"
	"math"
)

// ReliabilityBin compares the mean score with the share of events among the
// rows whose scores fall into one bin.
type ReliabilityBin struct {
	Index               int // from 0
	N                   int
	MeanScore, Observed float64
}

// Reliability cuts [0, 1] into bins of equal width, a score on an edge
// belonging to the bin above it and 1 to the last, and leaves empty bins out.
// Scores are probabilities; there are between 1 and a million bins.
func Reliability(scores []float64, labels []bool, bins int) ([]ReliabilityBin, error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return nil, err
	}
	if bins < 1 || bins > 1_000_000 {
		return nil, fmt.Errorf("%w: %d bins", ErrRange, bins)
	}
	all := make([]ReliabilityBin, bins)
	for row, score := range scores {
		bin := &all[min(int(score*float64(bins)), bins-1)]
		bin.N++
		bin.MeanScore += score
		bin.Observed += indicator(labels[row])
	}
	var filled []ReliabilityBin
	for index, bin := range all {
		if bin.N > 0 {
			n := float64(bin.N)
			filled = append(filled, ReliabilityBin{index, bin.N, bin.MeanScore / n, bin.Observed / n})
		}
	}
	return filled, nil
}

// CalibrationErrors are the mean, weighted by rows, and the largest gap between
// mean score and share of events over the bins of [Reliability]: the expected
// and maximum calibration error of Guo 2017 (ICML 70:1321), though of the risk
// and not of the confidence. Both depend on the number of bins and grow as
// rows get fewer, so they are beside [Calibrate] and not in its place.
func CalibrationErrors(scores []float64, labels []bool, bins int) (expected, maximum float64, err error) {
	filled, err := Reliability(scores, labels, bins)
	if err != nil {
		return 0, 0, err
	}
	for _, bin := range filled {
		gap := math.Abs(bin.MeanScore - bin.Observed)
		expected += gap * float64(bin.N) / float64(len(scores))
		maximum = max(maximum, gap)
	}
	return expected, maximum, nil
}

// Spiegelhalter asks whether the Brier score is what it would be if every
// score were the true risk (Spiegelhalter 1986, Stat Med 5:421): z is standard
// normal then, above 0 when the score is worse than it thinks. P is two-sided.
// Scores that are all 0, 0.5 or 1 have no variance: ErrUndefined.
func Spiegelhalter(scores []float64, labels []bool) (z, p float64, err error) {
	if err := checkProbabilities(scores, labels); err != nil {
		return 0, 0, err
	}
	sum, variance := 0.0, 0.0
	for row, score := range scores {
		lean := 1 - 2*score
		sum += (indicator(labels[row]) - score) * lean
		variance += lean * lean * score * (1 - score)
	}
	if variance == 0 {
		return 0, 0, fmt.Errorf("%w: scores of 0, 0.5 and 1 leave no variance", ErrUndefined)
	}
	z = sum / math.Sqrt(variance)
	return z, twoSided(z), nil
}

// NagelkerkeR2 is the share of the log-likelihood of the prevalence that
// probabilities gain, over the most they could (Nagelkerke 1991, Biometrika
// 78:691): 1 - exp(-2(L-L₀)/n) over 1 - exp(2L₀/n). Scores are clipped as in
// [LogLoss]; it is below 0 for scores worse than the prevalence, and at least
// -1e6, where the floor of floats is near.
func NagelkerkeR2(scores []float64, labels []bool) (float64, error) {
	loss, err := LogLoss(scores, labels)
	if err != nil {
		return 0, err
	}
	positives, _, err := countClasses(labels)
	if err != nil {
		return 0, err
	}
	null := bernoulliLogLikelihood(float64(positives) / float64(len(labels)))
	return max(-1e6, -math.Expm1(2*(null+loss.Value))/-math.Expm1(2*null)), nil
}

// bernoulliLogLikelihood is that of one row when all have the same risk.
func bernoulliLogLikelihood(risk float64) float64 {
	return risk*math.Log(risk) + (1-risk)*math.Log1p(-risk)
}
