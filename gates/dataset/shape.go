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
	constant, nearly, useless, numbers := 0, 0, 0, 0
	features := s.candidates()
	for _, feature := range features {
		commonest, distinct := frequencies(feature.texts())
		same, almost := commonest.Successes == commonest.Trials, rate(commonest) >= nearlyConstant
		switch {
		case same:
			constant++
		case almost:
			nearly++
		}
		if (same || almost) && s.learns(feature.name) {
			useless++
		}
		found = append(found, share("commonest_fraction", feature.name, commonest))
		switch {
		case feature.kind == word:
			found = append(found, share("distinct_fraction", feature.name, distinct))
		case feature.numeric():
			numbers++
			found = append(found, outliers(feature))
		}
	}
	return append(found,
		count("constant_columns", "", constant, len(features)),
		count("near_constant_columns", "", nearly, len(features)),
		count("constant_features", "", useless, len(features)),
		count("number_features", "", numbers, len(features))), nil
}

// learns holds for the model's own features; without a model, for all.
func (s *study) learns(name string) bool {
	return len(s.features) == 0 || slices.Contains(s.features, name)
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

// outliers lie far out as measured and, if above 0, as logarithms among those
// above 0: most laboratory values have a long tail, and half of the patients
// with metastases would be outliers for it, while a wrong unit is far out on
// either scale.
func outliers(c column) evidence.Measurement {
	values, garbage := present(c.texts())
	if garbage > 0 {
		return unmeasured("outlier_fraction", c.name, notNumbers(garbage))
	}
	if len(values) == 0 {
		return unmeasured("outlier_fraction", c.name, "there are no rows")
	}
	var logarithms []float64
	for _, value := range values {
		if value > 0 {
			logarithms = append(logarithms, math.Log(value))
		}
	}
	plain, logarithmic := robustScale(values), robustScale(logarithms)
	beyond := stats.Proportion{Trials: len(values)}
	for _, value := range values {
		if plain.far(value) && (value <= 0 || logarithmic.far(math.Log(value))) {
			beyond.Successes++
		}
	}
	return share("outlier_fraction", c.name, beyond)
}

// scale is where values lie and how far from it is usual.
type scale struct{ centre, unit float64 }

func (s scale) far(value float64) bool { return math.Abs(value-s.centre) > robustLimit*s.unit }

// robustScale measures by the median absolute deviation, which half of the
// values must be wrong to move; where half of them are one value, by the mean
// one. Either is the standard deviation, were they normal (Iglewicz and
// Hoaglin 1993).
func robustScale(values []float64) scale {
	if len(values) == 0 {
		return scale{}
	}
	centre, mean := median(values), 0.0
	distances := make([]float64, len(values))
	for i, value := range values {
		distances[i] = math.Abs(value - centre)
		mean += distances[i] / float64(len(values))
	}
	if unit := 1.4826 * median(distances); unit > 0 {
		return scale{centre, unit}
	}
	return scale{centre, 1.2533 * mean}
}

// median is of a copy, and of two middle values the mean.
func median(values []float64) float64 {
	values = slices.Clone(values)
	middle := len(values) / 2
	upper := quickselect(values, middle)
	if len(values)%2 == 1 {
		return upper
	}
	return slices.Max(values[:middle])/2 + upper/2
}

// quickselect puts the value of that rank in its place, no larger ones before
// it, and gives it: sorting all values takes several times as long (Hoare
// 1961, CACM 4:321).
func quickselect(values []float64, rank int) float64 {
	for low, high := 0, len(values)-1; low < high; {
		pivot := values[low+(high-low)/2]
		left, right := low, high
		for left <= right {
			for values[left] < pivot {
				left++
			}
			for values[right] > pivot {
				right--
			}
			if left <= right {
				values[left], values[right] = values[right], values[left]
				left++
				right--
			}
		}
		switch {
		case rank <= right:
			high = right
		case rank >= left:
			low = left
		default:
			return values[rank]
		}
	}
	return values[rank]
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
