package dataset

import (
	"context"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// identifiers looks for what 45 CFR 164.514(b)(2)(i), the Safe Harbor, wants
// removed before health data count as de-identified: in values everywhere, and
// in columns whose name announces it. The key is pseudonymous by contract, so
// its name announces nothing; its values are looked at like all others.
func identifiers(_ context.Context, s *study) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	columns := 0
	for _, column := range s.columns {
		hits := 0
		for _, detector := range s.detectors(column) {
			matched := s.matches[claim{detector.kind, column.name}]
			if detector.kind == ageOver89 {
				matched = s.total(ageOver89, column.name)
			}
			if matched > 0 {
				hits++
				found = append(found, count("phi_values", column.name+":"+detector.kind, matched, s.valuesOf(column)-s.total("missing", column.name)))
			}
		}
		if hits > 0 {
			columns++
		}
	}
	return append(found, count("phi_columns", "", columns, len(s.columns))), nil
}

// suspect is a column in which some detector may find something. What is found
// is never kept. Ages are told from the number alone: they are counted with the
// other checks.
type suspect struct {
	column    string
	announced bool // its name announces a kind, so that every value counts
	detectors []detector
}

func (s *study) suspect(c column) suspect {
	look := suspect{column: c.name}
	for _, detector := range s.detectors(c) {
		if detector.kind != ageOver89 {
			look.detectors = append(look.detectors, detector)
			look.announced = look.announced || detector.announced
		}
	}
	return look
}

// notice counts the matches among values. Detectors see only what they could
// match: in a column that announces nothing, a plain number is a measurement.
func (s suspect) notice(fields fields, matches map[claim]int) {
	for row, text := range fields.texts {
		plain := fields.numbers[row] == fields.numbers[row]
		if text == "" || !s.announced && (plain || !worthALook(text)) {
			continue
		}
		for _, detector := range s.detectors {
			if (detector.announced || !plain) && detector.matches(text) {
				matches[claim{detector.kind, s.column}]++
			}
		}
	}
}

// worthALook is plausible without its price for most words.
func worthALook(text string) bool {
	if len(text) == len(vinWeights) {
		return plausible.MatchString(text)
	}
	for _, char := range []byte(text) {
		if char < '0' || char == ':' || char == '@' { // of [-@:/.+] and the blank
			return plausible.MatchString(text)
		}
	}
	return false
}

type detector struct {
	kind      string
	announced bool
	matches   func(text string) bool
}

// detectors picks those that apply to a column: of one kind at most one, the
// keener one if the column's name announces the kind.
func (s *study) detectors(c column) []detector {
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
		if pick.matches != nil && !s.lawful(pick.kind, c) && (pick.kind != ageOver89 || s.yearsOfAge(c)) {
			chosen = append(chosen, pick)
		}
	}
	return chosen
}

// oldest is beyond the longest life on record; a column with larger numbers
// holds days or months.
const oldest = 130

func (s *study) yearsOfAge(c column) bool {
	return !slices.ContainsFunc(s.counted[claim{"maximum", c.name}], func(largest float64) bool { return largest > oldest })
}

// topAges counts the ages that the Safe Harbor wants removed. Where the
// contract ends the ages at 90, a 90 is nobody's age but "90 or older", the one
// category into which it lets them be put.
func (c column) topAges() check {
	eldest := math.Nextafter(topAge, 0)
	if c.promise != nil && c.promise.Max != nil && *c.promise.Max == topAge {
		eldest = topAge
	}
	return beyond(ageOver89, math.Inf(-1), eldest)
}
