package performance_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

func values(t *testing.T, scores []float64, labels []bool, threshold float64) map[string]float64 {
	t.Helper()
	measured, err := performance.Binary(scores, labels, threshold, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, m := range measured {
		if m.Value != "" {
			all[m.Name] = m.Value.Float()
		}
	}
	return all
}

// What a number is about decides what may change it.
func TestNumbersFollowWhatIsDoneToTheData(t *testing.T) {
	scores, labels := asah(t)
	whole := values(t, scores, labels, .3)
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(scores))
	shuffled, shuffledLabels := make([]float64, len(scores)), make([]bool, len(scores))
	flipped, flippedLabels := make([]float64, len(scores)), make([]bool, len(scores))
	rooted := make([]float64, len(scores))
	for i, at := range order {
		shuffled[i], shuffledLabels[i] = scores[at], labels[at]
		flipped[i], flippedLabels[i] = 1-scores[i], !labels[i]
		rooted[i] = math.Sqrt(scores[i])
	}
	for name, got := range values(t, shuffled, shuffledLabels, .3) {
		if math.Abs(got-whole[name]) > 1e-9 {
			t.Errorf("the order of rows changed %s from %v to %v", name, whole[name], got)
		}
	}
	twice := values(t, append(scores[:len(scores):len(scores)], scores...), append(labels[:len(labels):len(labels)], labels...), .3)
	for _, name := range []string{"auroc", "auprc", "brier", "calibration_slope", "calibration_in_the_large", "oe_ratio", "ece", "sensitivity", "ppv", "mcc", "net_benefit_gain", "prevalence"} {
		if math.Abs(twice[name]-whole[name]) > 1e-8 {
			t.Errorf("taking every patient twice changed %s from %v to %v", name, whole[name], twice[name])
		}
	}
	transformed := values(t, rooted, labels, math.Sqrt(.3))
	for _, name := range []string{"auroc", "auprc", "sensitivity", "specificity", "ppv", "npv", "f1", "mcc", "no_information_rate_p"} {
		if math.Abs(transformed[name]-whole[name]) > 1e-12 {
			t.Errorf("a scale that keeps the order changed %s from %v to %v", name, whole[name], transformed[name])
		}
	}
	other := values(t, flipped, flippedLabels, .7+1e-12)
	for name, opposite := range map[string]string{"auroc": "auroc", "brier": "brier", "ece": "ece", "calibration_slope": "calibration_slope",
		"sensitivity": "specificity", "ppv": "npv", "specificity": "sensitivity", "mcc": "mcc"} {
		if math.Abs(other[opposite]-whole[name]) > 1e-8 {
			t.Errorf("predicting the opposite of the opposite changed %s from %v to %v", name, whole[name], other[opposite])
		}
	}
}

// Sixteen times the patients make an interval a quarter as wide; half is asked.
func TestMorePatientsMakeNarrowerIntervals(t *testing.T) {
	scores, labels := asah(t)
	widths := func(times int) map[string]float64 {
		var all []float64
		var outcomes []bool
		for range times {
			all, outcomes = append(all, scores...), append(outcomes, labels...)
		}
		measured, err := performance.Binary(all, outcomes, .5, performance.Champion{}, [32]byte{3})
		if err != nil {
			t.Fatal(err)
		}
		width := map[string]float64{}
		for _, m := range measured {
			if m.Low != "" {
				width[m.Name] = length(m)
			}
		}
		return width
	}
	few := widths(1)
	for name, width := range widths(16) {
		if width > few[name]/2 {
			t.Errorf("%s: %v wide with 56 patients, %v with 896", name, few[name], width)
		}
	}
}

func length(m evidence.Measurement) float64 { return m.High.Float() - m.Low.Float() }
