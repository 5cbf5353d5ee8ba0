package bias

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// prior is a beta distribution of the true rates of some cells, learned from
// the cells themselves: its mean, and the number of patients that it is worth.
type prior struct {
	mean     float64
	worth    float64 // as estimated
	cautious float64 // the least that the cells allow for
	patients int     // it was learned from
}

// learn fits the beta-binomial by moments (Kleinman 1973, JASA 68:46). The
// correlation ρ of two patients of one cell is what the rates vary beyond
// chance; the prior is worth (1-ρ)/ρ patients. Half a success and half a
// failure keep its mean off 0 and 1.
//
// Few cells tell little of ρ, and an interval that took it as known would be
// too short (Morris 1983, JASA 78:47). The weighted squares over their
// expectation are about χ² with one degree of freedom less than cells; the
// upper 97.5 % limit of ρ by it makes the cautious worth, by which intervals
// are made.
func learn(cells []stats.Proportion) prior {
	found, patients, filled, sizes := 0, 0, 0.0, 0.0
	for _, cell := range cells {
		found, patients = found+cell.Successes, patients+cell.Trials
		sizes += float64(cell.Trials) * float64(cell.Trials)
		filled += min(float64(cell.Trials), 1)
	}
	n := float64(max(1, patients))
	p := prior{mean: (float64(found) + 0.5) / (float64(patients) + 1), worth: n, cautious: 1, patients: patients}
	possible := n - sizes/n - (filled - 1) // what ρ = 1 adds to the squares
	if filled < 2 || possible <= 0 {
		return p
	}
	squares := 0.0
	for _, cell := range cells {
		if share, err := cell.Value(); err == nil {
			squares += float64(cell.Trials) * (share - p.mean) * (share - p.mean) / (p.mean * (1 - p.mean))
		}
	}
	worth := func(correlation float64) float64 {
		return min(max((1-correlation)/max(correlation, 1/(n+1)), 1), n)
	}
	p.worth = worth((squares - (filled - 1)) / possible)
	scarce := distuv.ChiSquared{K: filled - 1}.Quantile(stats.Alpha / 2)
	p.cautious = worth((squares/scarce - 1) * (filled - 1) / possible)
	return p
}

// shrink is the rate of a cell, drawn towards the others the more, the fewer
// patients it has. The interval is the equal-tailed one of the cautious
// posterior, holding the value.
func (p prior) shrink(cell stats.Proportion, alpha float64) stats.Estimate {
	value := p.posterior(cell, p.worth).Mean()
	cautious := p.posterior(cell, p.cautious)
	return stats.Estimate{
		Value:    value,
		Interval: stats.Interval{Low: min(cautious.Quantile(alpha/2), value), High: max(cautious.Quantile(1-alpha/2), value)},
		Method:   fmt.Sprintf("beta-binomial by moments (Kleinman 1973): prior worth %.1f patients, %.1f for the interval", p.worth, p.cautious),
	}
}

func (p prior) posterior(cell stats.Proportion, worth float64) distuv.Beta {
	return distuv.Beta{
		Alpha: p.mean*worth + float64(cell.Successes),
		Beta:  (1-p.mean)*worth + float64(cell.Trials-cell.Successes),
	}
}

// shrunkGap is the gap of the shrunk rates of some cells. The intervals of two
// cells are squared and added; they hold for all pairs at once.
func (p prior) shrunkGap(cells []stats.Proportion, alpha float64) gap {
	level := pairLevel(alpha, len(cells))
	values, known := make([]float64, len(cells)), make([]bool, len(cells))
	within := make([]stats.Estimate, len(cells))
	for i, cell := range cells {
		within[i] = p.shrink(cell, level)
		values[i], known[i] = within[i].Value, true
		within[i].Value = p.posterior(cell, p.cautious).Mean()
	}
	g := pairwise(values, known, func(i, j int) stats.Interval {
		a, b := within[i], within[j]
		return stats.Interval{
			Low:  a.Value - b.Value - math.Hypot(a.Value-a.Low, b.High-b.Value),
			High: a.Value - b.Value + math.Hypot(a.High-a.Value, b.Value-b.Low),
		}
	})
	g.smallest = p.patients
	if g.defined {
		g.Low, g.High = min(g.Low, g.Value), max(g.High, g.Value)
		g.Method = fmt.Sprintf("square-and-add of cautious posterior intervals, bonferroni over %d cells", len(cells))
	}
	return g
}
