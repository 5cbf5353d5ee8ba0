package table

import (
	"fmt"
	"math"
	"slices"
)

// Frame is a table held in memory, column by column.
type Frame struct {
	file    string // for messages
	columns []string
	texts   map[string][]string
	rows    int
}

// Rows counts the data rows; the header is not one.
func (f *Frame) Rows() int { return f.rows }

// Columns lists the column names in file order.
func (f *Frame) Columns() []string { return slices.Clone(f.columns) }

// Has reports whether there is a column of that name.
func (f *Frame) Has(name string) bool {
	_, has := f.texts[name]
	return has
}

// Texts gives the column as it stands in the file; a missing value is "".
func (f *Frame) Texts(name string) ([]string, error) {
	texts, has := f.texts[name]
	if !has {
		return nil, fmt.Errorf("%s: there is no column %q", f.file, name)
	}
	return slices.Clone(texts), nil
}

// Numbers gives the column as numbers; a missing value is NaN. Text where a
// number belongs is an error, and so are the words for infinity and NaN: no
// laboratory reports them, only broken software does.
func (f *Frame) Numbers(name string) ([]float64, error) {
	texts, has := f.texts[name]
	if !has {
		return nil, fmt.Errorf("%s: there is no column %q", f.file, name)
	}
	numbers := make([]float64, len(texts))
	for row, text := range texts {
		if text == "" {
			numbers[row] = math.NaN()
			continue
		}
		value, ok := Number(text)
		if !ok {
			return nil, f.Fault(row, name, fmt.Sprintf("%.40q is not a number", text))
		}
		numbers[row] = value
	}
	return numbers, nil
}

// Select copies the rows (0-based, in the order given) and columns asked for.
// It panics on a row or column that is not there: the caller took both from
// this frame.
func (f *Frame) Select(rows []int, columns []string) *Frame {
	selected := &Frame{file: f.file, columns: slices.Clone(columns), texts: make(map[string][]string, len(columns)), rows: len(rows)}
	for _, name := range columns {
		source, has := f.texts[name]
		if !has {
			panic(fmt.Sprintf("table: select of column %q, which %s does not have", name, f.file))
		}
		texts := make([]string, len(rows))
		for i, row := range rows {
			texts[i] = source[row]
		}
		selected.texts[name] = texts
	}
	return selected
}
