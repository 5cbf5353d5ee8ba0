package dataset

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// claim is something that may be true of the values of a column.
type claim struct{ name, column string }

// atOnce is how many columns one pass over a file counts: planning a statement
// takes a time that grows with its square.
const atOnce = 100

// count holds every value of every sample against every predicate: one pass
// per file, whatever its size. Wide files take a pass per 100 columns.
func (s *study) count(ctx context.Context) error {
	counted := map[claim][]float64{}
	for i := range s.samples {
		for columns := range slices.Chunk(s.columns, atOnce) {
			if err := s.countIn(ctx, i, columns, counted); err != nil {
				return err
			}
		}
	}
	s.counted = counted
	return nil
}

func (s *study) countIn(ctx context.Context, i int, columns []column, counted map[claim][]float64) error {
	expressions := []string{"count(*)"}
	var claims []claim
	for _, column := range columns {
		if !slices.Contains(s.samples[i].columns, column.name) {
			continue
		}
		for name, predicate := range s.predicates(column) {
			claims = append(claims, claim{name, column.name})
			expressions = append(expressions, "count_if("+predicate+")")
		}
		claims = append(claims, claim{"maximum", column.name}, claim{"minimum", column.name})
		expressions = append(expressions, "max("+column.number()+")", "min("+column.number()+")")
	}
	answers, err := s.view.Aggregate(ctx, "SELECT "+strings.Join(expressions, ", ")+" FROM "+s.read(i, columns))
	if err != nil {
		return err
	}
	s.samples[i].rows = int(answers[0][0])
	for j, claim := range claims {
		if counted[claim] == nil {
			counted[claim] = make([]float64, len(s.samples))
		}
		counted[claim][i] = answers[0][j+1]
	}
	return nil
}

// read selects columns of a sample twice: as text, and as the number it is.
// Those that the sample lacks are missing.
func (s *study) read(i int, columns []column) string {
	var selected []string
	for _, column := range columns {
		text, number := "CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)"
		switch _, counted := s.counted[claim{"not_numbers", column.name}]; {
		case !slices.Contains(s.samples[i].columns, column.name):
		case counted && s.total("not_numbers", column.name) == 0:
			text, number = table.Quote(column.name), table.CastOf(column.name)
		default:
			text, number = table.Quote(column.name), table.NumberOf(column.name)
		}
		selected = append(selected, text+" AS "+column.text(), number+" AS "+column.number())
	}
	return "(SELECT " + strings.Join(selected, ", ") + " FROM " + table.Quote(s.samples[i].name) + ")"
}

// text and number name a column in SQL, whatever its name.
func (c column) text() string   { return "t" + strconv.Itoa(c.at) }
func (c column) number() string { return "n" + strconv.Itoa(c.at) }

// predicates are what is counted in a column, in SQL, by the name under which
// it is measured. A comparison with a missing value is not true.
func (s *study) predicates(c column) map[string]string {
	text, number := c.text(), c.number()
	predicates := map[string]string{
		"missing":     text + " IS NULL",
		"not_numbers": text + " IS NOT NULL AND " + number + " IS NULL",
		// Within CASE, unlike after AND, the pattern is tried on these alone.
		"plausible": "CASE WHEN " + text + " IS NOT NULL AND " + number + " IS NULL THEN regexp_matches(" + text + ", " + table.Text(plausible.String()) + ") ELSE false END",
	}
	if c.promise != nil {
		c.promises(predicates)
	}
	if label, has := s.label(); has && label.name == c.name {
		predicates["label_missing"] = text + " IS NULL"
		predicates["label_invalid"] = text + " IS NOT NULL AND coalesce(" + number + " NOT IN (0, 1), true)"
		predicates["events"] = number + " = 1"
		predicates["non_events"] = number + " = 0"
	}
	if duration, has := s.time(); has && duration.name == c.name {
		predicates["label_missing"] = text + " IS NULL"
		predicates["label_invalid"] = predicates["not_numbers"]
		predicates["negative_times"] = number + " < 0"
	}
	return predicates
}

func (c column) promises(predicates map[string]string) {
	text, number := c.text(), c.number()
	predicates["type_violations"] = text + " IS NOT NULL AND " + notOfType(c)
	if c.promise.Required {
		predicates["required_missing"] = text + " IS NULL"
	}
	if c.promise.Min != nil || c.promise.Max != nil {
		low, high := math.Inf(-1), math.Inf(1)
		if c.promise.Min != nil {
			low = *c.promise.Min
		}
		if c.promise.Max != nil {
			high = *c.promise.Max
		}
		predicates["range_violations"] = number + " < " + double(low) + " OR " + number + " > " + double(high)
	}
	if len(c.promise.Values) > 0 {
		predicates["domain_violations"] = text + " IS NOT NULL AND " + notAllowed(c)
	}
}

// notOfType holds for values that are not of the contract's type. Nothing is
// of a type that no contract should name.
func notOfType(c column) string {
	switch c.promise.Type {
	case word:
		return "false"
	case date:
		return "NOT (regexp_full_match(" + c.text() + ", '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_STRPTIME(" + c.text() + ", '%Y-%m-%d') IS NOT NULL)"
	case number:
		return c.number() + " IS NULL"
	case integer:
		return "coalesce(" + c.number() + " <> trunc(" + c.number() + "), true)"
	}
	return "true"
}

// notAllowed compares numbers as numbers, so that 1.0 is the 1 of the contract.
func notAllowed(c column) string {
	var texts, numbers []string
	for _, allowed := range c.promise.Values {
		texts = append(texts, table.Text(allowed))
		if value, ok := table.Number(allowed); ok {
			numbers = append(numbers, double(value))
		}
	}
	predicate := c.text() + " NOT IN (" + strings.Join(texts, ", ") + ")"
	if numeric := c.promise.Type == number || c.promise.Type == integer; numeric && len(numbers) > 0 {
		predicate += " AND coalesce(" + c.number() + " NOT IN (" + strings.Join(numbers, ", ") + "), true)"
	}
	return predicate
}

func double(value float64) string {
	return "CAST('" + strconv.FormatFloat(value, 'g', -1, 64) + "' AS DOUBLE)"
}

// total sums a count over the samples.
func (s *study) total(name, column string) int {
	total := 0.0
	for _, counted := range s.counted[claim{name, column}] {
		total += counted
	}
	return int(total)
}

// valuesOf counts the rows of the samples that have the column.
func (s *study) valuesOf(c column) int {
	rows := 0
	for _, sample := range s.samples {
		if slices.Contains(sample.columns, c.name) {
			rows += sample.rows
		}
	}
	return rows
}

// tally measures a count of violations, and says where the first one stands.
func (s *study) tally(ctx context.Context, name string, c column) (evidence.Measurement, error) {
	result := count(name, c.name, s.total(name, c.name), s.valuesOf(c))
	for i, violations := range s.counted[claim{name, c.name}] {
		if violations == 0 {
			continue
		}
		answers, err := s.view.Aggregate(ctx, "SELECT row FROM (SELECT row_number() OVER () AS row, * FROM "+
			s.read(i, []column{c})+") WHERE "+s.predicates(c)[name]+" LIMIT 1")
		if err != nil {
			return result, err
		}
		for _, answer := range answers {
			result.Method = fmt.Sprintf("first in %s, row %.0f", s.samples[i].name, answer[0])
		}
		break
	}
	return result, nil
}
