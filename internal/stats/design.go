package stats

import (
	"fmt"
	"math"
)

// maxPredictors bounds the memory of a fit: the information is a square.
const maxPredictors = 1000

// checkDesign accepts rows of equal width with finite values.
func checkDesign(x [][]float64, rows int, ridge float64) (columns int, err error) {
	if err := checkLength(rows, len(x)); err != nil {
		return 0, err
	}
	if !(ridge >= 0) || math.IsInf(ridge, 0) {
		return 0, fmt.Errorf("ridge penalty: %w: %v", ErrRange, ridge)
	}
	columns = len(x[0])
	if columns > maxPredictors {
		return 0, fmt.Errorf("%w: %d predictors, at most %d", ErrRange, columns, maxPredictors)
	}
	for i, row := range x {
		if len(row) != columns {
			return 0, fmt.Errorf("row %d: %w: %d and %d columns", i+1, ErrLength, columns, len(row))
		}
		for j, value := range row {
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return 0, fmt.Errorf("row %d, column %d: %w", i+1, j+1, ErrNotFinite)
			}
		}
	}
	return columns, nil
}

// centre subtracts column means: the same model, better conditioned.
func centre(x [][]float64, columns int) (centred [][]float64, means []float64) {
	means = make([]float64, columns)
	for _, row := range x {
		for j, value := range row {
			means[j] += value / float64(len(x))
		}
	}
	centred = make([][]float64, len(x))
	for i, row := range x {
		centred[i] = make([]float64, columns)
		for j, value := range row {
			centred[i][j] = value - means[j]
		}
	}
	return centred, means
}

// reach is likelihood.predictor for rows x with an optional constant term in
// front.
func reach(x [][]float64, constant bool, beta, step []float64) (largest, moved float64) {
	for _, row := range x {
		at, by := 0.0, 0.0
		if constant {
			at, by = beta[0], step[0]
		}
		offset := len(beta) - len(row)
		for j, value := range row {
			at += value * beta[offset+j]
			by += value * step[offset+j]
		}
		largest = max(largest, math.Abs(at))
		moved = max(moved, math.Abs(by)/(1+math.Abs(at)))
	}
	return largest, moved
}
