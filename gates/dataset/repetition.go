package dataset

import (
	"context"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// repetition counts what occurs more than once: rows, patients, and both of
// them on the two sides of the split, where a model has seen the answer.
//
// Rows that are equal are also nearly equal, and rows that stand twice repeat
// their key. So the finer questions are asked only where the coarser ones have
// found something: a clean file is read once, and the cells of patients that
// resemble each other are counted on the way.
func repetition(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	coarse, err := s.coarse()
	if err != nil {
		return nil, err
	}
	byKey, byNear := coarse[0], coarse[1]
	var finer [2]grouping
	if byKey.rows < s.rows() || byKey.repeated() > 0 {
		finer[0] = s.byRow()
	}
	if byNear.repeated() > 0 {
		finer[1] = s.byFeatures()
	}
	fine, err := s.group(ctx, finer[:]...)
	if err != nil {
		return nil, err
	}
	return append(s.repeated(byKey, byNear, fine[0], fine[1]), s.cells(coarse[2])...), nil
}

func (s *study) repeated(byKey, byNear, byRow, byExact groups) []evidence.Measurement {
	found := []evidence.Measurement{count("duplicate_rows", "", byRow.repeated(), s.rows())}
	keyed, two := s.contract != nil && s.everywhere(s.contract.Key), len(s.samples) == 2
	if _, dated := s.index(); keyed && !dated { // else they are visits
		found = append(found, count("duplicate_keys", "", byKey.repeated(), s.rows()))
	}
	if keyed && two {
		found = append(found, count("patient_overlap", "", byKey.shared, s.samples[0].rows))
	}
	if len(s.shared()) == 0 {
		return found
	}
	if two {
		found = append(found, count("row_overlap", "", byExact.shared, s.samples[0].rows))
	}
	if s.contract != nil && s.everywhere(s.contract.Label) {
		found = append(found, count("conflicting_labels", "", byExact.conflicting, s.rows()))
	}
	found = append(found, count("duplicate_features", "", byExact.repeated(), s.rows()))
	near := count("near_duplicate_rows", "", byNear.repeated()-byExact.repeated(), s.rows())
	near.Method = "equal features, numbers rounded to a thousandth of their column's largest"
	return append(found, near)
}

func (s *study) byKey() grouping {
	if s.contract == nil || !s.everywhere(s.contract.Key) {
		return grouping{}
	}
	key, _ := s.find(s.contract.Key)
	return grouping{traits: []trait{{column: key}}, present: true}
}

func (s *study) byRow() grouping {
	var grouping grouping
	for _, column := range s.columns {
		grouping.traits = append(grouping.traits, trait{column: column})
	}
	return grouping
}

func (s *study) byFeatures() grouping {
	var grouping grouping
	for _, feature := range s.shared() {
		grouping.traits = append(grouping.traits, trait{column: feature})
	}
	if s.contract != nil && s.everywhere(s.contract.Label) {
		label, _ := s.find(s.contract.Label)
		grouping.label = []trait{{column: label}}
	}
	return grouping
}

// byRoundedFeatures finds copies that were rounded or converted on their way,
// and measurements of one patient that differ by noise. Rounding is to the
// scale of the column.
func (s *study) byRoundedFeatures() grouping {
	var grouping grouping
	for _, feature := range s.shared() {
		scale := 1000 / s.largest(feature)
		if !feature.numeric() || math.IsInf(scale, 0) || !(scale > 0) {
			grouping.traits = append(grouping.traits, trait{column: feature})
			continue
		}
		grouping.traits = append(grouping.traits, trait{column: feature, as: rounded, scale: scale})
		if s.total("not_numbers", feature.name) > 0 {
			// What is no number keeps its text, lest all of it looks alike.
			grouping.traits = append(grouping.traits, trait{column: feature, as: unread})
		}
	}
	return grouping
}

// largest is the largest number of a column, without its sign; 0 without any.
func (s *study) largest(c column) float64 {
	largest := 0.0
	for _, extreme := range []string{"minimum", "maximum"} {
		for _, value := range s.counted[claim{extreme, c.name}] {
			if math.Abs(value) > largest { // not so for NaN: the sample has no number
				largest = math.Abs(value)
			}
		}
	}
	return largest
}

// shared are the features that every sample has.
func (s *study) shared() []column {
	var shared []column
	for _, feature := range s.candidates() {
		if s.everywhere(feature.name) {
			shared = append(shared, feature)
		}
	}
	return shared
}

// everywhere reports whether every sample has the column.
func (s *study) everywhere(name string) bool {
	for _, sample := range s.samples {
		if !slices.Contains(sample.columns, name) {
			return false
		}
	}
	return true
}
