package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// identifiers looks for what 45 CFR 164.514(b)(2)(i), the Safe Harbor, wants
// removed before health data count as de-identified: in values everywhere, and
// in columns whose name announces it. The key is pseudonymous by contract, so
// its name announces nothing; its values are looked at like all others.
func identifiers(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	columns := 0
	for _, column := range s.columns {
		hits := s.scan(column)
		if len(hits) > 0 {
			columns++
		}
		found = append(found, hits...)
	}
	return append(found, count("phi_columns", "", columns, len(s.columns))), nil
}

// scan counts the matches of each detector in one column. What matched is
// never kept.
func (s *study) scan(c column) []evidence.Measurement {
	texts := c.texts()
	detectors := s.detectors(c, texts)
	matches, values := make([]int, len(detectors)), 0
	for _, text := range texts {
		if text == "" {
			continue
		}
		values++
		_, plain := table.Number(text)
		for i, detector := range detectors {
			// Unannounced, a plain number is a measurement.
			if (detector.announced || !plain) && detector.matches(text) {
				matches[i]++
			}
		}
	}
	var found []evidence.Measurement
	for i, detector := range detectors {
		if matches[i] > 0 {
			found = append(found, count("phi_values", c.name+":"+detector.kind, matches[i], values))
		}
	}
	return found
}

type detector struct {
	kind      string
	announced bool
	matches   func(text string) bool
}

// detectors picks those that apply to a column: of one kind at most one, the
// keener one if the column's name announces the kind.
func (s *study) detectors(c column, texts []string) []detector {
	hints := hintsOf(c.name)
	if s.contract != nil && c.name == s.contract.Key {
		hints = nil
	}
	var chosen []detector
	for _, candidate := range catalogue {
		pick := detector{candidate.kind, hints[candidate.kind], candidate.anywhere}
		if pick.announced {
			pick.matches = candidate.announced
		}
		switch {
		case pick.matches == nil, pick.kind == ageOver89 && !yearsOfAge(texts):
			continue
		case pick.kind == ageOver89 && c.topCoded():
			pick.matches = overTop
		}
		chosen = append(chosen, pick)
	}
	return chosen
}

// oldest is beyond the longest life on record; a column with larger numbers
// holds days or months.
const oldest = 130

func yearsOfAge(texts []string) bool {
	for _, text := range texts {
		if value, ok := table.Number(text); ok && value > oldest {
			return false
		}
	}
	return true
}

// topCoded holds when the contract ends the ages at 90: a 90 is then nobody's
// age but the category "90 or older".
func (c column) topCoded() bool {
	return c.promise != nil && c.promise.Max != nil && *c.promise.Max == topAge
}
