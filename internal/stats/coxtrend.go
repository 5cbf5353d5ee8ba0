package stats

import "gonum.org/v1/gonum/mat"

// trend is the score and the information of a model that has every column
// twice, the second time multiplied by a function g of time with coefficient
// 0: blocks ΣV, ΣgV and Σg²V of the information at each event time.
type trend struct {
	gradient, information []float64 // of one event time, upper triangle
	score                 []float64
	own, cross, moving    *mat.Dense
}

func newTrend(size int) trend {
	zero := func() *mat.Dense { return mat.NewDense(size, size, nil) }
	return trend{make([]float64, size), make([]float64, size*size), make([]float64, size), zero(), zero(), zero()}
}

// add takes the event time at hand with its value of g.
func (t trend) add(g float64) {
	size := len(t.score)
	for j := range size {
		t.score[j] += g * t.gradient[j]
		for k := range size {
			v := t.information[min(j, k)*size+max(j, k)]
			t.own.Set(j, k, t.own.At(j, k)+v)
			t.cross.Set(j, k, t.cross.At(j, k)+g*v)
			t.moving.Set(j, k, t.moving.At(j, k)+g*g*v)
		}
	}
}

// test is the score test of some of the moving columns, the fixed ones being
// at their maximum: U'·(M - C'·O⁻¹·C)⁻¹·U.
func (t trend) test(columns []int) (HazardTest, error) {
	size := len(t.score)
	own := mat.NewSymDense(size, nil)
	for j := range size {
		for k := j; k < size; k++ {
			own.SetSym(j, k, t.own.At(j, k))
		}
	}
	left, score := mat.NewSymDense(len(columns), nil), make([]float64, len(columns))
	for i, j := range columns {
		score[i] = t.score[j]
		explained, _, ok := solve(own, mat.Col(nil, j, t.cross))
		if !ok {
			return HazardTest{}, ErrSingular
		}
		for m, k := range columns {
			left.SetSym(i, m, t.moving.At(j, k)-dot(explained, mat.Col(nil, k, t.cross)))
		}
	}
	solved, _, ok := solve(left, score)
	if !ok {
		return HazardTest{}, ErrSingular
	}
	statistic := max(dot(score, solved), 0)
	return HazardTest{statistic, len(columns), chiSquareTail(statistic, len(columns))}, nil
}
