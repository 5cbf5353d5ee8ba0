package curves

import (
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// fewest is the smallest cell that is published.
// https://resdac.org/articles/cms-cell-size-suppression-policy
const fewest = 11

// Of makes the curves of scores, one per row of the outcome. An outcome with
// follow-up times gives survival curves, one without gives the curves of a
// binary outcome; calibration and decision curves need scores between 0 and 1.
// Missing scores and columns of different length are errors of internal/stats.
func Of(scores []float64, happened outcome.Outcome) (figure.Curves, error) {
	if len(scores) != len(happened.Event) || happened.Time != nil && len(happened.Time) != len(scores) {
		return figure.Curves{}, fmt.Errorf("%d scores of %d outcomes: %w", len(scores), len(happened.Event), stats.ErrLength)
	}
	if row := slices.IndexFunc(scores, func(score float64) bool { return math.IsNaN(score) || math.IsInf(score, 0) }); row >= 0 {
		return figure.Curves{}, fmt.Errorf("the score of row %d: %w", row+1, stats.ErrNotFinite)
	}
	if happened.Time != nil {
		return survival(scores, happened)
	}
	return binary(scores, happened.Event)
}

func binary(scores []float64, labels []bool) (figure.Curves, error) {
	cells := gather(scores, labels)
	var drawn figure.Curves
	all := sum(cells)
	if all.positives == 0 || all.negatives == 0 || len(cells) < 2 {
		drawn.Omitted = append(drawn.Omitted, fmt.Sprintf("no curve can be drawn without showing cells of fewer than %d patients", fewest))
		return drawn, nil
	}
	drawn.ROC = roc(cells)
	if cells[0].lowest < 0 || cells[len(cells)-1].highest > 1 {
		drawn.Omitted = append(drawn.Omitted, "calibration and net benefit: the scores are no probabilities")
		return drawn, nil
	}
	drawn.Calibration = calibration(cells)
	var err error
	drawn.Decision, err = decision(scores, labels)
	return drawn, err
}

// roc goes from the highest scores to the lowest, as a falling threshold does.
func roc(cells []cell) []figure.ROCPoint {
	all := sum(cells)
	points := []figure.ROCPoint{{}}
	selected := cell{}
	for _, next := range slices.Backward(cells) {
		selected = selected.with(next)
		points = append(points, figure.ROCPoint{
			FalsePositiveRate: float64(selected.negatives) / float64(all.negatives),
			TruePositiveRate:  float64(selected.positives) / float64(all.positives),
		})
	}
	return points
}

// calibration joins the cells to about ten bins.
func calibration(cells []cell) []figure.CalibrationBin {
	const bins = 10
	var drawn []figure.CalibrationBin
	enough := sum(cells).size() / bins
	bin := cell{}
	for i, next := range cells {
		bin = bin.with(next)
		if bin.size() < enough && i < len(cells)-1 {
			continue
		}
		share := stats.Proportion{Successes: bin.positives, Trials: bin.size()}
		interval := share.Wilson(stats.Alpha)
		drawn = append(drawn, figure.CalibrationBin{
			N: bin.size(), Predicted: bin.total / float64(bin.size()), Observed: float64(bin.positives) / float64(bin.size()),
			Low: interval.Low, High: interval.High,
		})
		bin = cell{}
	}
	return drawn
}

// decision asks what every twentieth part as threshold is worth. Each answer is
// one number about all patients; it is rounded to 0.01, so that neighbours do
// not count the patients between them, and left out where 1 to 10 patients
// would be selected, or left.
func decision(scores []float64, labels []bool) ([]figure.DecisionPoint, error) {
	const parts = 20
	var points []figure.DecisionPoint
	for part := 1; part < parts; part++ {
		threshold := float64(part) / parts
		decided, err := stats.Confuse(scores, labels, threshold)
		if err != nil {
			return nil, err
		}
		if few(decided.Selected()) || few(decided.N()-decided.Selected()) {
			continue
		}
		benefit, err := decided.NetBenefit(threshold)
		if err != nil {
			return nil, fmt.Errorf("net benefit at %v: %w", threshold, err)
		}
		prevalence := float64(decided.Positives()) / float64(decided.N())
		points = append(points, figure.DecisionPoint{
			Threshold: threshold, Model: hundredths(benefit.Value), Low: hundredths(benefit.Low), High: hundredths(benefit.High),
			TreatAll: hundredths(prevalence - (1-prevalence)*threshold/(1-threshold)),
		})
	}
	return points, nil
}

func hundredths(value float64) float64 { return math.Round(value*100) / 100 }
