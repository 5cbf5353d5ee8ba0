package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// What theory says happens to a number when its data is rewritten.

func melanomaScores(t *testing.T) (scores []float64, labels []bool) {
	c := melanoma(t)
	return c.risk([]float64{.1, 1, .3, .01}), c.event
}

func TestRowOrderMeansNothing(t *testing.T) {
	scores, labels := melanomaScores(t)
	c := melanoma(t)
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(scores))
	shuffled, flags, time := make([]float64, len(scores)), make([]bool, len(scores)), make([]float64, len(scores))
	for to, from := range order {
		shuffled[to], flags[to], time[to] = scores[from], labels[from], c.time[from]
	}
	first, second := deLong(t, scores, labels), deLong(t, shuffled, flags)
	near(t, "auroc", second.Value, first.Value, 0)
	near(t, "variance", second.Variance, first.Variance, 1e-12)
	uno, unoShuffled := must[stats.Ranking](t)(stats.Uno(scores, c.time, labels)), must[stats.Ranking](t)(stats.Uno(shuffled, time, flags))
	near(t, "uno", unoShuffled.Value, uno.Value, 1e-12)
}

func TestRisingTransformsKeepRanks(t *testing.T) {
	scores, labels := melanomaScores(t)
	bent := make([]float64, len(scores))
	for i, score := range scores {
		scores[i] = math.Round(score*1e6) / 1e6 // so that rounding makes no new ties
		bent[i] = math.Exp(scores[i]/3) + 7
	}
	near(t, "auroc", deLong(t, bent, labels).Value, deLong(t, scores, labels).Value, 0)
	near(t, "average precision", must[float64](t)(stats.AveragePrecision(bent, labels)), must[float64](t)(stats.AveragePrecision(scores, labels)), 0)
	near(t, "kendall", must[float64](t)(stats.Kendall(bent, scores)), 1, 1e-12)
}

func TestFlippedLabelsMirrorTheArea(t *testing.T) {
	scores, labels := melanomaScores(t)
	flipped := make([]bool, len(labels))
	for i, label := range labels {
		flipped[i] = !label
	}
	first, second := deLong(t, scores, labels), deLong(t, scores, flipped)
	near(t, "auroc", second.Value, 1-first.Value, 1e-12)
	near(t, "variance", second.Variance, first.Variance, 1e-12)
}

func TestRepeatedDataKeepsNumbersAndHalvesVariance(t *testing.T) {
	c := melanoma(t)
	scores, labels := melanomaScores(t)
	twice, flags, time := append(scores, scores...), append(labels, labels...), append(c.time, c.time...)
	first, second := deLong(t, scores, labels), deLong(t, twice, flags)
	near(t, "auroc", second.Value, first.Value, 1e-12)
	if ratio := second.Variance / first.Variance; ratio < .48 || ratio > .5 {
		t.Errorf("the variance is %v of what it was", ratio)
	}
	once, again := must[stats.Curve](t)(stats.KaplanMeier(c.time, labels)), must[stats.Curve](t)(stats.KaplanMeier(time, flags))
	near(t, "survival", again.At(2000).Survival, once.At(2000).Survival, 1e-12)
	near(t, "its variance", math.Pow(again.At(2000).SE, 2), math.Pow(once.At(2000).SE, 2)/2, 1e-12)
}

func TestUnitsOfColumnsMoveCoefficientsOnly(t *testing.T) {
	c, metres := melanoma(t), melanoma(t)
	for i := range metres.x {
		metres.x[i][0] /= 1000
	}
	first, second := must[stats.CoxFit](t)(stats.Cox(c.x, c.time, c.event, 0)), must[stats.CoxFit](t)(stats.Cox(metres.x, c.time, c.event, 0))
	near(t, "log-likelihood", second.LogLikelihood, first.LogLikelihood, 1e-12)
	near(t, "coefficient", second.Coef[0], 1000*first.Coef[0], 1e-9)
	_, global, err := first.ProportionalHazards(c.x, c.time, c.event)
	_, scaled, err2 := second.ProportionalHazards(metres.x, c.time, c.event)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	near(t, "proportional hazards", scaled.Statistic, global.Statistic, 1e-6)
}

// Swapped samples answer alike, and shifting both changes nothing.
func TestTwoSampleTestsAreSymmetric(t *testing.T) {
	a, b := ozoneMay, ozoneAugust
	first, second := must[stats.KS](t)(stats.KolmogorovSmirnov(a, b)), must[stats.KS](t)(stats.KolmogorovSmirnov(b, a))
	near(t, "ks", second.Tied, first.Tied, 1e-12)
	near(t, "sides", second.Above, first.Below, 0)
	moved := func(sample []float64) (shifted []float64) {
		for _, value := range sample {
			shifted = append(shifted, value+1024)
		}
		return shifted
	}
	near(t, "energy", must[float64](t)(stats.EnergyDistance(moved(a), moved(b))), must[float64](t)(stats.EnergyDistance(a, b)), 1e-12)
	near(t, "anderson", must[float64](t)(stats.AndersonDarling(b, a)), must[float64](t)(stats.AndersonDarling(a, b)), 1e-12)
}
