package dataset

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Columns that say the same make coefficients arbitrary: above 0.9 a pair is
// collinear (Deepchecks FeatureFeatureCorrelation), and a variance inflated
// above 10 says that some columns together replace another (Marquardt 1970).
const (
	collinearAbove = 0.9
	maxCompared    = 200 // columns; pairs grow with their square
	maxPairs       = 50  // of those collinear, the strongest are named
)

// collinearity correlates the number columns, each pair over the rows that
// have both.
func collinearity(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var columns []column
	var values [][]float64
	for _, feature := range s.shared() {
		if feature.numeric() {
			columns, values = append(columns, feature), append(values, numbers(feature.texts()))
		}
	}
	if len(columns) > maxCompared {
		return []evidence.Measurement{unmeasured("collinear_pairs", "", "there are more than 200 number columns to compare")}, nil
	}
	var pairs []evidence.Measurement
	var learnt []evidence.Measurement
	matrix := mat.NewSymDense(max(1, len(columns)), nil)
	for i := range columns {
		matrix.SetSym(i, i, 1)
		for j := range i {
			r, n := correlation(values[i], values[j])
			matrix.SetSym(i, j, r)
			if math.Abs(r) > collinearAbove {
				pairs = append(pairs, evidence.Measurement{Name: "correlation", Group: columns[j].name + ":" + columns[i].name, Value: evidence.Number(r), N: n, Method: "Pearson"})
				if s.learns(columns[i].name) && s.learns(columns[j].name) {
					learnt = append(learnt, pairs[len(pairs)-1])
				}
			}
		}
	}
	strongestFirst(pairs)
	found := []evidence.Measurement{count("collinear_pairs", "", len(pairs), len(columns)*(len(columns)-1)/2), learntPairs(learnt)}
	found = append(found, pairs[:min(len(pairs), maxPairs)]...)
	return append(found, inflation(columns, matrix)...), nil
}

func strongestFirst(pairs []evidence.Measurement) {
	slices.SortStableFunc(pairs, func(a, b evidence.Measurement) int {
		return cmp.Compare(math.Abs(b.Value.Float()), math.Abs(a.Value.Float()))
	})
}

// learntPairs counts the pairs that the model learns from on both sides.
func learntPairs(pairs []evidence.Measurement) evidence.Measurement {
	found := count("collinear_features", "", len(pairs), len(pairs))
	if len(pairs) > 0 {
		strongestFirst(pairs)
		found.Method = "strongest " + pairs[0].Group
	}
	return found
}

func numbers(texts []string) []float64 {
	values := make([]float64, len(texts))
	for i, text := range texts {
		value, ok := table.Number(text)
		if values[i] = value; !ok {
			values[i] = math.NaN()
		}
	}
	return values
}

// correlation is Pearson's over the rows that have both; 0 where either does
// not vary.
func correlation(x, y []float64) (r float64, n int) {
	var meanX, meanY, xx, yy, xy float64
	for i := range x {
		if math.IsNaN(x[i]) || math.IsNaN(y[i]) {
			continue
		}
		n++
		dx, dy := x[i]-meanX, y[i]-meanY
		meanX += dx / float64(n)
		meanY += dy / float64(n)
		xx += dx * (x[i] - meanX)
		yy += dy * (y[i] - meanY)
		xy += dx * (y[i] - meanY)
	}
	if r = xy / math.Sqrt(xx) / math.Sqrt(yy); math.IsNaN(r) || math.IsInf(r, 0) {
		return 0, n
	}
	return max(-1, min(1, r)), n
}

// inflation is the diagonal of the inverse of the correlations.
func inflation(columns []column, correlations *mat.SymDense) []evidence.Measurement {
	var factors mat.Cholesky
	var inverse mat.SymDense
	if len(columns) == 0 || !factors.Factorize(correlations) || factors.InverseTo(&inverse) != nil {
		return []evidence.Measurement{unmeasured("variance_inflation", "", "the columns are linearly dependent, or there are none")}
	}
	var found []evidence.Measurement
	for i, column := range columns {
		found = append(found, evidence.Measurement{Name: "variance_inflation", Group: column.name, Value: evidence.Number(inverse.At(i, i)), N: len(column.texts())})
	}
	return found
}
