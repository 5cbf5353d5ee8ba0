package promotion

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzABrokenEntryIsMadeAgain: whatever stands in an entry of the ledger, what
// is read is a value of its type, and a second reading gives the same.
func FuzzABrokenEntryIsMadeAgain(f *testing.F) {
	for _, seed := range []string{"[0.5,1]", "[0.5", "null", "{}", `["x"]`, "[1e999]", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ledger, input := Ledger(t.TempDir()), evidence.Sum(nil)
		dir := filepath.Join(string(ledger), "score", input.Hex())
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, outputFile), text, 0o600); err != nil {
			t.Fatal(err)
		}
		make := func() ([]float64, error) { return []float64{0.25}, nil }
		first, _, err := value(ledger, "score", input, make)
		if err != nil {
			t.Fatal(err)
		}
		second, cached, err := value(ledger, "score", input, make)
		if err != nil || !cached || !slices.Equal(first, second) {
			t.Errorf("%q: first %v, then %v (cached %t, %v)", text, first, second, cached, err)
		}
	})
}
