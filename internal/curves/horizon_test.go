package curves_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/curves"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// followUp is exponential survival whose risk by time 1 is the predicted one,
// censored evenly over two units of time.
func followUp(n int) (risks []float64, happened outcome.Outcome) {
	source := rand.New(rand.NewPCG(3, 4))
	for range n {
		risk := 0.1 + 0.8*source.Float64()
		event, left := source.ExpFloat64()/-math.Log1p(-risk), 2*source.Float64()
		risks = append(risks, risk)
		happened.Time, happened.Event = append(happened.Time, min(event, left)), append(happened.Event, event <= left)
	}
	return risks, happened
}

func TestTrueRisksLieOnTheDiagonal(t *testing.T) {
	risks, happened := followUp(5000)
	bins, err := curves.AtHorizon(risks, happened, 1)
	if err != nil || len(bins) != 5 {
		t.Fatalf("%d bins, %v", len(bins), err)
	}
	for i, bin := range bins {
		if math.Abs(bin.Observed-bin.Predicted) > 0.04 || bin.Low > bin.Observed || bin.High < bin.Observed || bin.High-bin.Low > 0.1 {
			t.Errorf("bin %d: %+v", i, bin)
		}
		if i > 0 && bin.Predicted <= bins[i-1].Predicted {
			t.Errorf("bin %d is not above the one before: %+v", i, bin)
		}
	}
}

func TestFewerPatientsMakeFewerBinsAndNoneAtLast(t *testing.T) {
	before := 6
	for _, n := range []int{5000, 200, 100, 20} {
		risks, happened := followUp(n)
		bins, err := curves.AtHorizon(risks, happened, 1)
		if err != nil || len(bins) > before {
			t.Errorf("%d patients: %d bins, %v", n, len(bins), err)
		}
		before = len(bins)
	}
	if before != 0 {
		t.Errorf("twenty patients in %d bins", before)
	}
	risks, happened := followUp(10)
	if _, err := curves.AtHorizon(risks[1:], happened, 1); !errors.Is(err, stats.ErrLength) {
		t.Errorf("got %v", err)
	}
}
