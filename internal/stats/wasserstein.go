package stats

import "math"

// Wasserstein is the 1-Wasserstein distance ∫|Fa-Fb| of two samples: how far,
// in the unit of the values, one must on average move a value of a to get b
// (scipy.stats.wasserstein_distance).
func Wasserstein(a, b []float64) (float64, error) {
	a, b, err := sortedSamples(a, b)
	if err != nil {
		return 0, err
	}
	i, j, sum := 0, 0, 0.0
	at := min(a[0], b[0])
	for i < len(a) || j < len(b) {
		next := math.Inf(1)
		if i < len(a) {
			next = a[i]
		}
		if j < len(b) {
			next = min(next, b[j])
		}
		gap := math.Abs(float64(i)/float64(len(a)) - float64(j)/float64(len(b)))
		sum += gap * (next - at)
		for i < len(a) && a[i] == next {
			i++
		}
		for j < len(b) && b[j] == next {
			j++
		}
		at = next
	}
	if math.IsInf(sum, 0) || math.IsNaN(sum) {
		return 0, ErrRange
	}
	return sum, nil
}
