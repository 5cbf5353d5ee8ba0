package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// What is printed is a signed statement about the scanner's file, and the line
// for people goes elsewhere.
func TestAScanIsSignedAsTheScannerWroteIt(t *testing.T) {
	dir, commit := t.TempDir(), strings.Repeat("0a", 20)
	if code, _, stderr := assay(t, "keys", "generate", "--out", dir); code != allowed {
		t.Fatal(stderr)
	}
	file, key := filepath.Join(dir, "gitleaks.sarif"), filepath.Join(dir, "assay.key")
	content := `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"gitleaks","semanticVersion":"v8.0.0"}},"results":[{"ruleId":"private-key","message":{"text":"THE-SECRET"}}]}]}`
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	if err := os.Chtimes(file, written, written); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := assay(t, "scan", file, "--commit", commit, "--key", key)
	if code != allowed || stderr != "assay: gitleaks v8.0.0 at "+commit+": 0 errors, 1 warnings, 0 notes, 0 accepted\n" {
		t.Fatal(code, stderr)
	}
	public, err := evidence.ParsePublicKey([]byte(readFile(t, filepath.Join(dir, "assay.pub"))))
	if err != nil {
		t.Fatal(err)
	}
	trust := evidence.Trust{{Name: "ci", Key: public, Predicates: []string{evidence.ScanType}}}
	read, err := trust.Verify(t.Context(), []byte(stdout))
	if err != nil || read.Subject.Name != "gitleaks.sarif" || read.Subject.Digest != evidence.Sum([]byte(content)) ||
		read.Scan.Commit != commit || read.Scan.Finished != "2026-11-23T06:00:00Z" || strings.Contains(stdout, "SECRET") {
		t.Errorf("read %+v, %v", read, err)
	}
	for name, story := range map[string]struct{ says, file, commit, key string }{
		"no commit":    {"hint: give it with --commit", file, "", key},
		"half of one":  {"is not a commit", file, commit[:10], key},
		"no file":      {"no such file", filepath.Join(dir, "none"), commit, key},
		"no scan":      {"reading " + key, key, commit, key},
		"no key":       {"no such file", file, commit, filepath.Join(dir, "none")},
		"a public key": {"", file, commit, filepath.Join(dir, "assay.pub")},
	} {
		code, stdout, stderr := assay(t, "scan", story.file, "--commit", story.commit, "--key", story.key)
		if code != couldNotJudge || stdout != "" || !strings.Contains(stderr, story.says) {
			t.Errorf("%s: %d %s%s", name, code, stdout, stderr)
		}
	}
}
