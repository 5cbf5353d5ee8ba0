package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func counting(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[n-1-i] = float64(i + 1)
	}
	return values
}

// Ranks of the table of Conover 1999 (Practical Nonparametric Statistics,
// section 3.2) for the median, and the sample sizes at which an extreme becomes
// an upper limit: 0.975 = 1 - share^n.
func TestLimitsOfAQuantileAreRanks(t *testing.T) {
	for _, test := range []struct {
		n         int
		share     float64
		want      stats.Quantile
		unlimited bool
	}{
		{9, .5, stats.Quantile{Value: 5, Low: 2, High: 8, Enough: 6}, false},
		{20, .5, stats.Quantile{Value: 10, Low: 6, High: 15, Enough: 6}, false},
		{5, .5, stats.Quantile{Value: 3, Low: 0, Enough: 6}, true},
		{71, .95, stats.Quantile{Value: 68, Low: 63, Enough: 72}, true},
		{72, .95, stats.Quantile{Value: 69, Low: 64, High: 72, Enough: 72}, false},
		{367, .99, stats.Quantile{Value: 364, Low: 359, Enough: 368}, true},
		{368, .99, stats.Quantile{Value: 365, Low: 360, High: 368, Enough: 368}, false},
	} {
		got, err := stats.QuantileLimits(counting(test.n), test.share, 0)
		test.want.HasHigh = !test.unlimited
		if err != nil || got != test.want {
			t.Errorf("%d values, %v: got %+v, want %+v (%v)", test.n, test.share, got, test.want, err)
		}
	}
}

// Whatever the sample, the limits hold the quantile in at least 95 % of all.
func TestLimitsOfAQuantileCoverIt(t *testing.T) {
	for _, share := range []float64{.05, .5, .95, .99} {
		for n := 1; n <= 1200; n += 7 {
			got, err := stats.QuantileLimits(counting(n), share, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !got.HasHigh {
				got.High = float64(n + 1)
			}
			covered := 0.0
			for below := int(got.Low); below < int(got.High); below++ {
				all, _ := math.Lgamma(float64(n + 1))
				some, _ := math.Lgamma(float64(below + 1))
				rest, _ := math.Lgamma(float64(n - below + 1))
				covered += math.Exp(all - some - rest + float64(below)*math.Log(share) + float64(n-below)*math.Log1p(-share))
			}
			if covered < .95-1e-9 || got.Low > got.Value || got.Value > got.High {
				t.Errorf("%d values, %v: %+v covers %v", n, share, got, covered)
			}
		}
	}
	if _, err := stats.QuantileLimits(nil, .5, 0); !errors.Is(err, stats.ErrEmpty) {
		t.Errorf("got %v", err)
	}
	for _, share := range []float64{0, 1, math.NaN()} {
		if _, err := stats.QuantileLimits([]float64{1}, share, 0); !errors.Is(err, stats.ErrRange) {
			t.Errorf("%v: got %v", share, err)
		}
	}
}
