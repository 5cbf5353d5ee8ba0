package trainer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// rareLevel is the fewest training rows that earn a level its own coefficient:
// fewer would be fitted to a handful of patients.
const rareLevel = 5

// fitNumber learns how a numeric column is scaled. Mean and SD are those of the
// values that are there; a column that is constant carries nothing.
func fitNumber(name string, values []float64) (*Feature, error) {
	present := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	mean, sd := moments(present)
	// A mean may be rounded, so that the SD of equal values is not quite 0.
	if !(sd > 0) || math.IsInf(sd, 0) || slices.Min(present) == slices.Max(present) {
		return nil, fmt.Errorf("column %q does not vary in training: remove it from the features", name)
	}
	slices.Sort(present)
	median := (present[(len(present)-1)/2] + present[len(present)/2]) / 2
	feature := &Feature{Name: name, Number: &Number{Median: tidy(median), Mean: tidy(mean), SD: tidy(sd)}}
	if len(present) < len(values) {
		feature.Missing = new(float64)
	}
	return feature, nil
}

// moments gives mean and sample standard deviation, in two passes so that a
// large mean does not swallow a small spread.
func moments(values []float64) (mean, sd float64) {
	for _, value := range values {
		mean += value / float64(len(values))
	}
	var squares float64
	for _, value := range values {
		squares += (value - mean) * (value - mean)
	}
	return mean, math.Sqrt(squares / float64(len(values)-1))
}

// fitText learns the levels of a categorical column.
func fitText(name string, values []string) (*Feature, error) {
	count := map[string]int{}
	for _, value := range values {
		count[value]++
	}
	missing := count[""]
	delete(count, "")
	text, feature := &Text{Levels: []Level{}}, &Feature{Name: name}
	for level, rows := range count {
		if rows > count[text.Reference] || rows == count[text.Reference] && level < text.Reference {
			text.Reference = level
		}
	}
	for level, rows := range count {
		switch {
		case level == text.Reference:
		case rows < rareLevel:
			text.Other = new(float64)
		default:
			text.Levels = append(text.Levels, Level{Level: level})
		}
	}
	slices.SortFunc(text.Levels, func(a, b Level) int { return strings.Compare(a.Level, b.Level) })
	if len(text.Levels) == 0 && text.Other == nil {
		return nil, fmt.Errorf("column %q does not vary in training: remove it from the features", name)
	}
	if missing > 0 {
		feature.Missing = new(float64)
	}
	feature.Text = text
	return feature, nil
}

// coefficients lists where the feature keeps its coefficients, in the order in
// which expand gives their multipliers.
func (f *Feature) coefficients() []*float64 {
	var slots []*float64
	if f.Number != nil {
		slots = append(slots, &f.Number.Coefficient)
	} else {
		for i := range f.Text.Levels {
			slots = append(slots, &f.Text.Levels[i].Coefficient)
		}
		if f.Text.Other != nil {
			slots = append(slots, f.Text.Other)
		}
	}
	if f.Missing != nil {
		slots = append(slots, f.Missing)
	}
	return slots
}

// expand turns the value in one row into what its coefficients multiply.
func (f *Feature) expand(values column, row int) []float64 {
	terms := make([]float64, len(f.coefficients()))
	missing := false
	if f.Number != nil {
		value := values.numbers[row]
		if missing = math.IsNaN(value); missing {
			value = f.Number.Median
		}
		terms[0] = (value - f.Number.Mean) / f.Number.SD
	} else {
		value := values.texts[row]
		missing = value == ""
		if at := f.Text.term(value); at >= 0 {
			terms[at] = 1
		}
	}
	if missing && f.Missing != nil {
		terms[len(terms)-1] = 1
	}
	return terms
}

// term finds the indicator of a level, or -1 where none is set.
func (t *Text) term(level string) int {
	if level == "" || level == t.Reference {
		return -1
	}
	at, found := slices.BinarySearchFunc(t.Levels, level, func(l Level, text string) int { return strings.Compare(l.Level, text) })
	switch {
	case found:
		return at
	case t.Other != nil:
		return len(t.Levels)
	}
	return -1
}
