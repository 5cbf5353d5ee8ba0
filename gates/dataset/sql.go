package dataset

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// read selects columns of a sample twice, in SQL: as text, and as the number
// it is. Those that the sample lacks are missing.
func (s *study) read(i int, columns []column) string {
	var selected []string
	for _, column := range columns {
		text, number := "CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)"
		switch {
		case !slices.Contains(s.samples[i].columns, column.name):
		case s.total("not_numbers", column.name) == 0:
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

func double(value float64) string {
	return "CAST('" + strconv.FormatFloat(value, 'g', -1, 64) + "' AS DOUBLE)"
}
