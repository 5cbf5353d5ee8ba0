package dataset

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// identifiers looks for what 45 CFR 164.514(b)(2)(i), the Safe Harbor, wants
// removed before health data count as de-identified: in values everywhere, and
// in columns whose name announces it. The key is pseudonymous by contract, so
// its name announces nothing; its values are looked at like all others.
func identifiers(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	matches := map[claim]int{}
	for i := range s.samples {
		if err := s.scan(ctx, i, matches); err != nil {
			return nil, err
		}
	}
	var found []evidence.Measurement
	columns := 0
	for _, column := range s.columns {
		hits := 0
		for _, detector := range catalogue {
			if matched := matches[claim{detector.kind, column.name}]; matched > 0 {
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

// scan counts the matches of each detector in one sample. What matched is
// never kept. The database shows only values that some detector could match:
// those whose column announces something, and those that look like more than
// a word or a number.
func (s *study) scan(ctx context.Context, i int, matches map[claim]int) error {
	var suspects []suspect
	var columns []column
	var shown, wanted []string
	for _, column := range s.columns {
		look, condition := s.suspect(column)
		if condition == "" || !slices.Contains(s.samples[i].columns, column.name) {
			continue
		}
		suspects, columns = append(suspects, look), append(columns, column)
		shown = append(shown, "CASE WHEN "+condition+" THEN "+column.text()+" END")
		wanted = append(wanted, condition)
	}
	if len(suspects) == 0 {
		return nil
	}
	statement := "SELECT " + strings.Join(shown, ", ") + " FROM " + s.read(i, columns) + " WHERE (" + strings.Join(wanted, ") OR (") + ")"
	return s.view.Each(ctx, statement, func(texts []string) {
		for at, text := range texts {
			if text != "" {
				suspects[at].examine(text, matches)
			}
		}
	})
}

// suspect is a column in which some detector may find something.
type suspect struct {
	column    string
	detectors []detector
}

// suspect gives the detectors of a column, and which of its values to show
// them, in SQL. Ages are told from the number alone.
func (s *study) suspect(c column) (suspect, string) {
	look := suspect{c.name, s.detectors(c)}
	var conditions []string
	for _, detector := range look.detectors {
		switch {
		case !detector.announced:
		case detector.kind == ageOver89:
			conditions = append(conditions, c.number()+" >= "+strconv.Itoa(topAge))
		default:
			return look, c.text() + " IS NOT NULL"
		}
	}
	if s.total("plausible", c.name) > 0 {
		conditions = append(conditions, s.predicates(c)["plausible"])
	}
	return look, strings.Join(conditions, " OR ")
}

func (s suspect) examine(text string, matches map[claim]int) {
	_, plain := table.Number(text)
	for _, detector := range s.detectors {
		// Unannounced, a plain number is a measurement.
		if (detector.announced || !plain) && detector.matches(text) {
			matches[claim{detector.kind, s.column}]++
		}
	}
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
		switch {
		case pick.matches == nil, pick.kind == ageOver89 && !s.yearsOfAge(c):
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

func (s *study) yearsOfAge(c column) bool {
	return !slices.ContainsFunc(s.counted[claim{"maximum", c.name}], func(largest float64) bool { return largest > oldest })
}

// topCoded holds when the contract ends the ages at 90: a 90 is then nobody's
// age but the category "90 or older".
func (c column) topCoded() bool {
	return c.promise != nil && c.promise.Max != nil && *c.promise.Max == topAge
}
