package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// ScanType is the claim of who ran another scanner: what it found, at which
// commit. Its subject is the file that the scanner wrote.
const ScanType = "https://assay.dev/predicate/scan/v1alpha1"

// Scan is the predicate of a scan, normalised from SARIF 2.1.0. Results are
// counted by level and listed as far as there is room; what they quote of the
// source is left out, since it may be a secret.
type Scan struct {
	Tool       string       `json:"tool"`     // lower case, as policies name it: semgrep, sonarqube, snyk, gitleaks, trufflehog
	Version    string       `json:"version"`  // of the tool; empty where it does not say
	Commit     string       `json:"commit"`   // of the repository that was scanned
	Finished   string       `json:"finished"` // RFC 3339, UTC
	Rules      int          `json:"rules"`    // that took part; 0 where the tool does not say
	Errors     int          `json:"errors"`   // results of level error, SARIF 3.27.10, suppressed ones apart
	Warnings   int          `json:"warnings"`
	Notes      int          `json:"notes"`
	Suppressed int          `json:"suppressed"` // results that somebody has accepted, SARIF 3.35
	Results    []ScanResult `json:"results"`    // the worst first; the suppressed are counted alone
}

// ScanResult is one thing that a scanner found.
type ScanResult struct {
	Rule  string `json:"rule"`
	Level string `json:"level"` // error, warning or note
	Path  string `json:"path"`
	Line  int    `json:"line"`
}

// Scanned states what a scanner wrote, by the file that it wrote.
func Scanned(subject Subject, scan Scan) Statement {
	return Statement{Subject: subject, PredicateType: ScanType, Scan: &scan}
}

// MaxScanResults bounds what one scan lists.
const MaxScanResults = 100

var (
	toolName   = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	commitName = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
)

func (s Scan) validate() error {
	finished, err := s.FinishedAt()
	switch {
	case !toolName.MatchString(s.Tool):
		return fmt.Errorf("%.80q is not the name of a scanner", s.Tool)
	case !commitName.MatchString(s.Commit):
		return fmt.Errorf("%.80q is not a commit", s.Commit)
	case err != nil || finished.IsZero():
		return fmt.Errorf("%.40q is not a time", s.Finished)
	case len(s.Version) > maxText:
		return fmt.Errorf("a scan names a version longer than %d bytes", maxText)
	case min(s.Rules, s.Errors, s.Warnings, s.Notes, s.Suppressed) < 0:
		return fmt.Errorf("a scan counts fewer than none")
	case len(s.Results) > MaxScanResults:
		return fmt.Errorf("a scan lists more than %d results", MaxScanResults)
	}
	return s.validateResults()
}

// validateResults wants what is listed to be counted: else a list of faults
// could stand beside a count of none.
func (s Scan) validateResults() error {
	listed := map[string]int{}
	for _, result := range s.Results {
		switch {
		case !slices.Contains(ScanLevels(), result.Level):
			return fmt.Errorf("%.40q is not a level of a scan's result", result.Level)
		case result.Line < 0 || len(result.Rule) > maxText || len(result.Path) > maxText:
			return fmt.Errorf("a scan's result has no line, or a rule or path longer than %d bytes", maxText)
		}
		listed[result.Level]++
	}
	for i, counted := range []int{s.Errors, s.Warnings, s.Notes} {
		if listed[ScanLevels()[i]] > counted {
			return fmt.Errorf("a scan lists more results of level %s than it counts", ScanLevels()[i])
		}
	}
	return nil
}

// FinishedAt is when the scan ended.
func (s Scan) FinishedAt() (time.Time, error) { return time.Parse(time.RFC3339, s.Finished) }

// ScanLevels lists the levels of results, the worst first.
func ScanLevels() []string { return []string{"error", "warning", "note"} }
