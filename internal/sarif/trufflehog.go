package sarif

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// truffle is a line that TruffleHog writes with --json: a secret (to standard
// output, https://github.com/trufflesecurity/trufflehog/blob/main/pkg/output/json.go)
// or an event (to standard error).
type truffle struct {
	// a secret
	Detector string `json:"DetectorName"`
	Verified bool   `json:"Verified"`
	Source   struct {
		Data map[string]struct {
			File string `json:"file"`
			Line int    `json:"line"`
		} `json:"Data"` // by kind of source: Git, Filesystem, ...
	} `json:"SourceMetadata"`

	// an event
	Level      string `json:"level"`
	Time       string `json:"ts"`
	Message    string `json:"msg"`
	Chunks     int    `json:"chunks"`
	Active     int    `json:"verified_secrets"`
	Unverified int    `json:"unverified_secrets"`
	Version    string `json:"trufflehog_version"`
}

func (t truffle) secret() bool { return t.Detector != "" }

// finished is the event that tells a clean scan from one that never ran.
func (t truffle) finished() bool { return t.Message == "finished scanning" }

func isTruffleHog(first []byte) bool {
	var one truffle
	return decode(first, &one) == nil && (one.secret() || one.Level != "" && one.Message != "")
}

// readTruffleHog counts a secret that still opens something as an error, and
// one of which nobody knows as a warning. Of secrets that are counted and not
// listed (--results=verified), it takes the count.
func readTruffleHog(content []byte) (Report, error) {
	report := Report{Scan: evidence.Scan{Tool: "trufflehog"}}
	var end *truffle
	number := 0
	for text := range bytes.Lines(content) {
		number++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		var one truffle
		if err := decode(text, &one); err != nil {
			return Report{}, fmt.Errorf("line %d: %w", number, err)
		}
		switch {
		case one.secret():
			report.list(one.told())
		case strings.HasPrefix(one.Level, "error"), one.Level == "fatal", one.Level == "panic", one.Level == "dpanic":
			return Report{}, fmt.Errorf("line %d: the scan met an error, so what it did not find may be there", number)
		case one.finished() && end != nil:
			return Report{}, errors.New("it holds two scans")
		case one.finished():
			end = &one
		}
	}
	if end == nil {
		return Report{}, errors.New("it does not say that the scan ended\nhint: keep what it tells on standard error: trufflehog git file://. --json > trufflehog.jsonl 2>&1")
	}
	return report.close(*end)
}

func (r Report) close(end truffle) (Report, error) {
	at, err := time.Parse(time.RFC3339, end.Time)
	switch {
	case err != nil:
		return Report{}, fmt.Errorf("ts %.40q is not a time", end.Time)
	case end.Chunks <= 0:
		return Report{}, errors.New("nothing was scanned")
	}
	r.Finished, r.Scan.Version = at, evidence.Line(end.Version)
	r.Scan.Errors, r.Scan.Warnings = max(r.Scan.Errors, end.Active), max(r.Scan.Warnings, end.Unverified)
	return r, nil
}

func (t truffle) told() evidence.ScanResult {
	told := evidence.ScanResult{Rule: evidence.Line(t.Detector), Level: "warning"}
	if t.Verified {
		told.Level = "error"
	}
	for _, kind := range slices.Sorted(maps.Keys(t.Source.Data)) { // there is one
		told.Path, told.Line = pathOf(t.Source.Data[kind].File), max(t.Source.Data[kind].Line, 0)
	}
	return told
}
