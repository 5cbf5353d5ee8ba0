package table

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, content string) *Frame {
	t.Helper()
	frame, err := Read(context.Background(), write(t, "patients.csv", content))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

func texts(t *testing.T, frame *Frame, name string) []string {
	t.Helper()
	texts, err := frame.Texts(name)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestSpreadsheetExportsAreRead(t *testing.T) {
	frame := read(t, "\xef\xbb\xbfid,age,note\r\n1,NA,\"first\r\nsecond\"\r\n2,,\"said \"\"no\"\", left\"\r\n")
	if got := frame.Columns(); !slices.Equal(got, []string{"id", "age", "note"}) {
		t.Errorf("columns %q", got)
	}
	if frame.Rows() != 2 {
		t.Errorf("%d rows", frame.Rows())
	}
	if got := texts(t, frame, "note"); !slices.Equal(got, []string{"first\r\nsecond", `said "no", left`}) {
		t.Errorf("notes %q", got)
	}
	ages, err := frame.Numbers("age")
	if err != nil || !math.IsNaN(ages[0]) || !math.IsNaN(ages[1]) {
		t.Errorf("missing ages are %v, %v", ages, err)
	}
}

func TestTextIsNotANumber(t *testing.T) {
	for _, text := range []string{"abc", "Inf", "-inf", "NaN", "nan", "0x10", "1_000", "1e999", "1,5", " 7"} {
		frame := read(t, "id,age\n1,50\n2,\""+text+"\"\n")
		_, err := frame.Numbers("age")
		want := `patients.csv: row 2, column "age": "` + text + `" is not a number`
		if err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
	if _, err := read(t, "id\n1\n").Numbers("age"); err == nil || !strings.Contains(err.Error(), `no column "age"`) {
		t.Errorf("a column that is not there: %v", err)
	}
}

func TestBrokenFilesAreRefusedByNameAndRow(t *testing.T) {
	for _, test := range []struct{ why, content, want string }{
		{"field too many", "a,b\n1,2\n1,2,3\n", "row 2: 3 fields where the header names 2"},
		{"field too many in every row", "a,b\n1,2,3\n1,2,3\n", "row 1: 3 fields where the header names 2"},
		{"empty field too many", "a,b\n1,2\n3,4,\n5,6\n", "row 2: 3 fields where the header names 2"},
		{"missing values too many, quoted", "\xef\xbb\xbf\"a,a\",b\r\n\"1\r\n,\",2\r\n\r\n3,4,NA,\"\"\r\n", "row 2: 4 fields where the header names 2"},
		{"empty field too many at the end", "a,b\n1,2,", "row 1: 3 fields where the header names 2"},
		{"field too few", "a,b\n1,\"x\ny\"\n1\n", "row 2: 1 fields where the header names 2"},
		{"open quote", "a,b\n1,\"2\n", "row 1: a quote is not closed"},
		{"not UTF-8", "a,b\n1,\xff\xfe\n", "row 1: the text is not UTF-8"},
		{"mixed line ends", "a,b\r\n1,2\n3,4\r\n", "not RFC 4180"},
		{"empty", "", "the file is empty"},
		{"empty first line", "\na,b\n", "the first line is empty"},
		{"name twice", "a,b,a\n1,2,3\n", `column "a" occurs twice`},
		{"name twice but for case", "Age,age\n1,2\n", `columns "Age" and "age" differ only in case`},
		{"no name", "a, \n1,2\n", "column 2 has no name"},
		{"quote in the header", "a,b\"c\n1,2\n", "header: not RFC 4180"},
		{"endless header", strings.Repeat("abcdefghi,", 200_000), "header: longer than"},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := Read(context.Background(), write(t, "patients.csv", test.content))
			if err == nil || !strings.HasPrefix(err.Error(), "patients.csv: ") || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
		})
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	directory := t.TempDir()
	for path, want := range map[string]string{
		directory:                                          "not a regular file",
		filepath.Join(directory, "absent.csv"):             "no such file",
		write(t, "cut.parquet", "PAR1"):                    "too small to be a Parquet file",
		write(t, "cut.parquet", "PAR1..................."): "cut.parquet: no magic bytes found at end of file",
	} {
		if _, err := Read(context.Background(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", path, err, want)
		}
	}
}

func TestPathsAreNeitherSQLNorPatterns(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "o'brien', 'x", "year=2020")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ward1.csv", "ward*.csv"} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte("a\nmine\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	frame, err := Read(context.Background(), filepath.Join(directory, "ward1.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(t, frame, "a"); !slices.Equal(got, []string{"mine"}) || len(frame.Columns()) != 1 {
		t.Errorf("read %q of columns %q", got, frame.Columns())
	}
	if _, err := Read(context.Background(), filepath.Join(directory, "ward*.csv")); err == nil || !strings.Contains(err.Error(), "pattern") {
		t.Errorf("a pattern: %v", err)
	}
}

func TestWrittenFramesReadBackAlike(t *testing.T) {
	frame := read(t, "id,note,\"odd, name\"\n1,\"a,b\",x\n2,,\"\"\"\"\n3,\"p\r\nq\",\n")
	var first bytes.Buffer
	if err := frame.Select([]int{2, 0}, []string{"odd, name", "note"}).WriteCSV(&first); err != nil {
		t.Fatal(err)
	}
	if want := "\"odd, name\",note\n,\"p\r\nq\"\nx,\"a,b\"\n"; first.String() != want {
		t.Errorf("wrote %q, want %q", first.String(), want)
	}
	again := read(t, first.String())
	if got := texts(t, again, "note"); !slices.Equal(got, []string{"p\r\nq", "a,b"}) {
		t.Errorf("read back %q", got)
	}
}

// parquet writes a file with DuckDB's own writer, unconfined.
func parquet(t testing.TB, query string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "patients.parquet")
	database, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if _, err := database.Exec("COPY (" + query + ") TO " + Text(path) + " (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquetIsReadLikeCSV(t *testing.T) {
	path := parquet(t, `SELECT i AS id, CASE WHEN i = 2 THEN NULL ELSE i / 3.0::DOUBLE END AS dose, 'NA' AS note FROM range(1, 4) AS t(i)`)
	frame, err := Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	doses, err := frame.Numbers("dose")
	if err != nil {
		t.Fatal(err)
	}
	if doses[0] != 1.0/3 || !math.IsNaN(doses[1]) || doses[2] != 1 {
		t.Errorf("doses %v", doses)
	}
	if got := texts(t, frame, "note"); !slices.Equal(got, []string{"", "", ""}) {
		t.Errorf("notes %q", got)
	}
}

func TestNestedAndInfiniteParquetIsRefused(t *testing.T) {
	_, err := Read(context.Background(), parquet(t, `SELECT [1, 2] AS doses`))
	if err == nil || !strings.Contains(err.Error(), `column "doses": values of type INTEGER[]`) {
		t.Errorf("nested: %v", err)
	}
	frame, err := Read(context.Background(), parquet(t, `SELECT 'inf'::DOUBLE AS dose`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := frame.Numbers("dose"); err == nil || !strings.Contains(err.Error(), `"inf" is not a number`) {
		t.Errorf("infinite: %v", err)
	}
}

func TestViewAsksAcrossFilesAndSeesNothingElse(t *testing.T) {
	ctx := context.Background()
	view, err := Open(ctx,
		Source{Name: "train", Path: write(t, "train.csv", "id,a\n1,x\n2,y\n")},
		Source{Name: "holdout", Path: write(t, "holdout.csv", "id,a\n2,y\n3,z\n")})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	overlap, err := view.Count(ctx, "SELECT count(*) FROM train JOIN holdout USING (id)")
	if err != nil || overlap != 1 {
		t.Errorf("overlap %d, %v", overlap, err)
	}
	secret := write(t, "secret.csv", "a\n1\n")
	for _, escape := range []string{
		"SELECT count(*) FROM read_csv(" + Text(secret) + ")",
		"SELECT count(*) FROM glob('/*')",
		"COPY (SELECT 1) TO " + Text(secret),
		"ATTACH " + Text(secret+".db"),
		"SET enable_external_access = true",
		"INSTALL httpfs",
		"LOAD httpfs",
	} {
		if _, err := view.Count(ctx, escape); err == nil {
			t.Errorf("%s: went through", escape)
		}
	}
}

func TestInterruptedReadSaysSo(t *testing.T) {
	path := write(t, "patients.csv", "a,b\n"+strings.Repeat("1,2\n", 1_000_000))
	for _, patience := range []time.Duration{0, time.Millisecond, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		_, err := Read(ctx, path)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "\n") {
			t.Errorf("after %v: %v", patience, err)
		}
	}
}
