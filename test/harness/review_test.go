package harness_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// Every model of the catalog is reviewed on the day, and again within a year;
// a repository whose governance.yaml has no place for it is told.
func TestAReviewIsWrittenIntoEveryModel(t *testing.T) {
	repository := filepath.Join(t.TempDir(), "promotions")
	if err := os.CopyFS(repository, catalog.FS); err != nil {
		t.Fatal(err)
	}
	bill, day := evidence.Sum([]byte("bill")), time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	if err := harness.Review(repository, bill, day); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(repository, "models", "*", "governance.yaml"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for text, times := range map[string]int{"components: " + string(bill): 1, `reviewBy: "2032-03-01"`: 1, `date: "2031-05-06"`: 2} {
			if got := strings.Count(string(content), text); got != times {
				t.Errorf("%s holds %q %d times, want %d", file, text, got, times)
			}
		}
	}
	if err := os.WriteFile(files[0], []byte("kind: Governance\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := harness.Review(repository, bill, day); err == nil {
		t.Error("a file without a place for a review was reviewed")
	}
}
