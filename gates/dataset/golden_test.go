package dataset

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

var update = flag.Bool("update", false, "rewrite testdata/golden")

// strange is a file with whatever reads differently in two languages: numbers
// that are none, quotes, blanks, marks and copies.
func strange(t *testing.T) string {
	texts := []string{"1", "+1", "1.", ".5", "1e5", "1e999", "1e-999", "1_000", " 7", "+-1", "inf", "NaN", "0x10", "NA", `""`, `"1,5"`, "-0", "９", `"a ""b"""`, `"two
lines"`, "2020-02-30", "2020-02-29", "a@b.org", "212-555-0123", "123456789012345678"}
	return write(t, "strange.csv", "\xef\xbb\xbf"+strings.ReplaceAll(rowsOf("patient,age,sex,marker,visit,died", 2000, func(i int) string {
		return fmt.Sprintf("p%d,%d,%s,%s,2020-%02d-%02d,%d", i%1990, 18+i%80, []string{"female", "male", ""}[i%3], texts[i*i%len(texts)], 1+i%13, 1+i%31, i%7%2)
	}), "\n", "\r\n"))
}

// Measurements are those of 23 November 2026, when the database still counted
// them in SQL: how values are read and counted may change, what is counted may
// not. New measurements may come.
func TestMeasurementsStayWhatTheyWere(t *testing.T) {
	lung := filepath.Join("testdata", "lung_ncctg.csv")
	wdbc := filepath.Join("testdata", "wdbc.csv")
	survival := &v1alpha1.DatasetSpec{Time: "time", Event: "status", Groups: []string{"sex"}}
	binary := &v1alpha1.DatasetSpec{Label: "target", Columns: []v1alpha1.Column{{Name: "mean_radius", Type: "number", Max: limit(25)}}}
	contract := clinic()
	contract.Columns = append(contract.Columns, v1alpha1.Column{Name: "visit", Type: "date"})
	for _, test := range []struct {
		name, data, reference string
		contract              *v1alpha1.DatasetSpec
	}{
		{"lung", partOf(t, lung, "sex", "2"), partOf(t, lung, "sex", "1"), survival},
		{"wdbc", wdbc, partOf(t, wdbc, "diagnosis", "malignant"), binary},
		{"tcga", filepath.Join("testdata", "tcga_coad.csv"), "", nil},
		{"strange", strange(t), "", nil},
		{"strange-under-contract", strange(t), strange(t), &contract},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join("testdata", "golden", test.name+".txt")
			got := lines(measureFiles(t, test.data, test.reference, test.contract).list)
			if *update {
				if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range golden(t, path) {
				if !slices.Contains(got, want) {
					t.Errorf("no longer measured: %s", want)
				}
			}
		})
	}
}

func lines(measured []evidence.Measurement) []string {
	var lines []string
	for _, m := range measured {
		lines = append(lines, fmt.Sprintf("%s\t%q\t%s\t[%s %s]\tn=%d\t%s\t%s", m.Name, m.Group, m.Value, m.Low, m.High, m.N, m.Unit, m.Method))
	}
	return lines
}

func golden(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var want []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		want = append(want, scanner.Text())
	}
	if len(want) == 0 {
		t.Fatalf("%s is empty", path)
	}
	return want
}
