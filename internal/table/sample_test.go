package table

import (
	"fmt"
	"strings"
	"testing"
)

// A sample is drawn while nobody knows how many rows will come; it is the one
// that would have been drawn had they been counted first.
func TestASampleIsThatOfACountedFile(t *testing.T) {
	const rows, limit = 30_000, 1000
	var content strings.Builder
	content.WriteString("patient,visit\n")
	for i := range rows {
		fmt.Fprintf(&content, "p%d,%d\n", i/3, i)
	}
	view, err := Open(t.Context(), Source{Name: "data", Path: write(t, "patients.csv", content.String())})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	for _, by := range []string{"patient", ""} {
		sample := view.Sample("data", limit)
		if err := view.Stream(t.Context(), "data", by, sample.Add); err != nil {
			t.Fatal(err)
		}
		hashed := by
		if by == "" {
			hashed = "patient, visit"
		}
		want, err := view.Aggregate(t.Context(), fmt.Sprintf("SELECT CAST(visit AS DOUBLE) FROM data WHERE hash(%s) %% %d < %d", hashed, parts, parts*limit/rows))
		if err != nil {
			t.Fatal(err)
		}
		visits, err := sample.Frame().Numbers("visit")
		if err != nil || len(visits) != len(want) || len(visits) < limit/2 {
			t.Fatalf("by %q: %d rows, %v, want %d", by, len(visits), err, len(want))
		}
		for row, visit := range visits {
			if visit != want[row][0] {
				t.Fatalf("by %q: row %d is %v, want %v", by, row, visit, want[row][0])
			}
		}
	}
}

func TestASampleOfAShortFileIsTheFile(t *testing.T) {
	view, err := Open(t.Context(), Source{Name: "data", Path: write(t, "patients.csv", "a,b\n1,x\n2,\n3,a text that is not short\n")})
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	sample := view.Sample("data", 3)
	if err := view.Stream(t.Context(), "data", "", sample.Add); err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	if err := sample.Frame().WriteCSV(&written); err != nil || written.String() != "a,b\n1,x\n2,\n3,a text that is not short\n" {
		t.Errorf("the sample is %q, %v", written.String(), err)
	}
}
