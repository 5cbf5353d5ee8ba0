package performance_test

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// By hand: at .2 the false positives cost a quarter each.
func TestNetBenefitIsGainedOverTheBetterRival(t *testing.T) {
	scores, labels := asah(t)
	for threshold, want := range map[float64][3]float64{
		.5: {.0178571428571, .375, .0178571428571},           // treat none is the better rival
		.2: {.1785714285714, .0267857142857, .0267857142857}, // treat all is
	} {
		measured, err := performance.Binary(scores, labels, threshold, performance.Champion{}, [32]byte{})
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"net_benefit", "net_benefit_over_all", "net_benefit_gain"} {
			near(t, measured, name, want[i], 1e-12)
		}
		gain := find(t, measured, "net_benefit_gain").Low.Float()
		for _, over := range []string{"net_benefit", "net_benefit_over_all"} {
			if gain > find(t, measured, over).Low.Float() {
				t.Errorf("at %v: the gain is surer than %s", threshold, over)
			}
		}
	}
}

// Who selects everybody gains nothing over treat all, and who selects nobody
// nothing over treat none; a sample does not make that certain for the next.
func TestTreatingAllAlikeGainsNothing(t *testing.T) {
	labels := []bool{true, false, false, true, false, false}
	for score, name := range map[float64]string{.9: "net_benefit_over_all", .1: "net_benefit"} {
		scores := []float64{score, score, score, score, score, score}
		measured, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, measured, name, 0, 0)
		if gain := find(t, measured, "net_benefit_gain"); gain.Value.Float() > 0 || gain.Low.Float() > -.3 {
			t.Errorf("got %+v", gain)
		}
	}
}

// A model is wrong about 9 of 100 when always saying no would be about 1.
func TestAccuracyIsNothingBesideTheCommonerClass(t *testing.T) {
	scores, labels := make([]float64, 100), make([]bool, 100)
	labels[0], scores[0] = true, .9
	for i := range 9 {
		scores[i+1] = .9
	}
	measured, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "accuracy", .91, 1e-12)
	near(t, measured, "no_information_rate", .99, 1e-12)
	if p := find(t, measured, "no_information_rate_p").Value.Float(); p < .9999 {
		t.Errorf("p is %v", p)
	}
	perfect := make([]float64, 100)
	perfect[0] = .9
	measured, err = performance.Binary(perfect, labels, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "no_information_rate_p", math.Pow(.99, 100), 1e-12)
}
