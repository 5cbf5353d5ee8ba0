package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func TestPublishedTwoSampleExamples(t *testing.T) {
	permeabilityAtTerm := []float64{.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46}
	permeabilityEarly := []float64{1.15, .88, .90, .74, 1.21}
	mw, err := stats.MannWhitney(permeabilityAtTerm, permeabilityEarly) // R, ?wilcox.test
	if err != nil || mw.U != 35 {
		t.Errorf("W %v, %v", mw.U, err)
	}
	near(t, "p", mw.P, .2446236, printed)
	ks, err := stats.KolmogorovSmirnov(permeabilityAtTerm, permeabilityEarly)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "D", ks.D, .6, closed)
	near(t, "exact p", ks.Exact, .1658342, printed)

	ks, err = stats.KolmogorovSmirnov([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, []float64{4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "D", ks.D, 5./12, closed)
	near(t, "exact p", ks.Exact, .2337384, printed)

	mw, err = stats.MannWhitney([]float64{19, 22, 16, 29, 24}, []float64{20, 11, 17, 12}) // scipy manual
	if err != nil || mw.U != 17 {
		t.Errorf("U %v, %v", mw.U, err)
	}
	near(t, "p", mw.P, .11134688653, closed)
	distance, err := stats.Wasserstein([]float64{0, 1, 3}, []float64{5, 6, 8}) // scipy manual
	if err != nil || distance != 5 {
		t.Errorf("wasserstein %v, %v", distance, err)
	}
	psi, err := stats.PSI([]int{10, 10, 10, 10, 10, 10, 10, 10, 10, 10}, []int{5, 8, 10, 10, 12, 12, 11, 10, 12, 10})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "psi", psi, .0510126253, closed)
	disjoint, err := stats.JensenShannon([]int{1, 0, 0}, []int{0, 1, 0})
	if err != nil || disjoint != 1 {
		t.Errorf("jensen-shannon %v, %v", disjoint, err)
	}
}

func TestPublishedTables(t *testing.T) {
	for _, test := range []struct {
		table   [][]int
		chi2, p float64
	}{
		{[][]int{{10, 10, 20}, {20, 20, 20}}, 25. / 9, .2493522088},
		{[][]int{{762, 327, 468}, {484, 239, 477}}, 30.070149, 2.953589e-07},
	} {
		got, err := stats.ChiSquare(test.table)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "chi2", got.Statistic, test.chi2, printed)
		near(t, "p", got.P, test.p, printed)
	}
	// Benjamini and Hochberg 1995, section 4: four of fifteen are found.
	adjusted, err := stats.BenjaminiHochberg([]float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{.0015, .0030, .0095, .035625, .0603} {
		near(t, "benjamini-hochberg", adjusted[i], want, closed)
	}
	holm, err := stats.Holm([]float64{.01, .02, .03, .04, .05})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{.05, .08, .09, .09, .09} {
		near(t, "holm", holm[i], want, closed)
	}
}

func TestFewDistinctValuesMakeFewBins(t *testing.T) {
	edges, err := stats.Deciles([]float64{1, 1, 1, 1, 2, 2, 2, 3})
	if err != nil || !slices.Equal(edges, []float64{1.5, 2, 2.3}) {
		t.Errorf("edges %v, %v", edges, err)
	}
	edges, err = stats.Deciles([]float64{-math.MaxFloat64, 0, math.MaxFloat64})
	if err != nil || len(edges) == 0 || slices.ContainsFunc(edges, func(edge float64) bool { return math.IsNaN(edge) || math.IsInf(edge, 0) }) {
		t.Errorf("the widest column has edges %v, %v", edges, err)
	}
	edges, err = stats.Deciles([]float64{7, 7, 7})
	if err != nil || len(edges) != 0 {
		t.Errorf("a constant has edges %v, %v", edges, err)
	}
}

func TestDriftOfHopelessInput(t *testing.T) {
	missing, fine := []float64{1, math.NaN()}, []float64{1, 2}
	if _, err := stats.KolmogorovSmirnov(missing, fine); !errors.Is(err, stats.ErrNotFinite) {
		t.Errorf("ks: %v", err)
	}
	if _, err := stats.Wasserstein(fine, nil); !errors.Is(err, stats.ErrEmpty) {
		t.Errorf("wasserstein: %v", err)
	}
	if _, err := stats.MannWhitney([]float64{1, 1}, []float64{1}); !errors.Is(err, stats.ErrConstant) {
		t.Errorf("mann-whitney: %v", err)
	}
	if _, err := stats.PSI([]int{0, 0}, []int{1, 2}); !errors.Is(err, stats.ErrEmpty) {
		t.Errorf("psi: %v", err)
	}
	if _, err := stats.ChiSquare([][]int{{1, 2}, {0, 0}}); !errors.Is(err, stats.ErrEmpty) {
		t.Errorf("chi-square: %v", err)
	}
	if _, err := stats.Holm([]float64{.5, 1.5}); !errors.Is(err, stats.ErrRange) {
		t.Errorf("holm: %v", err)
	}
}
