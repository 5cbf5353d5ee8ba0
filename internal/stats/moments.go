package stats

func total(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum
}

// sampleVariance is the sample variance; 0 below two values.
func sampleVariance(values []float64) float64 {
	if len(values) < 2 {
		return 0
	}
	mean := total(values) / float64(len(values))
	squares := 0.0
	for _, value := range values {
		squares += (value - mean) * (value - mean)
	}
	return squares / float64(len(values)-1)
}
