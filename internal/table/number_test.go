package table

import (
	"context"
	"math"
	"testing"
)

// FuzzSQLReadsNumbersAsGoDoes: what the database counts as numbers is what the
// statistics are made of.
func FuzzSQLReadsNumbersAsGoDoes(f *testing.F) {
	for _, seed := range []string{"1", "+1", "1.", ".5", "1e5", "1e999", "1e-999", "4.9e-324", "1_000", " 1", "1 ", "+-1", "-+1", "inf", "nan", "0x10", "1e", "1,5", "--1", "1\n", "９", ":", "-"} {
		f.Add(seed)
	}
	view, err := Open(context.Background(), Source{Name: "any", Path: write(f, "any.csv", "a\n1\n")})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		answers, err := view.Aggregate(t.Context(), "SELECT "+NumberOf("a")+" FROM (SELECT "+Text(text)+" AS a)")
		if err != nil {
			return // not UTF-8, or a NUL in the statement
		}
		value, ok := Number(text)
		if got := answers[0][0]; math.IsNaN(got) == ok || ok && got != value {
			t.Errorf("%q is %v in SQL, and %v, %v in Go", text, got, value, ok)
		}
	})
}
