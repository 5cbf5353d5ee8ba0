package table

import (
	"os"
	"strings"
	"testing"
)

// FuzzAParquetFileIsATableOrAnError: whatever became of a Parquet file on its
// way, Read answers with an error of one line that names it, or with a
// rectangular table.
func FuzzAParquetFileIsATableOrAnError(f *testing.F) {
	for _, query := range []string{
		`SELECT 'p' || i AS id, i / 3.0::DOUBLE AS dose, CASE WHEN i % 2 = 0 THEN NULL ELSE 'x' END AS note FROM range(1, 9) AS t(i)`,
		`SELECT DATE '2020-01-01' AS day, 1.5::DECIMAL(4, 2) AS price, true AS yes`,
		`SELECT [1, 2] AS doses`,
	} {
		whole, err := os.ReadFile(parquet(f, query))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
		f.Add(whole[:len(whole)/2])
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		frame, err := Read(t.Context(), write(t, "fuzz.parquet", string(content)))
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "fuzz.parquet: ") {
				t.Errorf("got %q", err)
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
