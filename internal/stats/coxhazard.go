package stats

import (
	"fmt"
	"math"
	"slices"
)

// HazardStep is one event time of a cumulative baseline hazard.
type HazardStep struct{ Time, Hazard float64 }

// BaselineHazard is the cumulative hazard of a patient whose covariates are all
// 0, by rising time, from a fit and the rows it was fitted to; the survival of
// x is exp(-Hazard·exp(x·Coef)). Ties are treated as in the fit: Breslow's
// estimator, or its form after Efron (R's survfit.coxph at covariates 0). When
// covariates of 0 are so far off that the hazard leaves the range of floats it
// is ErrRange: centre the columns.
func (f CoxFit) BaselineHazard(x [][]float64, time []float64, event []bool) ([]HazardStep, error) {
	model, err := f.model(x, time, event)
	if err != nil {
		return nil, err
	}
	var steps []HazardStep
	shift := model.each(f.Coef, func(d deathTime) {
		jump := 0.0
		for k := range d.deaths {
			jump += 1 / (d.atRisk.weight - model.gone(k, d.deaths)*d.dying.weight)
		}
		steps = append(steps, HazardStep{d.time, jump})
	})
	_, means := centre(x, len(f.Coef))
	scale, hazard := math.Exp(-shift-dot(means, f.Coef)), 0.0
	slices.Reverse(steps)
	for i := range steps {
		hazard += steps[i].Hazard
		steps[i].Hazard = hazard * scale
		if math.IsInf(steps[i].Hazard, 0) || steps[i].Hazard == 0 {
			return nil, fmt.Errorf("%w: the hazard at covariates of 0 is %v", ErrRange, steps[i].Hazard)
		}
	}
	return steps, nil
}

// model is the likelihood that the fit maximised.
func (f CoxFit) model(x [][]float64, time []float64, event []bool) (coxLikelihood, error) {
	model, err := newCoxLikelihood(x, time, event, 0, f.breslow)
	if err == nil && model.columns != len(f.Coef) {
		err = fmt.Errorf("%w: %d columns and %d coefficients", ErrLength, model.columns, len(f.Coef))
	}
	return model, err
}

// HazardTest is a chi-square test of proportional hazards.
type HazardTest struct {
	Statistic        float64
	DegreesOfFreedom int
	P                float64
}

// ProportionalHazards asks of each column, and of all together, whether its
// effect changes with time: the score test that a product of the column with
// 1 - S(t-) has no effect, S being the Kaplan-Meier curve of all rows
// (Grambsch and Therneau 1994, Biometrika 81:515, in the exact form of R's
// cox.zph, transform = "km"). x, time and event are those of the fit, which
// must be without ridge. Events all at one time tell nothing: ErrSingular.
func (f CoxFit) ProportionalHazards(x [][]float64, time []float64, event []bool) (columns []HazardTest, global HazardTest, err error) {
	model, err := f.model(x, time, event)
	if err != nil {
		return nil, HazardTest{}, err
	}
	if model.columns == 0 {
		return nil, HazardTest{}, ErrEmpty
	}
	before := survivalBefore(riskTable(time, event))
	size := model.columns
	trend := newTrend(size)
	model.each(f.Coef, func(d deathTime) {
		clear(trend.gradient)
		clear(trend.information)
		model.score(d, trend.gradient, trend.information)
		trend.add(1 - before[d.time])
	})
	for j := range size {
		test, err := trend.test([]int{j})
		if err != nil {
			return nil, HazardTest{}, fmt.Errorf("column %d: %w", j+1, err)
		}
		columns = append(columns, test)
	}
	all := make([]int, size)
	for j := range all {
		all[j] = j
	}
	global, err = trend.test(all)
	return columns, global, err
}

func survivalBefore(table Curve) map[float64]float64 {
	before, survival := make(map[float64]float64, len(table)), 1.0
	for _, step := range table {
		before[step.Time] = survival
		survival *= float64(step.AtRisk-step.Events) / float64(step.AtRisk)
	}
	return before
}
