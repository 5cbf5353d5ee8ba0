package sarif_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/sarif"
)

var (
	commit  = strings.Repeat("0a", 20)
	written = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
)

// scanOf is what the file of a scanner says, of the commit and time above.
func scanOf(t *testing.T, content []byte) evidence.Scan {
	t.Helper()
	report, err := sarif.Read(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	scan, err := report.At(commit, written)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.Scanned(evidence.Subject{Name: "x", Digest: evidence.Sum(content)}, scan).Encode(); err != nil {
		t.Errorf("it cannot be stated: %v", err)
	}
	return scan
}

func TestFiveScannersSayTheSameThing(t *testing.T) {
	const now, train = "2026-11-23T06:00:00Z", "trainers/train.py"
	for file, want := range map[string]evidence.Scan{
		"semgrep.sarif": {
			Tool: "semgrep", Version: "1.95.0", Commit: commit, Finished: now, Rules: 2, Errors: 1, Warnings: 1, Suppressed: 1,
			Results: []evidence.ScanResult{
				{Rule: "python.lang.security.audit.subprocess-shell-true", Level: "error", Path: train, Line: 12},
				{Rule: "python.lang.security.deserialization.pickle", Level: "warning", Path: "trainers/load data.py", Line: 4},
			},
		},
		"sonarqube.sarif": {
			Tool: "sonarqube", Commit: commit, Finished: now, Errors: 1, Warnings: 1,
			Results: []evidence.ScanResult{
				{Rule: "python:S2077", Level: "error", Path: "trainers/query.py", Line: 21}, {Rule: "python:S1481", Level: "warning", Path: train, Line: 1},
			},
		},
		"snyk.sarif": {
			Tool: "snyk", Version: "1.0.0", Commit: commit, Finished: now, Rules: 2, Errors: 1, Notes: 1, Suppressed: 1,
			Results: []evidence.ScanResult{
				{Rule: "python/PT", Level: "error", Path: train, Line: 7}, {Rule: "python/NoHardcodedPasswords", Level: "note", Path: train, Line: 9},
			},
		},
		"gitleaks.sarif": {
			Tool: "gitleaks", Version: "v8.0.0", Commit: commit, Finished: now, Rules: 2, Warnings: 1,
			Results: []evidence.ScanResult{{Rule: "generic-api-key", Level: "warning", Path: "models/breast/config.json", Line: 3}},
		},
		"trufflehog.jsonl": {
			Tool: "trufflehog", Version: "3.95.2", Commit: commit, Finished: "2026-11-23T05:59:00Z", Errors: 1, Warnings: 1,
			Results: []evidence.ScanResult{
				{Rule: "PrivateKey", Level: "error", Path: "models/breast/key.pem", Line: 1}, {Rule: "URI", Level: "warning", Path: "models/breast/config.json", Line: 3},
			},
		},
	} {
		content, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		got := scanOf(t, content)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", file, got, want)
		}
		if told, _ := json.Marshal(got); bytes.Contains(told, []byte("SECRET")) || bytes.Contains(told, []byte("emil")) {
			t.Errorf("%s: %s quotes what was scanned", file, told)
		}
	}
}

// log is SARIF of one run: fields of the run, and its results.
func log(fields string, results ...string) string {
	return `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"semgrep","rules":[{"id":"R","defaultConfiguration":{"level":"error"}},{"id":"S"}]},` +
		`"extensions":[{"name":"x","rules":[{"id":"R","defaultConfiguration":{"level":"note"}}]}]}` + fields + `,"results":[` + strings.Join(results, ",") + `]}]}`
}

// Levels are those of SARIF 2.1.0, 3.27.9, 3.27.10, 3.27.23 and 3.27.24.
func TestALevelIsWhatTheStandardSaysItIs(t *testing.T) {
	for result, want := range map[string]string{
		`{"ruleId":"R","level":"warning"}`: "warning",
		`{"ruleId":"R"}`:                   "error",
		`{"ruleId":"R/2"}`:                 "error",
		`{"ruleId":"S"}`:                   "warning",
		`{"ruleId":"of nobody"}`:           "warning",
		`{}`:                               "warning",
		`{"ruleIndex":0}`:                  "error",
		`{"ruleIndex":-1,"ruleId":"R"}`:    "error",
		`{"rule":{"index":1}}`:             "warning",
		`{"rule":{"id":"R"}}`:              "error",
		`{"rule":{"id":"R","toolComponent":{"index":0}}}`:             "note",
		`{"ruleIndex":0,"rule":{"toolComponent":{"index":0}}}`:        "note",
		`{"ruleId":"R","kind":"fail"}`:                                "error",
		`{"ruleId":"R","kind":"fail","level":"none"}`:                 "note",
		`{"ruleId":"R","kind":"open"}`:                                "note",
		`{"ruleId":"R","kind":"review","level":"error"}`:              "error",
		`{"ruleId":"R","kind":"pass"}`:                                "",
		`{"ruleId":"R","kind":"notApplicable"}`:                       "",
		`{"ruleId":"R","kind":"informational"}`:                       "",
		`{"ruleId":"R","baselineState":"absent"}`:                     "",
		`{"ruleId":"R","baselineState":"unchanged"}`:                  "error",
		`{"ruleId":"R","suppressions":[]}`:                            "error",
		`{"ruleId":"R","suppressions":[{"kind":"inSource"}]}`:         "suppressed",
		`{"ruleId":"R","suppressions":[{"status":"accepted"}]}`:       "suppressed",
		`{"ruleId":"R","suppressions":[{},{"status":"rejected"}]}`:    "error",
		`{"ruleId":"R","suppressions":[{"status":"underReview"}]}`:    "error",
		`{"ruleId":"R","kind":"pass","suppressions":[{"status":""}]}`: "",
	} {
		scan := scanOf(t, []byte(log("", result)))
		got := map[string]int{"error": scan.Errors, "warning": scan.Warnings, "note": scan.Notes, "suppressed": scan.Suppressed}
		for level, counted := range got {
			if (counted == 1) != (level == want) {
				t.Errorf("%s: %+v, want %q", result, got, want)
				break
			}
		}
	}
}

// What does not say that it ended well, or can be read in two ways, is no scan.
func TestWhatIsNotAWholeScanIsAnError(t *testing.T) {
	whole := `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"semgrep"}},"results":[]}]}`
	scanOf(t, []byte(whole))
	scanOf(t, []byte("\ufeff"+whole+"\n"))
	const found, end = `{"DetectorName":"AWS","SourceMetadata":{}}`, `{"level":"info-0","ts":"2026-11-23T05:59:00Z","msg":"finished scanning","chunks":1}`
	for name, content := range map[string]string{
		"nothing":                    "",
		"not JSON":                   "no issues found",
		"no runs":                    `{"version":"2.1.0","runs":[]}`,
		"another version":            strings.Replace(whole, "2.1.0", "2.0.0", 1),
		"no tool":                    strings.Replace(whole, "semgrep", "", 1),
		"a tool of signs":            strings.Replace(whole, "semgrep", "~~~", 1),
		"it did not scan":            strings.Replace(whole, `,"results":[]`, "", 1),
		"it could not scan":          strings.Replace(whole, `[]}]`, "null}]", 1),
		"a key twice":                strings.Replace(whole, `"results":[]`, `"results":[],"results":[]`, 1),
		"a key in two cases":         strings.Replace(whole, `"results":[]`, `"results":[],"Results":[]`, 1),
		"a key twice, escaped":       strings.Replace(whole, `"results":[]`, `"results":[],"result\u0073":[]`, 1),
		"two values":                 whole + whole,
		"not UTF-8":                  strings.Replace(whole, "semgrep", "sem\xff", 1),
		"very deep":                  strings.Replace(whole, `"results":[]`, `"results":[],"x":`+strings.Repeat("[", 100)+strings.Repeat("]", 100), 1),
		"two tools":                  strings.Replace(whole, `}]}`, `},{"tool":{"driver":{"name":"snyk"}},"results":[]}]}`, 1),
		"it failed":                  log(`,"invocations":[{"executionSuccessful":false}]`),
		"one of two failed":          log(`,"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}]`),
		"it does not say":            log(`,"invocations":[{}]`),
		"it notifies of an error":    log(`,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error"}]}]`),
		"a rule was not understood":  log(`,"invocations":[{"executionSuccessful":true,"toolConfigurationNotifications":[{"level":"error"}]}]`),
		"levels are overridden":      log(`,"invocations":[{"executionSuccessful":true,"ruleConfigurationOverrides":[{}]}]`, `{"ruleId":"R"}`),
		"it ended never":             log(`,"invocations":[{"executionSuccessful":true,"endTimeUtc":"never"}]`),
		"two commits":                log(`,"versionControlProvenance":[{"revisionId":"` + commit + `"},{"revisionId":"1"}]`),
		"a level of its own":         log("", `{"level":"fatal"}`),
		"a kind of its own":          log("", `{"kind":"maybe"}`),
		"a rule that is not there":   log("", `{"ruleIndex":7}`),
		"a rule before the first":    log("", `{"rule":{"index":-2}}`),
		"an extension that is not":   log("", `{"rule":{"toolComponent":{"index":1}}}`),
		"truffles without an end":    found + "\n",
		"truffles that ended twice":  end + "\n" + end,
		"truffles that met an error": `{"level":"error","msg":"encountered errors during scan"}` + "\n" + end,
		"truffles of nothing":        strings.Replace(end, `"chunks":1`, `"chunks":0`, 1),
		"truffles at no time":        strings.Replace(end, "2026", "Nov", 1),
		"truffles and a banner":      found + "\nTruffleHog. Unearth your secrets.\n" + end,
	} {
		if report, err := sarif.Read(strings.NewReader(content)); err == nil {
			t.Errorf("%s: read %+v", name, report)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	if _, err := sarif.Read(endless{}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a file without end: %v", err)
	}
}

// endless is a file of blanks.
type endless struct{}

func (endless) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = ' '
	}
	return len(into), nil
}

func TestTheCommitIsTheOneThatWasScanned(t *testing.T) {
	other := strings.Repeat("b", 40)
	for _, story := range []struct{ told, given, want string }{
		{"", commit, commit},
		{commit, "", commit},
		{strings.ToUpper(commit), "", commit},
		{commit, commit, commit},
		{commit[:7], commit, commit},
		{"", "", ""},
		{commit, other, ""},
		{other[:7], commit, ""},
		{commit[:6], commit, ""},
		{commit, commit[:7], ""},
	} {
		report, err := sarif.Read(strings.NewReader(log(`,"versionControlProvenance":[{"repositoryUri":"https://x"},{"revisionId":"` + story.told + `"}]`)))
		if err != nil {
			t.Fatal(err)
		}
		scan, err := report.At(story.given, written)
		if (err == nil) != (story.want != "") || err == nil && scan.Commit != story.want {
			t.Errorf("told %q, given %q: %q, %v", story.told, story.given, scan.Commit, err)
		}
	}
}

// Of several invocations a scan is as old as the oldest, in whatever zone.
func TestAScanIsAsOldAsItSays(t *testing.T) {
	scan := scanOf(t, []byte(log(`,"invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-11-22T05:00:00.123Z"},{"executionSuccessful":true,"endTimeUtc":"2026-11-22T05:30:00+01:00"}]`)))
	if scan.Finished != "2026-11-22T04:30:00Z" {
		t.Errorf("it ended at %s", scan.Finished)
	}
}

func TestTheWorstAreListedAndAllAreCounted(t *testing.T) {
	results := make([]string, 300)
	for i := range results {
		results[i] = `{"level":"` + []string{"note", "error", "warning"}[i%3] + `","ruleId":"R"}`
	}
	scan := scanOf(t, []byte(log("", results...)))
	if scan.Errors != 100 || scan.Warnings != 100 || scan.Notes != 100 || len(scan.Results) != evidence.MaxScanResults || scan.Results[99].Level != "error" {
		t.Errorf("%d, %d, %d, listed %d", scan.Errors, scan.Warnings, scan.Notes, len(scan.Results))
	}
	hidden := `{"level":"info-0","ts":"2026-11-23T05:59:00Z","msg":"finished scanning","chunks":1,"verified_secrets":2,"unverified_secrets":5}`
	if scan := scanOf(t, []byte(hidden)); scan.Errors != 2 || scan.Warnings != 5 {
		t.Errorf("truffles that are counted and not listed: %+v", scan)
	}
}
