package table

import (
	"encoding/csv"
	"fmt"
	"io"
)

// WriteCSV writes the frame as RFC 4180 with LF line ends, quoting only where
// it must: the same frame gives the same bytes, hence the same digest.
func (f *Frame) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(f.columns); err != nil {
		return fmt.Errorf("writing the header: %w", err)
	}
	record := make([]string, len(f.columns))
	for row := range f.rows {
		for i, name := range f.columns {
			record[i] = f.texts[name][row]
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("writing row %d: %w", row+1, err)
		}
	}
	out.Flush()
	return out.Error()
}
