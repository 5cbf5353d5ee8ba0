package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// With a penalty the gradient of the penalised likelihood is 0 at the fit:
// Σ(y-p) = 0 and Σ(y-p)x = ridge·β.
func TestRidgeSolvesItsOwnEquations(t *testing.T) {
	c := melanoma(t)
	const ridge = 3.
	fit, err := stats.Logistic(c.x, c.event, ridge)
	if err != nil {
		t.Fatal(err)
	}
	sum, first := 0.0, make([]float64, len(fit.Coef))
	for i, linear := range c.risk(fit.Coef) {
		residual := -1 / (1 + math.Exp(-linear-fit.Intercept))
		if c.event[i] {
			residual++
		}
		sum += residual
		for j, value := range c.x[i] {
			first[j] += residual * value
		}
	}
	if math.Abs(sum) > 1e-8 {
		t.Errorf("the intercept is penalised: %v", sum)
	}
	for j := range first {
		if math.Abs(first[j]-ridge*fit.Coef[j]) > 1e-6 {
			t.Errorf("column %d: %v is not %v", j+1, first[j], ridge*fit.Coef[j])
		}
	}
}

func TestSeparationIsSaidSoAndRidgeSolvesIt(t *testing.T) {
	x := [][]float64{{1}, {2}, {3}, {4}}
	y := []bool{false, false, true, true}
	if _, err := stats.Logistic(x, y, 0); !errors.Is(err, stats.ErrSeparated) {
		t.Errorf("complete separation: %v", err)
	}
	if _, err := stats.Logistic([][]float64{{0}, {0}, {1}, {0}}, []bool{false, true, true, false}, 0); !errors.Is(err, stats.ErrSeparated) {
		t.Errorf("quasi-complete separation: %v", err)
	}
	if _, err := stats.Cox(x, []float64{4, 3, 2, 1}, []bool{true, true, true, true}, 0); !errors.Is(err, stats.ErrSeparated) {
		t.Errorf("monotone likelihood: %v", err)
	}
	if fit, err := stats.Logistic(x, y, 1); err != nil || fit.Coef[0] <= 0 {
		t.Errorf("ridge: %+v, %v", fit, err)
	}
	if fit, err := stats.Cox(x, []float64{4, 3, 2, 1}, []bool{true, true, true, true}, 1); err != nil || fit.Coef[0] <= 0 {
		t.Errorf("ridge: %+v, %v", fit, err)
	}
}

func TestRegressionOnHopelessInput(t *testing.T) {
	y := []bool{true, false, true, false}
	for name, test := range map[string]struct {
		x     [][]float64
		y     []bool
		ridge float64
		want  error
	}{
		"empty":        {nil, nil, 0, stats.ErrEmpty},
		"ragged":       {[][]float64{{1}, {2, 3}, {1}, {1}}, y, 0, stats.ErrLength},
		"missing":      {[][]float64{{1}, {math.NaN()}, {1}, {1}}, y, 0, stats.ErrNotFinite},
		"constant":     {[][]float64{{1}, {1}, {1}, {1}}, y, 0, stats.ErrSingular},
		"twice":        {[][]float64{{1, 2}, {2, 4}, {4, 8}, {3, 6}}, y, 0, stats.ErrSingular},
		"one class":    {[][]float64{{1}, {2}}, []bool{true, true}, 0, stats.ErrOneClass},
		"negative":     {[][]float64{{1}, {2}, {3}, {4}}, y, -1, stats.ErrRange},
		"no such rows": {[][]float64{{1}}, y, 0, stats.ErrLength},
	} {
		if _, err := stats.Logistic(test.x, test.y, test.ridge); !errors.Is(err, test.want) {
			t.Errorf("logistic, %s: got %v, want %v", name, err, test.want)
		}
	}
	if _, err := stats.Cox([][]float64{{1}, {1}, {1}}, []float64{1, 2, 3}, []bool{true, true, true}, 0); !errors.Is(err, stats.ErrSingular) {
		t.Errorf("cox, constant: %v", err)
	}
	if _, err := stats.Cox([][]float64{{1}, {2}}, []float64{1, 2}, []bool{false, false}, 0); !errors.Is(err, stats.ErrOneClass) {
		t.Errorf("cox, no events: %v", err)
	}
}
