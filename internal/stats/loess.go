package stats

import (
	"math"
	"slices"
)

// loess is a local quadratic regression with tricube weights over the nearest
// span of the rows (Cleveland and Devlin 1988, JASA 83:596).
type loess struct {
	x, y []float64 // by rising x
	near int
}

const loessSpan = 0.75

func newLoess(x, y []float64) loess {
	l := loess{near: min(len(x), int(float64(len(x))*loessSpan+1e-5))}
	l.near = max(l.near, 1)
	for _, row := range ascending(x) {
		l.x, l.y = append(l.x, x[row]), append(l.y, y[row])
	}
	return l
}

// at is the value and the slope of the local fit. Where the rows near the point
// have too few distinct values for a parabola it is a line, or their mean.
func (l loess) at(point float64) (value, slope float64) {
	from := l.window(point)
	window := l.x[from : from+l.near]
	reach := max(point-window[0], window[len(window)-1]-point)
	if reach <= 0 {
		return total(l.y[from:from+l.near]) / float64(l.near), 0
	}
	var moments [5]float64 // Σ w·uᵏ, u being the distance over reach
	var response [3]float64
	for i, x := range window {
		u := (x - point) / reach
		share := max(0, 1-math.Abs(u*u*u))
		power := share * share * share
		for k := range moments {
			moments[k] += power
			if k < len(response) {
				response[k] += power * l.y[from+i]
			}
			power *= u
		}
	}
	if moments[0] <= 0 { // all of them lie at the edge of the span
		return total(l.y[from:from+l.near]) / float64(l.near), 0
	}
	value, slope = localFit(moments, response)
	return value, slope / reach
}

// window is where the rows nearest to a point begin.
func (l loess) window(point float64) int {
	at, _ := slices.BinarySearch(l.x, point)
	from := min(max(at-l.near, 0), len(l.x)-l.near)
	for from+l.near < len(l.x) && l.x[from+l.near]-point < point-l.x[from] {
		from++
	}
	return from
}

// localFit is the constant and the linear coefficient of a weighted parabola:
// Gram and Schmidt on 1, u and u².
func localFit(m [5]float64, r [3]float64) (value, slope float64) {
	const flat = 1e-10 // of the weight: too few distinct values
	mean := m[1] / m[0]
	linear := m[2] - mean*m[1] // Σ w(u-mean)²
	value = r[0] / m[0]
	if linear <= flat*m[0] {
		return value, 0
	}
	first := (r[1] - mean*r[0]) / linear
	// u² less its projection on 1 and u - mean
	onOne, onLinear := m[2]/m[0], (m[3]-mean*m[2])/linear
	square := m[4] - onOne*m[2] - onLinear*(m[3]-mean*m[2])
	value -= first * mean
	slope = first
	if square <= flat*m[0] {
		return value, slope
	}
	second := (r[2] - onOne*r[0] - onLinear*(r[1]-mean*r[0])) / square
	return value + second*(onLinear*mean-onOne), slope - second*onLinear
}

// vertices are the points at which R's loess fits; between them it blends by
// cubics. The range, half a percent wider on either side, is cut at medians
// until a cell has at most span/5 of the rows or a twentieth of the width.
func (l loess) vertices() []float64 {
	low, high := l.x[0], l.x[len(l.x)-1]
	margin := 0.005 * max(high-low, 1e-10*max(math.Abs(low), math.Abs(high))+1e-30)
	low, high = low-margin, high+margin
	found := []float64{low, high}
	most, narrow := int(float64(len(l.x))*loessSpan*0.2), 0.05*(high-low)
	var cut func(from, to int, low, high float64)
	cut = func(from, to int, low, high float64) {
		if to-from+1 <= max(most, 1) || high-low <= narrow {
			return
		}
		middle, ok := l.median(from, to)
		if !ok || l.x[middle] == low || l.x[middle] == high {
			return
		}
		found = append(found, l.x[middle])
		cut(from, middle, low, l.x[middle])
		cut(middle+1, to, l.x[middle], high)
	}
	cut(0, len(l.x)-1, low, high)
	slices.Sort(found)
	return slices.Compact(found)
}

// median is the row nearest to the middle after which the value changes.
func (l loess) median(from, to int) (int, bool) {
	middle := (from + to) / 2
	for offset := 0; middle+offset < to && middle+offset >= from; {
		if l.x[middle+offset] != l.x[middle+offset+1] {
			return middle + offset, true
		}
		if offset = -offset; offset >= 0 {
			offset++
		}
	}
	return 0, false
}

// smooth is the fit at every point asked for, R's loess(surface =
// "interpolate"), whose figures papers report.
func (l loess) smooth(points []float64) []float64 {
	vertices := l.vertices()
	values, slopes := make([]float64, len(vertices)), make([]float64, len(vertices))
	for i, vertex := range vertices {
		values[i], slopes[i] = l.at(vertex)
	}
	smoothed := make([]float64, len(points))
	for i, point := range points {
		next, _ := slices.BinarySearch(vertices, point)
		next = min(max(next, 1), len(vertices)-1)
		width := vertices[next] - vertices[next-1]
		t := (point - vertices[next-1]) / width
		rest := 1 - t
		smoothed[i] = values[next-1]*(1+2*t)*rest*rest + slopes[next-1]*width*t*rest*rest +
			values[next]*t*t*(3-2*t) - slopes[next]*width*t*t*rest
	}
	return smoothed
}
