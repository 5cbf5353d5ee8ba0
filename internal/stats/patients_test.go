package stats_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// patients is a data set by column, as text; column "row" numbers the rows of
// the file from 1.
type patients map[string][]string

func readPatients(t testing.TB, name string) patients {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	data := patients{}
	for j, column := range rows[0] {
		for _, row := range rows[1:] {
			data[column] = append(data[column], row[j])
		}
	}
	for row := range rows[1:] {
		data["row"] = append(data["row"], strconv.Itoa(row+1))
	}
	return data
}

// study reads a data set of the oracle with its filter.
func study(t *testing.T, dataset, filter string) patients {
	t.Helper()
	data := readPatients(t, dataset+".csv")
	if column, value, ok := strings.Cut(filter, "=="); ok {
		return data.where(func(row int) bool { return data[column][row] == value })
	}
	if column, value, ok := strings.Cut(filter, ">"); ok {
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil {
			t.Fatal(err)
		}
		numbers := data.number(t, column)
		return data.where(func(row int) bool { return numbers[row] > limit })
	}
	if filter != "" {
		t.Fatalf("filter %q", filter)
	}
	return data
}

// where keeps rows.
func (p patients) where(keep func(row int) bool) patients {
	kept := patients{}
	for column, values := range p {
		for row, value := range values {
			if keep(row) {
				kept[column] = append(kept[column], value)
			}
		}
	}
	return kept
}

// complete keeps the rows that have all of these columns.
func (p patients) complete(columns ...string) patients {
	return p.where(func(row int) bool {
		for _, column := range columns {
			if p[column][row] == "" {
				return false
			}
		}
		return true
	})
}

// number reads a column; a missing value is NaN.
func (p patients) number(t testing.TB, column string) []float64 {
	t.Helper()
	var values []float64
	for _, text := range p[column] {
		value := math.NaN()
		if text != "" {
			var err error
			if value, err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatal(err)
			}
		}
		values = append(values, value)
	}
	return values
}

func (p patients) is(column, value string) []bool {
	var equal []bool
	for _, text := range p[column] {
		equal = append(equal, text == value)
	}
	return equal
}

// dummy is 1 where a column has a value.
func (p patients) dummy(column, value string) []float64 {
	flags := make([]float64, len(p[column]))
	for row, text := range p[column] {
		if text == value {
			flags[row] = 1
		}
	}
	return flags
}

// near compares with a relative tolerance; the texts of the oracle carry 15
// digits.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance*math.Max(math.Abs(want), 1e-300) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

const (
	closed   = 1e-9 // closed formulas
	iterated = 1e-6 // iterative fits
	printed  = 1e-6 // values that a paper or manual prints with seven digits
)
