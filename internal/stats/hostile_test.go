package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// typed are all errors of the package.
var typed = []error{
	stats.ErrEmpty, stats.ErrLength, stats.ErrNotFinite, stats.ErrRange, stats.ErrOneClass, stats.ErrTied, stats.ErrConstant,
	stats.ErrUndefined, stats.ErrNoPairs, stats.ErrSeparated, stats.ErrSingular, stats.ErrNotConverged,
}

// answers collects what functions say about one input.
type answers struct {
	t      testing.TB
	input  string
	refuse bool // every function must refuse
}

// say wants an error of the package, or finite numbers.
func (a answers) say(name string, err error, numbers ...float64) {
	a.t.Helper()
	if err != nil {
		for _, kind := range typed {
			if errors.Is(err, kind) {
				return
			}
		}
		a.t.Errorf("%s of %s: untyped error %v", name, a.input, err)
		return
	}
	if a.refuse {
		a.t.Errorf("%s of %s: answers %v", name, a.input, numbers)
	}
	for _, number := range numbers {
		if math.IsNaN(number) || math.IsInf(number, 0) {
			a.t.Errorf("%s of %s: %v", name, a.input, numbers)
		}
	}
}

func (a answers) estimate(name string) func(stats.Estimate, error) {
	return func(e stats.Estimate, err error) {
		a.t.Helper()
		a.say(name, err, e.Value, e.Low, e.High)
	}
}

func (a answers) number(name string) func(float64, error) {
	return func(value float64, err error) {
		a.t.Helper()
		a.say(name, err, value)
	}
}

// twoSamples asks everything that takes two samples.
func (a answers) twoSamples(x, y []float64) {
	ks, err := stats.KolmogorovSmirnov(x, y)
	a.say("ks", err, ks.D, ks.P, ks.Exact, ks.Tied)
	mw, err := stats.MannWhitney(x, y)
	a.say("mann-whitney", err, mw.U, mw.P, mw.Uncorrected)
	exact, err := stats.MannWhitneyExact(x, y)
	a.say("exact mann-whitney", err, exact.TwoSided, exact.Greater, exact.Less)
	means, err := stats.CompareMeans(x, y)
	a.say("means", err, means.Welch.T, means.Welch.DegreesOfFreedom, means.Welch.P, means.CohenD, means.SMD)
	a.number("wasserstein")(stats.Wasserstein(x, y))
	a.number("energy")(stats.EnergyDistance(x, y))
	a.number("anderson-darling")(stats.AndersonDarling(x, y))
}

// oneSample asks everything that takes one sample.
func (a answers) oneSample(x []float64) {
	summary, err := stats.Summarise(x)
	a.say("summary", err, summary.Mean, summary.SD, summary.Median)
	edges, err := stats.EqualWidth(x, 10)
	a.say("equal width", err, edges...)
	edges, err = stats.Deciles(x)
	a.say("deciles", err, edges...)
	ks, err := stats.KolmogorovSmirnovOne(x, func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 })
	a.say("one-sample ks", err, ks.D, ks.P, ks.Exact)
	limits, err := stats.QuantileLimits(x, .95, 0)
	a.say("quantile", err, limits.Value, limits.Low, limits.High)
}

// scored asks everything that takes scores and labels.
func (a answers) scored(scores []float64, labels []bool) {
	ranking, err := stats.DeLong(scores, labels)
	interval := ranking.Interval(stats.Alpha)
	a.say("delong", err, ranking.Value, ranking.Variance, interval.Low, interval.High)
	paired, err := stats.DeLongPaired(scores, scores, labels)
	a.say("paired delong", err, paired.Z, paired.P, paired.Low, paired.High)
	unpaired, err := stats.DeLongUnpaired(scores, labels, scores, labels)
	a.say("unpaired delong", err, unpaired.Z, unpaired.P, unpaired.Student.DegreesOfFreedom, unpaired.Low, unpaired.High)
	a.number("average precision")(stats.AveragePrecision(scores, labels))
	a.estimate("auroc bootstrap")(stats.AUROCEstimate(scores, labels, [32]byte{}))
	youden, err := stats.Youden(scores, labels)
	a.say("youden", err, youden.Threshold, youden.TruePositiveRate, youden.FalsePositiveRate)
}

// probabilities asks everything that takes risks and labels.
func (a answers) probabilities(risks []float64, labels []bool) {
	a.estimate("brier")(stats.Brier(risks, labels))
	a.estimate("scaled brier")(stats.ScaledBrier(risks, labels))
	a.estimate("log loss")(stats.LogLoss(risks, labels))
	a.estimate("o/e")(stats.OERatio(risks, labels))
	a.estimate("in the large")(stats.CalibrationInTheLarge(risks, labels))
	calibration, err := stats.Calibrate(risks, labels)
	a.say("calibration", err, calibration.Slope.Value, calibration.Intercept.Value)
	expected, largest, err := stats.CalibrationErrors(risks, labels, 10)
	a.say("ece", err, expected, largest)
	z, p, err := stats.Spiegelhalter(risks, labels)
	a.say("spiegelhalter", err, z, p)
	a.number("nagelkerke")(stats.NagelkerkeR2(risks, labels))
	for _, smoother := range []stats.Smoother{stats.Loess, stats.Lowess} {
		distance, err := stats.MeasureCalibration(risks, labels, smoother)
		a.say(string(smoother), err, distance.ICI, distance.E50, distance.E90, distance.Emax)
	}
	fit, err := stats.FitIsotonic(risks, labels)
	a.say("isotonic", err, fit.At(.5))
}

// followUp asks everything that takes times and events.
func (a answers) followUp(scores, time []float64, event []bool) {
	curve, err := stats.KaplanMeier(time, event)
	a.say("kaplan-meier", err, curve.At(1).Survival, curve.At(1).SE, curve.At(1).CumulativeHazard)
	mean, err := curve.RestrictedMean(1)
	a.say("restricted mean", err, mean.Value, mean.SE)
	for name, index := range map[string]func(a, b []float64, c []bool) (stats.Ranking, error){"harrell": stats.Harrell, "uno": stats.Uno} {
		ranking, err := index(scores, time, event)
		a.say(name, err, ranking.Value, ranking.Variance)
	}
	ranking, err := stats.AUCAt(scores, time, event, 1)
	a.say("auc at", err, ranking.Value, ranking.Variance)
	a.estimate("brier at")(stats.BrierAt(scores, time, event, 1))
	a.estimate("scaled brier at")(stats.ScaledBrierAt(scores, time, event, 1))
	a.estimate("o/e at")(stats.OERatioAt(scores, time, event, 1))
	a.estimate("slope at")(stats.CalibrationSlopeAt(scores, time, event, 1))
	x, groups, causes := make([][]float64, len(scores)), make([]int, len(scores)), make([]int, len(event))
	for i, score := range scores {
		x[i], groups[i] = []float64{score}, i%3
	}
	for i, e := range event {
		if e {
			causes[i] = 1 + i%2
		}
	}
	test, err := stats.LogRank(time, event, groups)
	a.say("log-rank", err, test.Statistic, test.P)
	test, err = stats.PetoPeto(time, event, groups)
	a.say("peto", err, test.Statistic, test.P)
	incidence, err := stats.CumulativeIncidence(time, causes, 1)
	a.say("incidence", err, incidence.At(1).Incidence, incidence.At(1).SE)
	fit, err := stats.CoxBreslow(x, time, event, 0)
	a.say("cox", err, append(append(fit.SE, fit.Coef...), fit.LogLikelihood, fit.Wald, fit.Score)...)
	if err == nil {
		_, global, err := fit.ProportionalHazards(x, time, event)
		a.say("zph", err, global.Statistic, global.P)
		hazard, err := fit.BaselineHazard(x, time, event)
		if err == nil {
			a.say("baseline", nil, hazard[len(hazard)-1].Hazard)
		}
	}
}

func TestColumnsWithoutAnAnswer(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, column := range map[string][]float64{
		"nothing": {}, "NaN": {1, nan, 0, 1}, "infinity": {inf, 1, 0, 1}, "minus infinity": {-inf, 0, 1, 0},
	} {
		a := answers{t, name, true}
		labels := []bool{true, false, true, false}[:len(column)]
		a.oneSample(column)
		a.twoSamples(column, []float64{1, 2, 3})
		a.twoSamples([]float64{1, 2, 3}, column)
		a.scored(column, labels)
		a.probabilities(column, labels)
		a.followUp([]float64{.5, .1, .2, .3}[:len(column)], column, labels)
	}
	negative := answers{t, "negative times", true}
	negative.say("restricted mean", stats.ErrRange)
	for name, err := range map[string]error{
		"kaplan-meier": second(stats.KaplanMeier([]float64{-1, 2}, []bool{true, true})),
		"log-rank":     second(stats.LogRank([]float64{-1, 2}, []bool{true, true}, []int{0, 1})),
		"incidence":    second(stats.CumulativeIncidence([]float64{-1, 2}, []int{1, 1}, 1)),
		"brier":        second(stats.BrierAt([]float64{.5, .5}, []float64{-1, 2}, []bool{true, true}, 1)),
		"cox":          second(stats.CoxBreslow([][]float64{{1}, {2}}, []float64{-1, 2}, []bool{true, true}, 0)),
	} {
		if !errors.Is(err, stats.ErrRange) {
			t.Errorf("%s of negative times: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Constant, tied, one-valued and enormous columns have answers or typed errors.
func TestColumnsWithLittleToSay(t *testing.T) {
	const huge = math.MaxFloat64
	for name, column := range map[string][]float64{
		"one value": {1}, "two values": {0, 1}, "a constant": {.5, .5, .5, .5}, "zeros": {0, 0, 0, 0},
		"ties": {0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0}, "huge": {huge, -huge, huge, 0}, "tiny": {5e-324, 0, 1e-310, 5e-324},
	} {
		for _, labels := range [][]bool{make([]bool, len(column)), alternate(len(column)), firstOnly(len(column))} {
			a := answers{t, name, false}
			a.oneSample(column)
			a.twoSamples(column, column)
			a.twoSamples(column, []float64{0, 1, 2})
			a.scored(column, labels)
			a.probabilities(column, labels)
			a.followUp(column, column, labels)
		}
	}
}

func alternate(n int) []bool {
	labels := make([]bool, n)
	for i := range labels {
		labels[i] = i%2 == 0
	}
	return labels
}

func firstOnly(n int) []bool {
	labels := make([]bool, n)
	labels[0] = true
	return labels
}

func TestTablesAndPlansOutOfRange(t *testing.T) {
	for name, err := range map[string]error{
		"fisher, a negative count": second(stats.Fisher([][]int{{-1, 2}, {3, 4}})),
		"fisher, three rows":       second(stats.Fisher([][]int{{1, 2}, {3, 4}, {5, 6}})),
		"fisher, nothing":          second(stats.Fisher([][]int{{0, 0}, {0, 0}})),
		"fisher, too much":         second(stats.Fisher([][]int{{math.MaxInt, 1}, {1, 1}})),
		"odds ratio, empty cell":   second(stats.OddsRatio([][]int{{0, 2}, {3, 4}})),
		"conditional, empty cell":  second(stats.ConditionalOddsRatio([][]int{{0, 2}, {3, 4}})),
		"yates, ragged":            second(stats.ChiSquareYates([][]int{{1, 2}, {3}})),
		"kappa, ragged":            second(stats.Kappa([][]int{{1, 2}, {3}})),
		"kappa, one word":          second(stats.Kappa([][]int{{5}})),
		"binomial":                 second(stats.Proportion{Successes: 3, Trials: 2}.BinomialTest(.5)),
		"binomial, NaN":            second(stats.Proportion{Successes: 1, Trials: 2}.BinomialTest(math.NaN())),
		"mcnemar":                  second(stats.McNemar(-1, 2)),
		"rates":                    second(stats.SizeForRates(.5, .5, .8)),
		"power":                    second(stats.PowerForRates(.5, math.NaN(), 5, 5)),
		"margin":                   second(stats.SizeForMargin(.5, 0, .8)),
		"psi null":                 second(stats.NewPSINull(0, 5, 10)),
		"psi null, one bin":        second(stats.NewPSINull(5, 5, 1)),
		"ks":                       second(stats.KSCritical(5, 5, 0)),
		"V":                        second(stats.CramersVDetectable(5, 1, 2, .8)),
		"groups":                   second(stats.LogRank([]float64{1, 2}, []bool{true, true}, []int{-1, 0})),
		"one group":                second(stats.LogRank([]float64{1, 2}, []bool{true, true}, []int{0, 0})),
		"matched set of cases":     second(stats.ConditionalLogistic([][]float64{{1}, {2}}, []bool{true, true}, []int{1, 1})),
		"hanley":                   second(stats.HanleyMcNeil(.5, 0, 5)),
		"smoother":                 second(stats.SmoothedRisks([]float64{0, .1, .2, .3, .4, .5, .6, .7, .8, .9}, alternate(10), "spline")),
		"weights":                  second(stats.WassersteinWeighted([]float64{1}, []float64{-1}, []float64{1}, []float64{1})),
	} {
		answers{t, name, true}.say("a question", err)
	}
}
