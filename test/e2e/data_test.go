package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// A row that changes without its digest is refused with both digests, and with
// the files that they stand in.
func TestADataSetOtherThanItsDigest(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	file := filepath.Join(bench.clone, "datasets", "wdbc", "data.csv")
	rows, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(rows, []byte("17.99,10.38"), []byte("17.99,10.39"), 1)
	bench.pushed(proposal, func() error { return os.WriteFile(file, changed, 0o644) })
	outcome := bench.check(proposal)
	expect(t, outcome.Error, string(evidence.Sum(rows)), string(evidence.Sum(changed)),
		"datasets/wdbc/data.csv", "datasets/wdbc/dataset.yaml", "hint: ")
	if outcome.Allowed || bench.trainings() != 0 {
		t.Errorf("allowed: %t, %d trainings", outcome.Allowed, bench.trainings())
	}
}

func TestADataFileThatIsMissing(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	bench.pushed(proposal, func() error { return os.Remove(filepath.Join(bench.clone, "datasets", "wdbc", "data.csv")) })
	outcome := bench.check(proposal)
	expect(t, outcome.Error, "breast-malignancy in development", "datasets/wdbc/data.csv")
	if outcome.Allowed || bench.trainings() != 0 {
		t.Errorf("allowed: %t, %d trainings", outcome.Allowed, bench.trainings())
	}
}
