package stats

import (
	"math"
	"testing"
)

// The limiting distribution at published points; both series serve.
func TestKolmogorovTail(t *testing.T) {
	for lambda, want := range map[float64]float64{.5: .9639452437, 1: .2699996717, 1.36: .0494858768, 1.63: .0098463649} {
		if got := kolmogorov(lambda); math.Abs(got-want) > 1e-10 {
			t.Errorf("at %v: got %v, want %v", lambda, got, want)
		}
	}
	if below, above := kolmogorov(1-1e-12), kolmogorov(1); math.Abs(below-above) > 1e-11 {
		t.Errorf("the two series disagree at 1: %v and %v", below, above)
	}
}
