package table

import "fmt"

// Fault is an error about one row of a file. Whoever knows where that row came
// from tells of it as Moved there.
type Fault struct {
	File   string
	Row    int    // from 1, the header not counted
	Column string // empty when the whole row is at fault
	Wrong  string // what is wrong, in words
}

func (f *Fault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("%s: row %d: %s", f.File, f.Row, f.Wrong)
	}
	return fmt.Sprintf("%s: row %d, column %q: %s", f.File, f.Row, f.Column, f.Wrong)
}

// Place is the file and the row.
func (f *Fault) Place() (file string, row int) { return f.File, f.Row }

// Moved is the same fault in another file and row.
func (f *Fault) Moved(file string, row int) error {
	moved := *f
	moved.File, moved.Row = file, row
	return &moved
}

// Fault says what is wrong with the value in a row (0-based) of a column.
func (f *Frame) Fault(row int, column, wrong string) error {
	return &Fault{File: f.file, Row: row + 1, Column: column, Wrong: wrong}
}
