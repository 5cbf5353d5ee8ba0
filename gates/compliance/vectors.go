package compliance

import (
	"errors"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Vector is one question whose answer is published, and the answer that this
// program gives, to as many decimals as were printed.
type Vector struct{ Name, Source, Want, Got string }

// Right holds when the answer is the published one.
func (v Vector) Right() bool { return v.Got == v.Want }

// Vectors asks this program, now, for numbers that papers and manuals print.
func Vectors() []Vector {
	answered := []Vector{{
		"sha-256 of abc", "FIPS 180-4, example 1",
		"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", string(evidence.Sum([]byte("abc"))),
	}}
	for _, one := range references {
		answered = append(answered, Vector{one.name, one.source, one.want, one.answer()})
	}
	return answered
}

// reference is a vector whose answer is numbers, with blanks between them.
type reference struct {
	name, source, want string
	ask                func() ([]float64, error)
}

func (r reference) answer() string {
	numbers, err := r.ask()
	wanted := strings.Fields(r.want)
	if err == nil && len(numbers) != len(wanted) {
		err = errors.New("there are more or fewer numbers than published")
	}
	if err != nil {
		return err.Error()
	}
	texts := make([]string, len(numbers))
	for i, number := range numbers {
		_, decimals, _ := strings.Cut(wanted[i], ".")
		texts[i] = strconv.FormatFloat(number, 'f', len(decimals), 64)
	}
	return strings.Join(texts, " ")
}

// references are small enough to be read here. The package internal/stats
// holds its many others against published data in tests.
var references = []reference{
	{"AUROC and DeLong's variance of four patients", "scikit-learn, roc_auc_score; DeLong 1988, Biometrics 44:837, by hand", "0.75 0.125", func() ([]float64, error) {
		ranking, err := stats.DeLong([]float64{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true})
		return []float64{ranking.Value, ranking.Variance}, err
	}},
	{"average precision", "scikit-learn, average_precision_score", "0.83", func() ([]float64, error) {
		return alone(stats.AveragePrecision([]float64{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true}))
	}},
	{"Brier score", "scikit-learn, brier_score_loss", "0.0375", func() ([]float64, error) {
		score, err := stats.Brier([]float64{0.1, 0.9, 0.8, 0.3}, []bool{false, true, true, false})
		return []float64{score.Value}, err
	}},
	{"log loss", "scikit-learn, log_loss", "0.21616", func() ([]float64, error) {
		loss, err := stats.LogLoss([]float64{0.1, 0.9, 0.8, 0.35}, []bool{false, true, true, false})
		return []float64{loss.Value}, err
	}},
	{"Wilson's interval of 81/263", "Newcombe 1998, Stat Med 17:857, table I", "0.2553 0.3662", func() ([]float64, error) {
		return ends(stats.Proportion{Successes: 81, Trials: 263}.Wilson(stats.Alpha)), nil
	}},
	{"Wilson's interval of 15/148", "Newcombe 1998, Stat Med 17:857, table I", "0.0624 0.1605", func() ([]float64, error) {
		return ends(stats.Proportion{Successes: 15, Trials: 148}.Wilson(stats.Alpha)), nil
	}},
	{"Newcombe's interval of 56/70 - 48/80", "Newcombe 1998, Stat Med 17:873, table II, method 10", "0.0524 0.3339", func() ([]float64, error) {
		return ends(stats.Newcombe(stats.Proportion{Successes: 56, Trials: 70}, stats.Proportion{Successes: 48, Trials: 80}, stats.Alpha)), nil
	}},
	{"Newcombe's interval of 9/10 - 3/10", "Newcombe 1998, Stat Med 17:873, table II, method 10", "0.1705 0.8090", func() ([]float64, error) {
		return ends(stats.Newcombe(stats.Proportion{Successes: 9, Trials: 10}, stats.Proportion{Successes: 3, Trials: 10}, stats.Alpha)), nil
	}},
	{"Clopper and Pearson's interval of 682/925", "R, binom.test; Conover 1971", "0.7076683 0.7654066", func() ([]float64, error) {
		return ends(stats.Proportion{Successes: 682, Trials: 925}.ClopperPearson(stats.Alpha)), nil
	}},
	{"Kaplan-Meier curve of 6-mercaptopurine at 6, 10 and 23 weeks", "Freireich 1963, Blood 21:699; Kleinbaum and Klein 2012, table 2.5", "0.8571 0.7529 0.4482", func() ([]float64, error) {
		time, event, _ := remissions()
		curve, err := stats.KaplanMeier(time[:21], event[:21])
		return []float64{curve.At(6).Survival, curve.At(10).Survival, curve.At(23).Survival}, err
	}},
	{"log-rank test of 6-mercaptopurine", "Freireich 1963, Blood 21:699; Kleinbaum and Klein 2012, section 2.4", "16.79", func() ([]float64, error) {
		test, err := stats.LogRank(remissions())
		return []float64{test.Statistic}, err
	}},
	{"Kolmogorov and Smirnov's distance of 1..10 and 4..15", "by hand", "0.4166666667", func() ([]float64, error) {
		test, err := stats.KolmogorovSmirnov(upwards(1, 10), upwards(4, 15))
		return []float64{test.D}, err
	}},
	{"Mann and Whitney's test of nine patients", "SciPy, mannwhitneyu", "0.1111111111", func() ([]float64, error) {
		test, err := stats.MannWhitneyExact([]float64{19, 22, 16, 29, 24}, []float64{20, 11, 17, 12})
		return []float64{test.TwoSided}, err
	}},
	{"population stability index of ten bins", "by hand", "0.05101", func() ([]float64, error) {
		return alone(stats.PSI([]int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100}, []int{50, 80, 100, 100, 120, 120, 110, 100, 120, 100}))
	}},
	{"Jensen and Shannon's distance of what shares nothing", "Lin 1991, IEEE Trans Inf Theory 37:145", "1.0", func() ([]float64, error) {
		return alone(stats.JensenShannon([]int{1, 0, 0}, []int{0, 1, 0}))
	}},
	{"chi-squared test of two rows", "SciPy, chi2_contingency", "2.7777778 0.2493522", func() ([]float64, error) {
		test, err := stats.ChiSquare([][]int{{10, 10, 20}, {20, 20, 20}})
		return []float64{test.Statistic, test.P}, err
	}},
	{"Fisher's exact test of tea", "R, fisher.test; Agresti 1990", "0.4857", func() ([]float64, error) {
		return alone(stats.Fisher([][]int{{3, 1}, {1, 3}}))
	}},
	{"Holm's adjustment of 0.01 0.04 0.03 0.005", "Holm 1979, Scand J Stat 6:65, by hand", "0.03 0.06 0.06 0.02", func() ([]float64, error) {
		return stats.Holm([]float64{0.01, 0.04, 0.03, 0.005})
	}},
	{"sample size of pre-eclampsia", "Riley 2020, BMJ 368:m441", "5249", func() ([]float64, error) {
		size, err := stats.SizeForDevelopment(30, 0.05, 0.05)
		return []float64{float64(size.Patients)}, err
	}},
}

func alone(number float64, err error) ([]float64, error) { return []float64{number}, err }

func ends(interval stats.Interval) []float64 { return []float64{interval.Low, interval.High} }

func upwards(from, to int) []float64 {
	var numbers []float64
	for number := from; number <= to; number++ {
		numbers = append(numbers, float64(number))
	}
	return numbers
}

// remissions are weeks in remission of 42 children with leukaemia: 21 under
// 6-mercaptopurine, then 21 under placebo, all of whom relapsed.
func remissions() (time []float64, event []bool, group []int) {
	treated := []float64{6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	placebo := []float64{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23}
	const relapsed = 9 // of the treated: those who are listed first
	for i, weeks := range append(treated, placebo...) {
		time, event = append(time, weeks), append(event, i < relapsed || i >= len(treated))
		group = append(group, min(i/len(treated), 1))
	}
	return time, event, group
}
