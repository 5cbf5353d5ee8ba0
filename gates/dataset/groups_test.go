package dataset

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// However rows are put together (in memory, read again, in one pass or in
// many), the groups are those that a map finds.
func TestGroupsAreThoseOfAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const rows = 40_000
	var files [2]string
	tallied := map[string]*tally{}
	for i := range files {
		var content strings.Builder
		content.WriteString("patient,age,died\n")
		for range rows {
			patient, died := fmt.Sprintf("p%d", random.IntN(30_000)), random.IntN(2)
			fmt.Fprintf(&content, "%s,%d,%d\n", patient, random.IntN(100), died)
			if tallied[patient] == nil {
				tallied[patient] = &tally{}
			}
			tallied[patient].count(uint64(i), uint64(died+1))
		}
		files[i] = write(t, "patients.csv", content.String())
	}
	var want groups
	for _, of := range tallied {
		want.add(of)
	}
	contract := &v1alpha1.DatasetSpec{Key: "patient", Label: "died"}
	opened, err := open(t.Context(), request{memory: memory, contract: contract, sources: []table.Source{{Name: "data", Path: files[0]}, {Name: "reference", Path: files[1]}}})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.view.Close()
	label, _ := opened.label()
	for _, allowed := range []int{memory, 1 << 20, 100_000} {
		for _, as := range []aspect{plain, exact} { // exact labels are not kept
			byKey := opened.byKey()
			byKey.label = []trait{{column: label, as: as}}
			opened.memory = allowed
			found, err := opened.group(t.Context(), byKey)
			if err != nil || found[0] != want {
				t.Errorf("within %d bytes: %+v, %v, want %+v", allowed, found, err, want)
			}
		}
	}
}

// One row in three million stands twice.
func TestOneCopyAmongMillionsIsFound(t *testing.T) {
	path := write(t, "patients.csv", rowsOf("age", 3_000_000, func(i int) string { return fmt.Sprint(max(i, 1)) }))
	m := measureFiles(t, path, "", nil)
	m.is("rows", "data", "3000000")
	m.is("duplicate_rows", "", "1")
}

func TestValuesThatAreEqualAreOneGroup(t *testing.T) {
	for _, test := range []struct {
		as          aspect
		first, then string
		equal       bool
	}{
		{exact, "1", "1.0", false}, {exact, "", "NA", true}, {exact, "a text of more than eight", "a text of more than eighT", false},
		{exact, "12345678", "12345678\x00", false}, {plain, "1", "1.0", true}, {plain, "0", "-0", true}, {plain, "x", "", true},
		{folded, "Ward ", "ward", true}, {rounded, "10.04", "10.01", true}, {rounded, "10.04", "10.06", false},
		{decade, "59.9", "50", true}, {decade, "59.9", "60", false}, {unread, "x", "y", false}, {unread, "1", "2", true},
	} {
		var hashes [2]uint64
		for i, text := range []string{test.first, strings.TrimSuffix(test.then, "NA")} {
			number, ok := table.Number(text)
			if !ok {
				number = math.NaN()
			}
			hashes[i] = trait{as: test.as, scale: 10}.hash(fields{texts: []string{text}, numbers: []float64{number}}, 0)
		}
		if (hashes[0] == hashes[1]) != test.equal {
			t.Errorf("%q and %q, read as %d, are equal: %v", test.first, test.then, test.as, !test.equal)
		}
	}
}

// What the gate holds does not grow with the file: four times the rows, the
// same memory.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	var held [2]float64
	for i, rows := range []int{250_000, 1_000_000} {
		path := generate(t, rows, 0)
		held[i] = mostHeld(func() {
			opened, err := open(t.Context(), request{memory: 48 << 20, contract: benchContract(), sources: []table.Source{{Name: "data", Path: path}}})
			if err != nil {
				t.Fatal(err)
			}
			defer opened.view.Close()
			if _, err := repetition(t.Context(), opened); err != nil {
				t.Error(err)
			}
		})
	}
	if held[1] > 1.5*held[0] || held[1] > 256<<20 {
		t.Errorf("a million rows hold %.0f MiB, a quarter of them %.0f", held[1]/(1<<20), held[0]/(1<<20))
	}
}

// mostHeld is the most bytes of Go that were in use meanwhile, by and large
// those that are needed. The database's own are bounded by its setting.
func mostHeld(work func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	debug.FreeOSMemory()
	ctx, done := context.WithCancel(context.Background())
	most := make(chan float64)
	go func() {
		sample, highest := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}, 0.0
		for ctx.Err() == nil {
			metrics.Read(sample)
			highest = max(highest, float64(sample[0].Value.Uint64()))
			time.Sleep(time.Millisecond)
		}
		most <- highest
	}()
	work()
	done()
	return <-most
}
