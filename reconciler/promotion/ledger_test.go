package promotion

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var input = evidence.Sum([]byte("input"))

func write(text string) func(string) error {
	return func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte(text), 0o600) }
}

func filesBelow(t *testing.T, ledger Ledger) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(string(ledger), "*", "*"))
	hidden, failed := filepath.Glob(filepath.Join(string(ledger), "*", ".*"))
	if err := errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	for _, name := range hidden {
		t.Errorf("%s was left behind", name)
	}
	return found
}

func TestAnEntryIsMadeOnce(t *testing.T) {
	ledger := Ledger(t.TempDir())
	dir, cached, err := ledger.entry("train", input, write("1"))
	if err != nil || cached {
		t.Fatal(cached, err)
	}
	again, cached, err := ledger.entry("train", input, func(string) error { return errors.New("asked twice") })
	if err != nil || !cached || again != dir {
		t.Errorf("%q, %v, %v", again, cached, err)
	}
	if other, cached, err := ledger.entry("score", input, write("2")); err != nil || cached || other == dir {
		t.Errorf("another verb found %q, %v, %v", other, cached, err)
	}
	filesBelow(t, ledger)
}

// An entry appears whole or not at all: who dies half way leaves nothing that
// a later run would take for an output.
func TestAFailingMakerLeavesNothing(t *testing.T) {
	ledger := Ledger(t.TempDir())
	for name, maker := range map[string]func(string) error{
		"an error": func(dir string) error { return errors.Join(write("half")(dir), errors.New("disk full")) },
		"a panic":  func(dir string) error { panic(write("half")(dir)) },
	} {
		func() {
			defer func() { _ = recover() }()
			if _, _, err := ledger.entry("train", input, maker); err == nil {
				t.Errorf("%s: no error", name)
			}
		}()
		if found := filesBelow(t, ledger); len(found) != 0 {
			t.Errorf("%s left %v", name, found)
		}
	}
	if _, cached, err := ledger.entry("train", input, write("1")); cached || err != nil {
		t.Errorf("afterwards: cached %v, %v", cached, err)
	}
}

func TestManyMakersOfOneInputAgree(t *testing.T) {
	ledger := Ledger(t.TempDir())
	var made atomic.Int32
	var running sync.WaitGroup
	for i := range 16 {
		running.Go(func() {
			got, _, err := value(ledger, "score", input, func() ([]float64, error) {
				made.Add(1)
				return []float64{0.5, 0.25}, nil
			})
			if err != nil || fmt.Sprint(got) != "[0.5 0.25]" {
				t.Errorf("maker %d: %v, %v", i, got, err)
			}
		})
	}
	running.Wait()
	if found := filesBelow(t, ledger); len(found) != 1 || made.Load() < 1 {
		t.Errorf("%d made, %v kept", made.Load(), found)
	}
}

func TestABrokenOutputIsMadeAgain(t *testing.T) {
	for name, spoil := range map[string]func(string) error{
		"cut short": func(path string) error { return os.Truncate(path, 3) },
		"empty":     func(path string) error { return os.Truncate(path, 0) },
		"gone":      os.Remove,
		"not JSON":  func(path string) error { return os.WriteFile(path, []byte("<html>"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			ledger := Ledger(t.TempDir())
			maker := func() ([]int, error) { return []int{1, 2, 3}, nil }
			if _, cached, err := value(ledger, "measure", input, maker); cached || err != nil {
				t.Fatal(cached, err)
			}
			if err := spoil(filepath.Join(string(ledger), "measure", input.Hex(), outputFile)); err != nil {
				t.Fatal(err)
			}
			for _, wantCached := range []bool{false, true} {
				got, cached, err := value(ledger, "measure", input, maker)
				if err != nil || cached != wantCached || len(got) != 3 {
					t.Errorf("got %v, cached %v, %v", got, cached, err)
				}
			}
		})
	}
}

func TestAnErrorOfTheMakerIsNotKept(t *testing.T) {
	ledger := Ledger(t.TempDir())
	trouble := errors.New("no")
	if _, _, err := value(ledger, "score", input, func() (int, error) { return 7, trouble }); !errors.Is(err, trouble) {
		t.Errorf("error is %v", err)
	}
	if got, cached, err := value(ledger, "score", input, func() (int, error) { return 8, nil }); got != 8 || cached || err != nil {
		t.Error(got, cached, err)
	}
}

// A digest comes from outside, too: it is never a path.
func TestOnlyADigestNamesAnEntry(t *testing.T) {
	ledger := Ledger(filepath.Join(t.TempDir(), "ledger"))
	for _, hostile := range []evidence.Digest{"", "sha256:", "sha256:..", "sha256:../../../etc", evidence.Digest(input.Hex()), input + "/.."} {
		if dir, _, err := ledger.entry("pull", hostile, write("x")); err == nil {
			t.Errorf("%q made %s", hostile, dir)
		}
	}
}

func TestALedgerThatCannotBeWrittenSaysWhat(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Ledger(file).entry("train", input, write("x")); err == nil {
		t.Error("a file served as a ledger")
	}
}

func TestADigestDependsOnValuesAndNotOnTheOrderOfKeys(t *testing.T) {
	one, err := digestOf(map[string]int{"a": 1, "b": 2, "c": 3}, "x")
	if err != nil || one != evidence.Sum([]byte(`[{"a":1,"b":2,"c":3},"x"]`)) {
		t.Fatal(one, err)
	}
	for range 20 {
		if again, _ := digestOf(map[string]int{"c": 3, "b": 2, "a": 1}, "x"); again != one {
			t.Fatal("the same map gave another digest")
		}
	}
	for _, other := range [][]any{{map[string]int{"a": 1, "b": 2}, "x"}, {"x", map[string]int{"a": 1, "b": 2, "c": 3}}, {nil}, {}} {
		if digest, err := digestOf(other...); err != nil || digest == one {
			t.Errorf("%v: %v, %v", other, digest, err)
		}
	}
	if _, err := digestOf(func() {}); err == nil {
		t.Error("a function has a digest")
	}
}
