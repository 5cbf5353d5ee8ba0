package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rowsOf streams a file into rows, as clones.
func rowsOf(ctx context.Context, path string) ([][]string, error) {
	view, err := Open(ctx, Source{Name: "data", Path: path})
	if err != nil {
		return nil, err
	}
	defer view.Close()
	var rows [][]string
	var texts []string
	err = view.Stream(ctx, "data", "", func(batch *Batch) error {
		first := len(rows)
		for range batch.Rows() {
			rows = append(rows, nil)
		}
		for column := range view.Columns("data") {
			texts = batch.Texts(column, texts)
			for row, text := range texts {
				rows[first+row] = append(rows[first+row], strings.Clone(text))
			}
		}
		return nil
	})
	return rows, err
}

func TestStreamedRowsAreThoseOfTheFrame(t *testing.T) {
	var content strings.Builder
	content.WriteString("id,short,long\r\n")
	for i := range 10_000 {
		fmt.Fprintf(&content, "%d,%s,\"a text of more than twelve bytes, %d\r\nand two lines\"\r\n", i, []string{"", "NA", "x", "twelve bytes", "thirteen byte"}[i%5], i)
	}
	path := write(t, "patients.csv", content.String())
	frame, err := Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := rowsOf(t.Context(), path)
	if err != nil || len(rows) != frame.Rows() {
		t.Fatalf("%d rows of %d, %v", len(rows), frame.Rows(), err)
	}
	for at, name := range frame.Columns() {
		for row, text := range texts(t, frame, name) {
			if rows[row][at] != text {
				t.Fatalf("row %d, column %s: %q, want %q", row+1, name, rows[row][at], text)
			}
		}
	}
}

func TestStreamsEndWhereTheFileBreaksOrTheVisitorStops(t *testing.T) {
	path := write(t, "patients.csv", "a,b\n"+strings.Repeat("1,2\n", 50_000)+"1,2,3\n")
	if _, err := rowsOf(t.Context(), path); err == nil || err.Error() != "patients.csv: row 50001: 3 fields where the header names 2" {
		t.Errorf("a field too many: %v", err)
	}
	path = write(t, "patients.csv", "a,b\n"+strings.Repeat("1,2\n", 500_000))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rowsOf(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	view, err := Open(t.Context(), Source{Name: "data", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	enough, batches := errors.New("enough"), 0
	if err := view.Stream(t.Context(), "data", "", func(*Batch) error { batches++; return enough }); !errors.Is(err, enough) || batches != 1 {
		t.Errorf("stopped after %d batches: %v", batches, err)
	}
}

func TestStreamsSeeNoOtherFile(t *testing.T) {
	path, secret := write(t, "patients.csv", "a\n1\n"), write(t, "secret.csv", "a\n1\n")
	view, err := Open(t.Context(), Source{Name: "data", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	found := view.files["data"]
	database, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	defer database.close()
	if err := database.confine(view.memory, found); err != nil {
		t.Fatal(err)
	}
	for _, escape := range []string{"SELECT * FROM read_csv(" + Text(secret) + ")", "COPY (SELECT 1) TO " + Text(secret), "SET enable_external_access = true", "SET temp_directory = '/tmp'"} {
		if err := database.execute(escape); err == nil {
			t.Errorf("%s: went through", escape)
		}
	}
}

// FuzzNumbersAreThoseOfStrconv: the quick reading of short numbers gives the
// value that the long one gives, to the last bit and sign.
func FuzzNumbersAreThoseOfStrconv(f *testing.F) {
	for _, seed := range []string{"1", "-0", "+5.", ".5", "-.", ".", "", "734.325", "9007199254740993", "123456789012345", "0.00000000000001", "1e5", "+-1", "1_0", "0x1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict := !slices.ContainsFunc([]byte(text), func(char byte) bool { return !strings.ContainsRune("0123456789+-.eE", rune(char)) })
		want, err := strconv.ParseFloat(text, 64)
		got, ok := Number(text)
		if ok != (strict && err == nil) || ok && (got != want || 1/got != 1/want) {
			t.Errorf("%q is %v, %v, want %v, %v", text, got, ok, want, err)
		}
	})
}
