package stats

import "fmt"

// Bonferroni multiplies every p-value with their number, at most to 1: the
// simplest bound on the chance of any false finding. [Holm] is never worse.
func Bonferroni(p []float64) ([]float64, error) {
	if _, err := orderP(p); err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	for row, value := range p {
		adjusted[row] = min(1, value*float64(len(p)))
	}
	return adjusted, nil
}

// Holm adjusts p-values so that the chance of any false finding stays below
// the level they are compared with (Holm 1979, Scand J Stat 6:65), whatever
// their dependence. Order is kept; results are at most 1.
func Holm(p []float64) ([]float64, error) {
	order, err := orderP(p)
	if err != nil {
		return nil, err
	}
	adjusted, running := make([]float64, len(p)), 0.0
	for rank, row := range order {
		running = max(running, min(1, float64(len(p)-rank)*p[row]))
		adjusted[row] = running
	}
	return adjusted, nil
}

// BenjaminiHochberg adjusts p-values so that the expected share of false ones
// among the findings stays below the level (Benjamini and Hochberg 1995, JRSS
// B 57:289). Order is kept; results are at most 1.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	order, err := orderP(p)
	if err != nil {
		return nil, err
	}
	adjusted, running := make([]float64, len(p)), 1.0
	for rank := len(order); rank > 0; rank-- {
		row := order[rank-1]
		running = min(running, p[row]*float64(len(p))/float64(rank))
		adjusted[row] = running
	}
	return adjusted, nil
}

func orderP(p []float64) ([]int, error) {
	if err := checkSample(p); err != nil {
		return nil, err
	}
	for row, value := range p {
		if value < 0 || value > 1 {
			return nil, fmt.Errorf("row %d: %w: %v is not a probability", row+1, ErrRange, value)
		}
	}
	return ascending(p), nil
}
