package harness_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

func TestAWorldVouchesForItsOwnLog(t *testing.T) {
	_, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := fs.ReadFile(catalog.FS, "assay.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "assay.yaml")
	if err := os.WriteFile(file, shipped, 0o600); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC)
	if err := harness.Vouch(file, public, day); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(written); !strings.Contains(text, `reviewed: "2027-03-01"`) || strings.Count(text, "publicKey: assay.dev/log/") != 1 || len(text) != len(shipped) {
		t.Error(text)
	}
	if err := os.WriteFile(file, []byte("spec: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := harness.Vouch(file, public, day); err == nil {
		t.Error("it vouches for nothing")
	}
	if err := harness.Vouch(file, []byte("no key"), day); err == nil {
		t.Error("it vouches for no key")
	}
}
