package stats

import "math"

// lowess is the locally weighted line of Cleveland 1979 (JASA 74:829) without
// robustness steps, as R's lowess(iter = 0): over two thirds of the rows, and
// linear between fits that lie within a hundredth of the range.
type lowess struct {
	x, y []float64 // by rising x
	near int
}

func newLowess(x, y []float64) lowess {
	l := lowess{near: min(max(int(2./3*float64(len(x))+1e-7), 2), len(x))}
	for _, row := range ascending(x) {
		l.x, l.y = append(l.x, x[row]), append(l.y, y[row])
	}
	return l
}

// smooth is the fit at every row, by rising x.
func (l lowess) smooth() []float64 {
	n := len(l.x)
	fitted := make([]float64, n)
	delta := 0.01 * (l.x[n-1] - l.x[0])
	from, last := 0, -1
	for at := 0; ; {
		for from+l.near < n && l.x[at]-l.x[from] > l.x[from+l.near]-l.x[at] {
			from++
		}
		fitted[at] = l.line(at, from)
		l.bridge(fitted, last, at)
		last = at
		next := at + 1
		for ; next < n && l.x[next] <= l.x[at]+delta; next++ {
			if l.x[next] == l.x[last] {
				fitted[next] = fitted[last]
				last = next
			}
		}
		if last >= n-1 {
			return fitted
		}
		at = max(last+1, next-1)
	}
}

// bridge is linear between two rows that have a fit.
func (l lowess) bridge(fitted []float64, last, at int) {
	for row := last + 1; row < at && last >= 0; row++ {
		share := (l.x[row] - l.x[last]) / (l.x[at] - l.x[last])
		fitted[row] = share*fitted[at] + (1-share)*fitted[last]
	}
}

// line is the weighted line through the rows near one, at that row.
func (l lowess) line(at, from int) float64 {
	point := l.x[at]
	reach := max(point-l.x[from], l.x[from+l.near-1]-point)
	weight, sumX, sumY := 0.0, 0.0, 0.0
	var weights []float64
	for row := from; row < len(l.x) && (l.x[row] <= point || l.x[row]-point <= 0.999*reach); row++ {
		w := tricube(math.Abs(l.x[row]-point), reach)
		weights = append(weights, w)
		weight += w
		sumX += w * l.x[row]
		sumY += w * l.y[row]
	}
	meanX, meanY := sumX/weight, sumY/weight
	spread, together := 0.0, 0.0
	for i, w := range weights {
		gap := l.x[from+i] - meanX
		spread += w * gap * gap
		together += w * gap * l.y[from+i]
	}
	if math.Sqrt(spread/weight) <= 0.001*(l.x[len(l.x)-1]-l.x[0]) {
		return meanY
	}
	return meanY + (point-meanX)*together/spread
}

// tricube is 1 very near and 0 from 0.999 of reach on, as in R.
func tricube(distance, reach float64) float64 {
	switch {
	case distance <= 0.001*reach:
		return 1
	case distance > 0.999*reach:
		return 0
	}
	cube := distance / reach
	share := 1 - cube*cube*cube
	return share * share * share
}
