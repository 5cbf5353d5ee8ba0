package qualify

import (
	"math"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// foretell finds the baseline hazard with which as many patients of the
// population are predicted to have the event by the horizon as have it, by
// Kaplan and Meier.
func (p *pool) foretell(times []float64) error {
	curve, err := stats.KaplanMeier(times, p.events)
	if err != nil {
		return err
	}
	happened := 1 - curve.At(p.recipe.Horizon).Survival
	low, high := -50.0, 50.0 // of its logarithm
	for range 100 {
		middle := (low + high) / 2
		p.hazard = math.Exp(middle)
		predicted := 0.0
		for _, score := range p.scores {
			predicted += p.risk(score) / float64(len(p.scores))
		}
		if predicted < happened {
			low = middle
		} else {
			high = middle
		}
	}
	return nil
}

func (p *pool) risk(score float64) float64 { return -math.Expm1(-p.hazard * math.Exp(score)) }

// risks of the patients; none where the recipe names no horizon.
func (p *pool) risks(patients []patient) []float64 {
	if p.recipe.Horizon == 0 {
		return nil
	}
	risks := make([]float64, len(patients))
	for i, one := range patients {
		risks[i] = p.risk(one.score)
	}
	return risks
}
