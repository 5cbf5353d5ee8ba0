package curves_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/curves"
	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// cohort is a holdout in which the predicted risk is the true one.
func cohort(n int) (scores []float64, labels []bool) {
	source := rand.New(rand.NewPCG(1, 2))
	for range n {
		risk := source.Float64()
		scores, labels = append(scores, risk), append(labels, source.Float64() < risk)
	}
	return scores, labels
}

func TestCurvesOfAnHonestModel(t *testing.T) {
	scores, labels := cohort(4000)
	drawn, err := curves.Of(scores, outcome.Outcome{Event: labels})
	if err != nil || len(drawn.Omitted) > 0 || drawn.Survival != nil {
		t.Fatalf("got %v, %v", drawn, err)
	}
	ranking, err := stats.DeLong(scores, labels)
	if err != nil {
		t.Fatal(err)
	}
	if area := under(drawn.ROC); math.Abs(area-ranking.Value) > 0.01 {
		t.Errorf("the area under the curve is %v, the AUROC %v", area, ranking.Value)
	}
	total := 0
	for _, bin := range drawn.Calibration {
		total += bin.N
		if bin.Low > bin.Predicted || bin.High < bin.Predicted || math.Abs(bin.Observed-bin.Predicted) > 0.08 {
			t.Errorf("risk is the true one, but %+v", bin)
		}
	}
	if total != len(scores) || len(drawn.Calibration) < 8 || len(drawn.Calibration) > 11 {
		t.Errorf("%d bins hold %d of %d patients", len(drawn.Calibration), total, len(scores))
	}
	for _, point := range drawn.Decision {
		if point.Model < max(point.TreatAll, 0)-0.01 {
			t.Errorf("true risks serve worse than treating all or none: %+v", point)
		}
	}
	if len(drawn.Decision) != 19 {
		t.Errorf("%d thresholds", len(drawn.Decision))
	}
}

// under is the area below straight lines.
func under(points []figure.ROCPoint) float64 {
	area := 0.0
	for i, point := range points[1:] {
		area += (point.FalsePositiveRate - points[i].FalsePositiveRate) * (point.TruePositiveRate + points[i].TruePositiveRate) / 2
	}
	return area
}

func TestTheROCCurveGoesFromCornerToCorner(t *testing.T) {
	scores, labels := cohort(300)
	drawn, err := curves.Of(scores, outcome.Outcome{Event: labels})
	if err != nil {
		t.Fatal(err)
	}
	if first, last := drawn.ROC[0], drawn.ROC[len(drawn.ROC)-1]; first != (figure.ROCPoint{}) || last != (figure.ROCPoint{FalsePositiveRate: 1, TruePositiveRate: 1}) {
		t.Errorf("from %v to %v", first, last)
	}
	// A rising transform changes no order, so it changes no ROC curve.
	logits := make([]float64, len(scores))
	for i, score := range scores {
		logits[i] = math.Log(score / (1 - score))
	}
	transformed, err := curves.Of(logits, outcome.Outcome{Event: labels})
	if err != nil || !slices.Equal(transformed.ROC, drawn.ROC) {
		t.Errorf("of logits: %v, %v", transformed.ROC, err)
	}
	if transformed.Calibration != nil || transformed.Decision != nil || len(transformed.Omitted) != 1 {
		t.Errorf("logits are no probabilities, but: %+v", transformed)
	}
}

func TestSurvivalByThirdsOfRisk(t *testing.T) {
	source := rand.New(rand.NewPCG(3, 4))
	var scores []float64
	var happened outcome.Outcome
	for range 900 {
		score := source.NormFloat64()
		died, censored := source.ExpFloat64()*1000*math.Exp(-score), source.ExpFloat64()*2000
		scores = append(scores, score)
		happened.Time, happened.Event = append(happened.Time, min(died, censored)), append(happened.Event, died < censored)
	}
	drawn, err := curves.Of(scores, happened)
	if err != nil || len(drawn.Survival) != 3 || len(drawn.Omitted) > 0 {
		t.Fatalf("got %+v, %v", drawn, err)
	}
	var at []float64
	for i, group := range drawn.Survival {
		if group.N != 300 || group.Name != []string{"low risk", "middle risk", "high risk"}[i] {
			t.Errorf("group %d is %q of %d", i, group.Name, group.N)
		}
		for j, point := range group.Points {
			if point.Low > point.Survival || point.High < point.Survival || j > 0 && point.Survival >= group.Points[j-1].Survival {
				t.Errorf("%s: %+v", group.Name, point)
			}
			if point.Time < 200 && len(at) == i+1 {
				at[i] = point.Survival
			} else if len(at) == i {
				at = append(at, point.Survival)
			}
		}
	}
	if at[0] <= at[1] || at[1] <= at[2] {
		t.Errorf("survival to day 200 from low to high risk: %v", at)
	}
}

func TestWhatMayNotBeShownIsToldInstead(t *testing.T) {
	yes, no := true, false
	many := func(event bool, n int) outcome.Outcome {
		return outcome.Outcome{Event: slices.Repeat([]bool{event}, n)}
	}
	for name, test := range map[string]struct {
		scores   []float64
		happened outcome.Outcome
	}{
		"no patients":   {nil, outcome.Outcome{}},
		"one patient":   {[]float64{0.5}, many(yes, 1)},
		"one class":     {slices.Repeat([]float64{0.1, 0.9}, 50), many(no, 100)},
		"all tied":      {slices.Repeat([]float64{0.5}, 100), outcome.Outcome{Event: slices.Repeat([]bool{yes, no}, 50)}},
		"ten events":    {slices.Repeat([]float64{0.1, 0.9}, 50), outcome.Outcome{Event: append(many(no, 90).Event, many(yes, 10).Event...)}},
		"few followed":  {[]float64{1, 2, 3}, outcome.Outcome{Event: []bool{yes, yes, no}, Time: []float64{1, 2, 3}}},
		"none followed": {nil, outcome.Outcome{Event: []bool{}, Time: []float64{}}},
	} {
		drawn, err := curves.Of(test.scores, test.happened)
		if err != nil || len(drawn.Omitted) != 1 || drawn.ROC != nil || drawn.Calibration != nil || drawn.Decision != nil || drawn.Survival != nil {
			t.Errorf("%s: got %+v, %v", name, drawn, err)
		}
	}
}

func TestTiedRiskIsNotParted(t *testing.T) {
	scores := slices.Concat(slices.Repeat([]float64{1}, 60), slices.Repeat([]float64{2}, 30))
	happened := outcome.Outcome{Event: slices.Repeat([]bool{true}, 90), Time: slices.Repeat([]float64{1, 2, 3}, 30)}
	drawn, err := curves.Of(scores, happened)
	if err != nil || len(drawn.Survival) != 2 || drawn.Survival[0].N != 60 || !strings.Contains(drawn.Omitted[0], "equal scores") {
		t.Errorf("got %+v, %v", drawn, err)
	}
}

func TestBadColumnsAreErrors(t *testing.T) {
	for name, test := range map[string]struct {
		scores   []float64
		happened outcome.Outcome
		want     error
	}{
		"lengths":       {[]float64{1}, outcome.Outcome{}, stats.ErrLength},
		"times":         {[]float64{1}, outcome.Outcome{Event: []bool{true}, Time: []float64{}}, stats.ErrLength},
		"missing score": {[]float64{0.5, math.NaN()}, outcome.Outcome{Event: []bool{true, false}}, stats.ErrNotFinite},
		"endless score": {[]float64{math.Inf(-1)}, outcome.Outcome{Event: []bool{true}}, stats.ErrNotFinite},
	} {
		if _, err := curves.Of(test.scores, test.happened); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Whatever the scores, the steps of the curve stand for no patients or for
// eleven and more, and so do the bins and their events.
func FuzzNoCellIsSmall(f *testing.F) {
	f.Add(uint64(1), uint16(200), uint8(5))
	f.Add(uint64(2), uint16(40), uint8(1))
	f.Add(uint64(3), uint16(1000), uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, distinct uint8) {
		source := rand.New(rand.NewPCG(seed, 0))
		n %= 2000
		scores, labels := make([]float64, n), make([]bool, n)
		positives := 0
		for i := range scores {
			scores[i] = float64(source.IntN(int(distinct)+1)) / 255
			if labels[i] = source.Float64() < scores[i]; labels[i] {
				positives++
			}
		}
		drawn, err := curves.Of(scores, outcome.Outcome{Event: labels})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(drawn.ROC); i++ {
			from, to := drawn.ROC[i-1], drawn.ROC[i]
			refuseFew(t, (to.TruePositiveRate-from.TruePositiveRate)*float64(positives))
			refuseFew(t, (to.FalsePositiveRate-from.FalsePositiveRate)*float64(int(n)-positives))
		}
		for _, bin := range drawn.Calibration {
			refuseFew(t, bin.Observed*float64(bin.N))
			refuseFew(t, (1-bin.Observed)*float64(bin.N))
		}
	})
}

func refuseFew(t *testing.T, patients float64) {
	t.Helper()
	if count := int(math.Round(patients)); count < 0 || count > 0 && count < 11 {
		t.Errorf("%d patients are shown", count)
	}
}
