package outcome

import (
	"fmt"
	"strings"
)

// listed is how many columns a message names; a table of gene expression has
// twenty thousand.
const listed = 30

// demand refuses a column that is not there, and tells which are.
func (t Table) demand(column string) error {
	if t.Has(column) {
		return nil
	}
	names := t.Columns()
	message := fmt.Sprintf("%s: there is no column %q", t.File, column)
	if similar := nearest(column, names); similar != "" {
		message += fmt.Sprintf("; did you mean %q?", similar)
	}
	rest := ""
	if len(names) > listed {
		rest = fmt.Sprintf(" and %d more", len(names)-listed)
		names = names[:listed]
	}
	return fmt.Errorf("%s\nhint: the columns are %s%s", message, strings.Join(names, ", "), rest)
}

// nearest gives the name that a slip of the pen would make of another: equal
// but for case, or at most a third of its letters (two at least) away.
func nearest(wanted string, names []string) string {
	best, least := "", max(2, len(wanted)/3)+1
	for _, name := range names {
		if len(name) > 2*len(wanted)+2 || len(wanted) > 2*len(name)+2 {
			continue
		}
		if away := distance(strings.ToLower(wanted), strings.ToLower(name)); away < least && away < len(wanted) {
			best, least = name, away
		}
	}
	return best
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
