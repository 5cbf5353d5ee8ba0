package security

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureScanners tells what other scanners found: of each all its scans of the
// content as it is now, since Snyk has one for code and one for packages; and
// where there is none, its last scan of all. Scans come in the order of tool and
// time.
func measureScanners(scans []gates.Scan) []evidence.Measurement {
	var measured, listed []evidence.Measurement
	tools := 0
	for len(scans) > 0 {
		tool := scans[0].Tool
		end := slices.IndexFunc(scans, func(scan gates.Scan) bool { return scan.Tool != tool })
		if end < 0 {
			end = len(scans)
		}
		counted := slices.DeleteFunc(slices.Clone(scans[:end]), func(scan gates.Scan) bool { return !scan.Current })
		if len(counted) == 0 {
			counted = scans[end-1 : end]
		}
		tools++
		measured = append(measured, tellScans(tool, counted)...)
		for _, scan := range counted {
			listed = append(listed, errorsOf(scan)...)
		}
		scans = scans[end:]
	}
	measured = append([]evidence.Measurement{count("scanners", tools, tools)}, measured...)
	return append(measured, listed[:min(len(listed), maxListed)]...)
}

// tellScans adds up: the numbers of all, and the time of the oldest.
func tellScans(tool string, scans []gates.Scan) []evidence.Measurement {
	var rules, current, finished int
	var levels [4]int
	var from []string
	for i, scan := range scans {
		rules += scan.Rules
		if scan.Current {
			current = 1
		}
		if at, err := scan.FinishedAt(); err == nil && (i == 0 || int(at.Unix()) < finished) {
			finished = int(at.Unix())
		}
		for level, counted := range []int{scan.Errors, scan.Warnings, scan.Notes, scan.Suppressed} {
			levels[level] += counted
		}
		from = append(from, fmt.Sprintf("%s %s, signed by %s", scan.Tool, scan.Version, scan.By))
	}
	method := evidence.Line(strings.Join(slices.Compact(from), "; "))
	about := func(name, group string, value int, unit string) evidence.Measurement {
		return evidence.Measurement{Name: name, Value: evidence.Count(value), N: rules, Unit: unit, Group: group, Method: method}
	}
	told := []evidence.Measurement{about("scanner_commit_current", tool, current, "yes or no"), about("scanner_finished", tool, finished, "unix seconds")}
	for i, level := range append(evidence.ScanLevels(), "suppressed") {
		told = append(told, about("scanner_results", tool+" "+level, levels[i], "count"))
	}
	return told
}

func errorsOf(scan gates.Scan) []evidence.Measurement {
	var listed []evidence.Measurement
	for _, result := range scan.Results {
		if result.Level == "error" {
			listed = append(listed, item("scanner_error", fmt.Sprintf("%s %s %s:%d", scan.Tool, result.Rule, result.Path, result.Line), "at "+scan.Commit))
		}
	}
	return listed
}
