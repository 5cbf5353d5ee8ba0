package table

import (
	"context"
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
