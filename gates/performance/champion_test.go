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
	measured, err := performance.Binary(candidate, labels, .5, champion, [32]byte{})
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
	swapped, err := performance.Binary(champion, labels, .5, candidate, [32]byte{})
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
	measured, err := performance.Binary(scores, labels, .5, other, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sensitivity_difference", "specificity_difference"} {
		if m := find(t, measured, name); m.Value != "0" || m.Low.Float() > -.1 || m.High.Float() < .1 {
			t.Errorf("got %+v", m)
		}
	}
	same, err := performance.Binary(scores, labels, .5, scores, [32]byte{})
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
	measured, err := performance.Binary([]float64{.75, .25, .75, .25}, labels, .5, []float64{.5, .5, .5, .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "brier_difference", .0625-.25, 1e-12)
	if m := find(t, measured, "brier_difference"); m.High.Float()-m.Low.Float() < .5 {
		t.Errorf("got %+v", m)
	}
}
