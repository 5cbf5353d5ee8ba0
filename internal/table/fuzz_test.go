package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// FuzzEveryColumnHasEveryRow: whatever the bytes, Read answers with an error
// of one line or with a rectangular table.
func FuzzEveryColumnHasEveryRow(f *testing.F) {
	for _, seed := range []string{
		"", "a", "a,b\n1,2\n", "\xef\xbb\xbfa,b\r\n1,\"x\ny\"\r\n", "a,b\n1\n", "a\n\n\n", "\"a", "a,\n", "PAR1PAR1", "a\x00b\n1\n", "a,b\n\"\"\"\",NA",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		frame, err := Read(context.Background(), write(t, "fuzz.csv", string(content)))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		for _, name := range frame.Columns() {
			if texts, err := frame.Texts(name); err != nil || len(texts) != frame.Rows() {
				t.Errorf("column %q has %d of %d rows, %v", name, len(texts), frame.Rows(), err)
			}
		}
	})
}

// FuzzNoFieldIsDropped: where the standard library reads the same records, a
// file is refused for its fields exactly when one has more than the header.
func FuzzNoFieldIsDropped(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2,\n", "a,b\n1,\"x,\n\"\"y\"\n3,4\n", "a,b\r\n\r\n1,2\r\n", "\xef\xbb\xbf\"a,b\"\n1,", "a\n\"\"\"\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, byteOrderMark)))
		reader.FieldsPerRecord = -1
		records, err := reader.ReadAll()
		if err != nil || len(records) == 0 || bytes.Contains(bytes.ReplaceAll(content, []byte("\r\n"), nil), []byte("\r")) {
			return // a lone carriage return ends a line for DuckDB, and not for the standard library
		}
		want := ""
		for row, record := range records {
			if len(record) > len(records[0]) {
				want = fmt.Sprintf("fuzz.csv: row %d: %d fields where the header names %d", row, len(record), len(records[0]))
				break
			}
		}
		got := checkFields(t.Context(), file{name: "fuzz.csv", path: write(t, "fuzz.csv", string(content)), columns: records[0]})
		if got == nil && want != "" || got != nil && got.Error() != want {
			t.Errorf("got %v, want %q", got, want)
		}
	})
}
