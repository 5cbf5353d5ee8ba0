package dataset

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Whatever is wrong with the data ends in a measurement or in an error that
// says where.
func TestStrangeDataIsMeasured(t *testing.T) {
	header := "patient,age,sex,ecog,died\n"
	ordinary := header + "p1,50,female,0,0\np2,60,male,1,1\n"
	for _, test := range []struct{ why, holdout, name, group, want string }{
		{"a holdout of one row", header + "q1,50,male,0,1\n", "rows", "holdout", "1"},
		{"one class", header + "q1,50,male,0,1\nq2,51,male,0,1\n", "non_events", "", "0"},
		{"all ties", header + "q1,50,male,0,1\nq2,50,male,0,0\n", "outlier_fraction", "ecog", "0"},
		{"infinity", header + "q1,inf,male,0,1\nq2,NaN,male,0,0\n", "type_violations", "age", "2"},
		{"more than a float64", header + "q1,1e999,male,0,1\n", "type_violations", "age", "1"},
		{"digits with underscores and spaces", header + "q1,5_0,male,0,1\nq2, 50,male,0,1\n", "type_violations", "age", "2"},
		{"a cohort that nobody belongs to", header + "q1,50,male,0,1\n", "cohort_rows", "sex=female", "0"},
		{"the same patient twice", header + "q1,50,male,0,1\nq1,51,male,0,0\n", "duplicate_keys", "", "1"},
		{"a mark and CRLF", "\xef\xbb\xbf" + strings.ReplaceAll(header+"q1,50,male,0,1\n", "\n", "\r\n"), "rows", "holdout", "1"},
		{"a line break in quotes", header + "\"q\n1\",50,male,0,1\n", "rows", "holdout", "1"},
	} {
		t.Run(test.why, func(t *testing.T) {
			m := measureGate(t, clinic(), ordinary, test.holdout)
			if found, has := m.find(test.name, test.group); !has || string(found.Value) != test.want || test.want == "" && found.Method == "" {
				t.Errorf("%s is %+v, want %q", test.name, found, test.want)
			}
		})
	}
}

// A record of another length deep in the file, where no sampling reader would
// look.
func TestARowOfAnotherLengthDeepInTheFileIsFound(t *testing.T) {
	const at = 3_000_000
	for _, test := range []struct{ row, want string }{
		{"p,50,50", "3 fields where the header names 2"},
		{"p", "1 fields where the header names 2"},
	} {
		path := write(t, "deep.csv", rowsOf("patient,age", 3_100_000, func(i int) string {
			if i+1 == at {
				return test.row
			}
			return "p" + strconv.Itoa(i) + ",50"
		}))
		_, err := MeasureFiles(context.Background(), path, "", nil)
		if want := fmt.Sprintf("deep.csv: row %d: %s", at, test.want); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestAParquetFileCutShortIsRefused(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole.parquet")
	duckdb(t, "COPY (SELECT 'p' || i AS patient, i % 90 AS age FROM range(10000) t(i)) TO "+table.Text(whole)+" (FORMAT parquet)")
	measureFiles(t, whole, "", nil).is("rows", "data", "10000")
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, length := range []int{5, len(content) / 2, len(content) - 1} {
		cut := write(t, "cut.parquet", string(content[:length]))
		if _, err := MeasureFiles(context.Background(), cut, "", nil); err == nil || !strings.Contains(err.Error(), "cut.parquet: ") {
			t.Errorf("%d of %d bytes: %v", length, len(content), err)
		}
	}
}

// A file several times larger than the memory allowed: repetitions are counted
// in several passes, and counts are those of all rows.
func TestAFileLargerThanMemoryIsMeasured(t *testing.T) {
	const rows, allowed = 250_000, 48 << 20
	path := generate(t, rows, 600)
	if info, err := os.Stat(path); err != nil || info.Size() < 3*allowed {
		t.Fatalf("the file is too small for this test: %v, %v", info.Size(), err)
	}
	answered, err := measure(context.Background(), request{memory: allowed, contract: benchContract(), sources: []table.Source{{Name: "data", Path: path}}})
	if err != nil {
		t.Fatal(err)
	}
	m := valid(t, answered)
	m.is("rows", "data", "250000")
	m.is("duplicate_rows", "", "0")
	m.is("duplicate_keys", "", "0")
	m.is("type_violations", "age", "0")
	m.is("phi_columns", "", "0")
	if held, _ := m.find("rows_held", "data"); held.Value.Float() < 0.98*heldRows || held.Value.Float() > 1.02*heldRows {
		t.Errorf("%v rows are held of 250000", held.Value)
	}
}

// Passes change how repetitions are counted, and not what is found.
func TestSeveralPassesFindWhatOneFinds(t *testing.T) {
	text := rowsOf("patient,age,died", 5000, func(i int) string { return fmt.Sprintf("p%d,%d,%d", i%4500, i%71, i%2) })
	path := write(t, "data.csv", text)
	contract := &v1alpha1.DatasetSpec{Key: "patient", Label: "died"}
	opened, err := open(context.Background(), request{memory: memory, contract: contract, sources: []table.Source{{Name: "data", Path: path}, {Name: "reference", Path: path}}})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.view.Close()
	var answers [2][]groups
	for i, pretended := range []int{memory, 300_000} {
		opened.memory = pretended
		if answers[i], err = opened.group(context.Background(), opened.byKey(), opened.byFeatures(), opened.byRow()); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(answers[0]) != fmt.Sprint(answers[1]) || answers[0][0].shared != 4500 || answers[0][1].conflicting == 0 {
		t.Errorf("one pass found %+v, several %+v", answers[0], answers[1])
	}
}
