package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// drift compares the current sample with the reference, column by column. Of
// the columns without drift, the key is different in everybody and the split
// column is different by design; so is the index date of a temporal split, and
// the site of an external one. The outcome is compared too: it is how a shift
// of prevalence shows.
//
// P-values are raw; those named _holm are adjusted over all columns of their
// test: at 0.01, a quarter of all comparisons of thirty unchanged columns
// would find one that "drifts".
func drift(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if len(s.samples) < 2 {
		return nil, nil
	}
	var found []evidence.Measurement
	for _, column := range s.columns {
		switch {
		case !s.drifts(column):
			continue
		case column.numeric():
			found = append(found, numberDrift(column)...)
		default:
			found = append(found, textDrift(column)...)
		}
	}
	for _, test := range []string{"ks", "chi_square"} {
		adjusted, err := holm(found, test+"_p_value", test+"_p_holm")
		if err != nil {
			return nil, err
		}
		found = append(found, adjusted...)
	}
	if label, has := s.label(); has && s.everywhere(label.name) {
		found = append(found, s.prevalenceDifference(label))
	}
	return append(found, s.domain()), nil
}

// prevalenceDifference is the current share of events less the reference one:
// what a shift of the outcome is in the unit that clinicians count in.
func (s *study) prevalenceDifference(label column) evidence.Measurement {
	return difference("prevalence_difference", "", s.outcomes(0, label), s.outcomes(1, label))
}

func (s *study) drifts(c column) bool {
	if s.contract != nil && (c.name == s.contract.Key || c.name == s.contract.Split.Column) {
		return false
	}
	return c.kind != date && !s.apart(c.name) && s.everywhere(c.name)
}

// holm adjusts all measurements of one name.
func holm(found []evidence.Measurement, name, adjustedName string) ([]evidence.Measurement, error) {
	var adjusted []evidence.Measurement
	var p []float64
	for _, m := range found {
		if m.Name == name && m.Value != "" {
			m.Name = adjustedName
			adjusted = append(adjusted, m)
			p = append(p, m.Value.Float())
		}
	}
	if len(p) == 0 {
		return nil, nil
	}
	values, err := stats.Holm(p)
	if err != nil {
		return nil, err
	}
	for i := range adjusted {
		adjusted[i].Value = evidence.Number(values[i])
		adjusted[i].Method += ", Holm"
	}
	return adjusted, nil
}

// histogram counts the values of both samples in the same bins.
type histogram struct{ current, reference []int }

func (h histogram) total() int { return sum(h.current) + sum(h.reference) }

// binned measures how far the two samples of a histogram lie apart.
func binned(name string, counts histogram, bins string) []evidence.Measurement {
	return []evidence.Measurement{
		distance("psi", name, stats.PSI, counts, bins),
		distance("js_distance", name, stats.JensenShannon, counts, bins),
	}
}

func distance(measure, name string, between func(reference, current []int) (float64, error), counts histogram, bins string) evidence.Measurement {
	value, err := between(counts.reference, counts.current)
	if err != nil {
		return unmeasured(measure, name, err.Error())
	}
	return evidence.Measurement{Name: measure, Group: name, Value: evidence.Number(value), N: counts.total(), Method: bins}
}

func sum(counts []int) int {
	total := 0
	for _, count := range counts {
		total += count
	}
	return total
}
