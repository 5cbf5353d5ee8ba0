package security

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// scanAt is a scan that ended at that hour.
func scanAt(tool, hour string, errors int, current bool) gates.Scan {
	scan := evidence.Scan{Tool: tool, Version: "1.95.0", Commit: strings.Repeat("a", 40), Finished: "2026-11-23T" + hour + ":00:00Z", Rules: 12, Errors: errors, Warnings: 2, Suppressed: 3}
	for range errors {
		scan.Results = append(scan.Results, evidence.ScanResult{Rule: "shell at " + hour, Level: "error", Path: "train.py", Line: 12})
	}
	scan.Results = append(scan.Results, evidence.ScanResult{Rule: "style", Level: "warning", Path: "train.py", Line: 1})
	return gates.Scan{Scan: scan, Current: current, By: "ci"}
}

func TestEachScannerIsToldByItsScansOfWhatIsThereNow(t *testing.T) {
	measured := measureScanners([]gates.Scan{
		scanAt("gitleaks", "05", 0, false), scanAt("gitleaks", "06", 1, false),
		scanAt("semgrep", "05", 0, true), scanAt("semgrep", "06", 1, true), scanAt("semgrep", "07", 0, false),
	})
	for _, one := range measured {
		if err := one.Validate(); err != nil {
			t.Error(err)
		}
	}
	tells(t, measured, "scanners : 2",
		"scanner_commit_current semgrep: 1 (semgrep 1.95.0, signed by ci)", "scanner_finished semgrep: 1795410000", "scanner_results semgrep error: 1",
		"scanner_results semgrep warning: 4", "scanner_results semgrep note: 0", "scanner_results semgrep suppressed: 6",
		"scanner_error semgrep shell at 06 train.py:12: 1 (at aaaa",
		"scanner_commit_current gitleaks: 0", "scanner_finished gitleaks: 1795413600", "scanner_error gitleaks shell at 06 train.py:12")
	if text := summary(measured); strings.Count(text, "scanner_error ") != 2 {
		t.Error(text)
	}
	tells(t, measureScanners(nil), "scanners : 0")
}
