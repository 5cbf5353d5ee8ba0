package dataset

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// robustLimit is how many robust standard deviations from the median make an
// outlier: of a normal distribution, two values in a thousand million.
const robustLimit = 6

// nearlyConstant is the share of one value above which a column says nothing.
const nearlyConstant = 0.99

// shape measures each feature by itself: does it vary, does it have values far
// from all others, does it name rows rather than describe them?
func shape(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	constant, nearly := 0, 0
	features := s.candidates()
	for _, feature := range features {
		commonest, distinct := frequencies(feature.texts())
		switch {
		case commonest.Trials == 0 || commonest.Successes == commonest.Trials:
			constant++
		case rate(commonest) >= nearlyConstant:
			nearly++
		}
		found = append(found, share("commonest_fraction", feature.name, commonest))
		switch {
		case feature.kind == word:
			found = append(found, share("distinct_fraction", feature.name, distinct))
		case feature.numeric():
			found = append(found, outliers(feature))
		}
	}
	return append(found,
		count("constant_columns", "", constant, len(features)),
		count("near_constant_columns", "", nearly, len(features))), nil
}

// frequencies counts the commonest value, and the distinct ones, among those
// present. A column of text that is nearly all distinct may be an identifier:
// 45 CFR 164.514(b)(2)(i)(R), any other unique characteristic or code.
func frequencies(texts []string) (commonest, distinct stats.Proportion) {
	counted := map[string]int{}
	for _, text := range texts {
		if text != "" {
			counted[text]++
			commonest.Trials++
			commonest.Successes = max(commonest.Successes, counted[text])
		}
	}
	return commonest, stats.Proportion{Successes: len(counted), Trials: commonest.Trials}
}

// outliers measures by the median absolute deviation, which half of the values
// must be wrong to move (Iglewicz and Hoaglin 1993).
func outliers(c column) evidence.Measurement {
	values, garbage := present(c.texts())
	if garbage > 0 {
		return unmeasured("outlier_fraction", c.name, notNumbers(garbage))
	}
	if len(values) == 0 {
		return unmeasured("outlier_fraction", c.name, "there are no rows")
	}
	centre := median(values)
	distances := make([]float64, len(values))
	for i, value := range values {
		distances[i] = math.Abs(value - centre)
	}
	unit := 1.4826 * median(distances) // the standard deviation, were they normal
	if unit == 0 {
		return unmeasured("outlier_fraction", c.name, "half of the values are one value")
	}
	beyond := stats.Proportion{Trials: len(values)}
	for _, value := range values {
		if math.Abs(value-centre)/unit > robustLimit {
			beyond.Successes++
		}
	}
	return share("outlier_fraction", c.name, beyond)
}

// median is of a copy, and of two middle values the mean.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return sorted[middle-1]/2 + sorted[middle]/2
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
