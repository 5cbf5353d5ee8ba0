package performance_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// Of ten patients with the event the candidate finds eight and the champion
// five: five won, two lost. Of ten without, it wrongly selects two more.
func TestDifferencesInDecisionsArePaired(t *testing.T) {
	candidate := []float64{.9, .9, .9, .9, .9, .9, .9, .9, .1, .1, .9, .9, .1, .1, .1, .1, .1, .1, .1, .1}
	champion := []float64{.1, .1, .1, .1, .1, .9, .9, .9, .9, .9, .1, .1, .1, .1, .1, .1, .1, .1, .1, .1}
	labels := make([]bool, 20)
	for i := range 10 {
		labels[i] = true
	}
	measured, err := performance.Binary(candidate, labels, .5, performance.Champion{Scores: champion, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "sensitivity_difference", .3, 1e-12)
	near(t, measured, "specificity_difference", -.2, 1e-12)
	// 9 rows are decided better or worse by .8 of squared error: 5 won, 4 lost.
	near(t, measured, "brier_difference", -(5-4)*.8/20, 1e-12)
	found := find(t, measured, "sensitivity_difference")
	if found.N != 10 || found.Low.Float() > 0 || found.High.Float() < .6 {
		t.Errorf("seven disagreements of ten prove little: %+v", found)
	}
	swapped, err := performance.Binary(champion, labels, .5, performance.Champion{Scores: candidate, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sensitivity_difference", "specificity_difference", "brier_difference"} {
		forth, back := find(t, measured, name), find(t, swapped, name)
		if math.Abs(forth.Low.Float()+back.High.Float()) > 1e-12 || math.Abs(forth.High.Float()+back.Low.Float()) > 1e-12 {
			t.Errorf("%s: [%s, %s] one way and [%s, %s] the other", name, forth.Low, forth.High, back.Low, back.High)
		}
	}
}

// Two models that decide alike on thirty patients may still differ on the next.
func TestAgreementIsNoProofOfEquality(t *testing.T) {
	scores, labels := make([]float64, 30), make([]bool, 30)
	other := make([]float64, 30)
	for i := range scores {
		labels[i] = i%2 == 0
		scores[i], other[i] = .2, .3
	}
	measured, err := performance.Binary(scores, labels, .5, performance.Champion{Scores: other, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sensitivity_difference", "specificity_difference"} {
		if m := find(t, measured, name); m.Value != "0" || m.Low.Float() > -.1 || m.High.Float() < .1 {
			t.Errorf("got %+v", m)
		}
	}
	same, err := performance.Binary(scores, labels, .5, performance.Champion{Scores: scores, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sensitivity_difference", "specificity_difference", "brier_difference"} {
		if m := find(t, same, name); m.Value != "0" || m.Low != "0" || m.High != "0" || m.Method != "equal scores in every row" {
			t.Errorf("got %+v", m)
		}
	}
}

// When every row is worse by the same, no variance is left to judge by; the
// answer must be wide, and not a point.
func TestDifferencesWithoutVarianceAreNotCertain(t *testing.T) {
	labels := []bool{true, false, true, false}
	measured, err := performance.Binary([]float64{.75, .25, .75, .25}, labels, .5, performance.Champion{Scores: []float64{.5, .5, .5, .5}, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "brier_difference", .0625-.25, 1e-12)
	if m := find(t, measured, "brier_difference"); m.High.Float()-m.Low.Float() < .5 {
		t.Errorf("got %+v", m)
	}
}

// A recalibrated model that moves its threshold along takes the same decisions
// as the champion at the champion's own; at the candidate's it would miss many.
func TestEachModelDecidesAtItsOwnThreshold(t *testing.T) {
	scores, labels := asah(t)
	recalibrated := make([]float64, len(scores))
	for i, score := range scores {
		recalibrated[i] = score * score
	}
	measured, err := performance.Binary(recalibrated, labels, .25, performance.Champion{Scores: scores, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if ranked := find(t, measured, "auroc_difference"); ranked.Low != "0" || ranked.High != "0" || ranked.Method != "equal ranks in every row" {
		t.Errorf("got %+v", ranked)
	}
	for _, name := range []string{"sensitivity_difference", "specificity_difference"} {
		if m := find(t, measured, name); m.Value != "0" || !(m.Low.Float() < 0 && m.High.Float() > 0) {
			t.Errorf("no patient lies between the thresholds, the next one may: %+v", m)
		}
	}
	for threshold, want := range map[float64]float64{.25: -.1, .75: .1} { // a champion that selects more, or fewer
		measured, err := performance.Binary(scores, labels, .5, performance.Champion{Scores: scores, Threshold: threshold}, [32]byte{})
		if err != nil {
			t.Fatal(err)
		}
		if m := find(t, measured, "sensitivity_difference"); m.Value.Float()/want < 1 || m.Method == "equal scores in every row" {
			t.Errorf("against a champion at %v: %+v", threshold, m)
		}
	}
}
