package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

// kept is a log of four decisions, with its keys.
type kept struct {
	t        *testing.T
	dir, key string
	private  []byte
}

func newKept(t *testing.T) kept {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	k := kept{t, filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "assay.pub"), private}
	if err := os.WriteFile(k.key, public, 0o600); err != nil {
		t.Fatal(err)
	}
	k.add("tumour", 1, "")
	k.add("tumour", 31, "gap 0.12 | <b>limit</b> 0.10")
	k.add("lung", 32, "gap 0.2")
	k.add("lung", 60, "")
	return k
}

// add logs a decision of that day of 2026; a message denies.
func (k kept) add(model string, day int, message string) {
	k.t.Helper()
	log, err := auditlog.Open(k.t.Context(), k.dir, k.private)
	if err != nil {
		k.t.Fatal(err)
	}
	defer log.Close()
	record := auditlog.Record{
		Kind: auditlog.Verdict, Time: time.Date(2026, 1, day, 12, 0, 0, 0, time.UTC), Environment: "staging", Commit: "c0ffee", Actor: "emil@example.org",
		Subject: evidence.Subject{Name: model, Digest: evidence.Sum([]byte(model))}, Allowed: message == "", Evaluated: 90, Policy: "sha256:p",
		Findings: []auditlog.Finding{{Rule: "model.dataset.events", State: "inconclusive", Severity: "warn", Message: "few events"}},
		Evidence: []evidence.Digest{evidence.Sum([]byte("envelope"))},
	}
	if message != "" {
		record.Findings = append(record.Findings, auditlog.Finding{Rule: "model.bias.equal_opportunity", State: "failed", Severity: "deny", Message: message})
	}
	if _, err := log.Append(k.t.Context(), record); err != nil {
		k.t.Fatal(err)
	}
}

func (k kept) run(arguments ...string) (code int, stdout, stderr string) {
	k.t.Helper()
	return assay(k.t, append(append([]string{"log"}, arguments...), "--log", k.dir, "--key", k.key)...)
}

func TestALogIsProvenAndRemembered(t *testing.T) {
	k := newKept(t)
	seen := filepath.Join(t.TempDir(), "seen")
	if code, stdout, stderr := k.run("verify", "--remember", seen); code != allowed || !strings.Contains(stdout, "verified  4 entries") || !strings.Contains(stdout, "compared with no earlier") {
		t.Fatal(code, stdout, stderr)
	}
	yesterday := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(yesterday, os.DirFS(k.dir)); err != nil {
		t.Fatal(err)
	}
	k.add("breast", 70, "")
	for _, flag := range []string{"--since", "--remember"} {
		code, stdout, stderr := k.run("verify", flag, seen, "-o", "json")
		var told struct {
			Size       int
			Compared   bool
			Checkpoint string
		}
		if err := json.Unmarshal([]byte(stdout), &told); err != nil || code != allowed || told.Size != 5 || !told.Compared || !strings.HasPrefix(told.Checkpoint, "assay.dev/log/") {
			t.Errorf("%s: %d, %s, %s, %v", flag, code, stdout, stderr, err)
		}
	}
	k.dir = yesterday // somebody restored it
	remembered := readFile(t, seen)
	if code, stdout, stderr := k.run("verify", "--remember", seen); code != denied || stdout != "" || !strings.Contains(stderr, "REFUSED: the log does not hold together: it was rolled back: 5 entries were seen, 4 are left") {
		t.Error(code, stdout, stderr)
	}
	if readFile(t, seen) != remembered {
		t.Error("a log that was refused is remembered")
	}
	if code, _, _ := k.run("verify"); code != allowed {
		t.Error("a rolled back log is right in itself")
	}
}

func TestNothingIsToldOfALogThatDoesNotHoldTogether(t *testing.T) {
	k := newKept(t)
	bundle := filepath.Join(k.dir, "tile", "entries", "000.p", "4")
	text := []byte(readFile(t, bundle))
	if err := os.WriteFile(bundle, bytes.Replace(text, []byte("gap 0.2"), []byte("gap 0.1"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"verify"}, {"show", "0"}, {"export"}, {"export", "-o", "markdown"}} {
		if code, stdout, stderr := k.run(arguments...); code != denied || stdout != "" || !strings.Contains(stderr, "REFUSED: ") {
			t.Errorf("%v: %d, %s, %s", arguments, code, stdout, stderr)
		}
	}
}

func TestALogThatCannotBeReadIsNeitherProvenNorRefused(t *testing.T) {
	k := newKept(t)
	nowhere := k
	nowhere.dir = filepath.Join(t.TempDir(), "nowhere")
	if code, _, stderr := nowhere.run("verify"); code != couldNotJudge || !strings.Contains(stderr, "holds no audit log") {
		t.Error(code, stderr)
	}
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"verify", "--since", "/nowhere"}, "seen earlier"},
		{[]string{"verify", "--since", "a", "--remember", "b"}, "since remember"},
		{[]string{"show", "-o", "json", "4"}, "there is no entry 4: the log has 4"},
		{[]string{"show", "first"}, "is no index"},
		{[]string{"export", "--from", "yesterday"}, "hint: --from 2026-01-31"},
		{[]string{"export", "--from", "2026-02-01", "--to", "2026-02-01"}, "the period is empty"},
		{[]string{"export", "-o", "pdf"}, "none of text, json, markdown"},
		{[]string{"prove"}, "at least one of the flags"},
		{[]string{"prove", "--entry", "4"}, "there is no entry 4: the log has 4"},
		{[]string{"prove", "--digest", "sha256:1"}, "is not a digest"},
		{[]string{"prove", "--digest", string(evidence.Sum([]byte("nobody")))}, "no entry is about"},
		{[]string{"prove", "--digest", string(evidence.Sum([]byte("lung")))}, "2 entries are about"},
		{[]string{"verify", "--proof", "/nowhere"}, "reading the proof"},
		{[]string{"verify", "--witness", "/nowhere"}, "is not <repository>#<branch>"},
		{[]string{"verify", "--witness", "/nowhere#env/staging"}, "/nowhere"},
	} {
		if code, stdout, stderr := k.run(test.arguments...); code != couldNotJudge || stdout != "" || !strings.Contains(stderr, test.want) {
			t.Errorf("%v: %d, %s, %s", test.arguments, code, stdout, stderr)
		}
	}
	k.key = k.dir + "/checkpoint"
	if code, _, stderr := k.run("verify"); code != couldNotJudge || !strings.Contains(stderr, "not PEM") {
		t.Error(code, stderr)
	}
}

func TestAnEntryIsShown(t *testing.T) {
	k := newKept(t)
	code, stdout, stderr := k.run("show", "1")
	for _, want := range []string{"outcome      denied\n", "subject      tumour@sha256:", "evaluated    90 rules\n", "finding      deny, failed: model.bias.equal_opportunity: gap 0.12", "evidence     sha256:"} {
		if code != allowed || !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s%s", want, stdout, stderr)
		}
	}
	_, line, _ := k.run("show", "1", "-o", "json")
	var entry auditlog.Entry
	if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Index != 1 || entry.Record.Allowed || entry.Record.Subject.Name != "tumour" {
		t.Errorf("%v: %s", err, line)
	}
}

func TestAPeriodIsReported(t *testing.T) {
	k := newKept(t)
	january := []string{"export", "--from", "2026-01-01", "--to", "2026-02-01"} // days 1 and 31
	if code, stdout, stderr := k.run(january...); code != allowed || strings.Count(stdout, "\n") != 2 || !strings.Contains(stdout, "denied  staging") ||
		!strings.Contains(stdout, "(model.bias.equal_opportunity)") {
		t.Error(code, stdout, stderr)
	}
	if _, stdout, _ := k.run("export", "-o", "json", "--from", "2026-02-01T12:00:00Z"); strings.Count(stdout, "\n") != 2 || !strings.HasPrefix(stdout, `{"index":2,"record":{"kind":"verdict"`) {
		t.Error(stdout)
	}
	_, stdout, _ := k.run(append(january, "-o", "markdown")...)
	for _, want := range []string{
		"From 2026-01-01T00:00:00Z up to 2026-02-01T00:00:00Z: 2 entries of 4.", "    assay.dev/log/", "| staging | verdict | 1 | 1 |\n",
		"| model.bias.equal&#95;opportunity | 1 | 0 |\n| model.dataset.events | 0 | 2 |\n", "- Entry 1, 2026-01-31T12:00:00Z: tumour",
		"(failed): gap 0.12 &#124; &#60;b&#62;limit",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout, "lung") || strings.Contains(stdout, "<b>") {
		t.Error(stdout)
	}
}
