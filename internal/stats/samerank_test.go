package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func changed(values []float64, by func(float64) float64) []float64 {
	after := make([]float64, len(values))
	for row, value := range values {
		after[row] = by(value)
	}
	return after
}

// A recalibrated model orders patients as it did before.
func TestRecalibrationLosesNoDiscrimination(t *testing.T) {
	data := readPatients(t, "asah_test_predictions.csv")
	scores, labels := data.number(t, "p"), data.is("y", "1")
	recalibrated := changed(scores, func(p float64) float64 { return 1 / (1 + math.Exp(.54-1.32*math.Log(p/(1-p)))) })
	got := must[stats.DeLongTest](t)(stats.DeLongPaired(recalibrated, scores, labels))
	if got.Value != 0 || got.Low != 0 || got.High != 0 || got.P != 1 || got.Method != "equal ranks in every row" {
		t.Errorf("got %+v", got)
	}
	c := lung(t)
	risk := c.risk([]float64{.01, -.5, .4})
	survived, err := stats.HarrellDifference(changed(risk, math.Exp), risk, c.time, c.event, [32]byte{})
	if err != nil || survived.Value != 0 || survived.Low != 0 || survived.High != 0 || survived.Method != "equal ranks in every row" {
		t.Errorf("got %+v, %v", survived, err)
	}
	recalibrated[0], recalibrated[1] = recalibrated[1], recalibrated[0]
	if other := must[stats.DeLongTest](t)(stats.DeLongPaired(recalibrated, scores, labels)); other.Low == other.High {
		t.Errorf("two patients changed places: %+v", other)
	}
}

// Models that part the classes place every row alike, and may still be
// different models; so may two that know few grades and agree on them.
func TestAgreementInASampleIsNotIdentity(t *testing.T) {
	labels, first := make([]bool, 40), make([]float64, 40)
	for row := range labels {
		labels[row], first[row] = row%2 == 0, float64(row%2)*-100
	}
	random := rand.New(rand.NewPCG(1, 1))
	second := changed(first, func(score float64) float64 { return score + random.Float64() })
	graded := changed(first, func(score float64) float64 { return score / 2 })
	for name, rival := range map[string][]float64{"another order within the classes": second, "two grades": graded} {
		got := must[stats.DeLongTest](t)(stats.DeLongPaired(first, rival, labels))
		if got.Value != 0 || got.Low > -.1 || got.High < .1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
