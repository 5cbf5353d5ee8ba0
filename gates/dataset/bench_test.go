package dataset

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// numbersOfBench are the number columns of the generated file.
var numbersOfBench = []string{"age", "died", "a", "b", "c", "d", "e"}

// generate writes a CSV file of so many patients, ten columns each, with
// DuckDB's own writer. Padding makes a row so many bytes longer.
func generate(t testing.TB, rows, padding int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "patients.csv")
	query := "SELECT 'p' || i AS patient, CASE WHEN hash(i * 7) % 2 = 0 THEN 'female' ELSE 'male' END AS sex, 18 + hash(i) % 70 AS age, hash(i * 3) % 2 AS died, 'site' || (hash(i * 29) % 12) || repeat('x', " + strconv.Itoa(padding) + ") AS site"
	for i, name := range numbersOfBench[2:] {
		query += fmt.Sprintf(", round((hash(i * %d) %% 1000000) / 1000.0, 3) AS %s", 11+2*i, name)
	}
	duckdb(t, "COPY ("+query+" FROM range("+strconv.Itoa(rows)+") t(i)) TO "+table.Text(path)+" (FORMAT csv, HEADER)")
	return path
}

func duckdb(t testing.TB, statement string) {
	t.Helper()
	database, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	database.SetMaxOpenConns(1)
	for _, each := range []string{"SET threads = 2", statement} {
		if _, err := database.Exec(each); err != nil {
			t.Fatal(err)
		}
	}
}

// scanAlone is what DuckDB needs to read the file, types given, and aggregate
// every column: the least that any measurement of it can cost.
func scanAlone(t testing.TB, path string) time.Duration {
	t.Helper()
	types, aggregates := "patient: 'VARCHAR', sex: 'VARCHAR', age: 'DOUBLE', died: 'DOUBLE', site: 'VARCHAR'", "count(patient), count(DISTINCT sex), count(DISTINCT site)"
	for i, name := range numbersOfBench {
		if i > 1 {
			types += ", " + name + ": 'DOUBLE'"
		}
		aggregates += fmt.Sprintf(", count(%s), min(%s), max(%s), avg(%s)", name, name, name, name)
	}
	start := time.Now()
	duckdb(t, "CREATE TABLE answer AS SELECT "+aggregates+" FROM read_csv("+table.Text(path)+", columns = {"+types+"}, auto_detect = false, header = true)")
	return time.Since(start)
}

func benchContract() *v1alpha1.DatasetSpec {
	contract := &v1alpha1.DatasetSpec{Key: "patient", Label: "died", Groups: []string{"sex"}, Columns: []v1alpha1.Column{
		{Name: "patient", Type: "text", Required: true}, {Name: "sex", Type: "text", Values: []string{"female", "male"}}, {Name: "site", Type: "text"},
	}}
	for _, name := range numbersOfBench {
		contract.Columns = append(contract.Columns, v1alpha1.Column{Name: name, Type: "number", Min: limit(0), Max: limit(1000)})
	}
	return contract
}

// BenchmarkDatasetAgainstScan measures every column of five million patients;
// ASSAY_BENCH_ROWS asks for another number (ten gigabytes are 150000000).
// "ratio" is to DuckDB's own scan of the same file, and wants to be under 3. A
// file of any size must do with mostMemory.
func BenchmarkDatasetAgainstScan(b *testing.B) {
	rows := 5_000_000
	if asked, err := strconv.Atoi(os.Getenv("ASSAY_BENCH_ROWS")); err == nil {
		rows = asked
	}
	path := generate(b, rows, 0)
	scanAlone(b, path) // warms the file cache
	before := processor()
	alone := scanAlone(b, path)
	scanned := processor()
	for b.Loop() {
		if _, err := MeasureFiles(context.Background(), path, "", benchContract()); err != nil {
			b.Fatal(err)
		}
	}
	perRun := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(perRun.Seconds()/alone.Seconds(), "ratio")
	b.ReportMetric((processor()-scanned).Seconds()/float64(b.N)/(scanned-before).Seconds(), "cpu-ratio")
	b.ReportMetric(alone.Seconds(), "scan-s")
	b.ReportMetric(peakMemory()/(1<<30), "peak-GiB")
	if peakMemory() > mostMemory {
		b.Errorf("%.0f bytes of memory are more than %.0f", peakMemory(), float64(mostMemory))
	}
}

// mostMemory is what the gate may need for a file of ten gigabytes, in bytes.
const mostMemory = 1.5e9

// processor is the time that this process had a processor: on a shared machine
// it says more than the clock.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakMemory is the most that this process ever held, in bytes, DuckDB's own
// memory included; 0 where the system does not tell.
func peakMemory() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes float64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kilobytes); err == nil {
			return kilobytes * 1024
		}
	}
	return 0
}
