package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

func TestAnEntryIsProvenWithoutItsLog(t *testing.T) {
	k := newKept(t)
	k.add("breast", 70, "")
	proof := filepath.Join(t.TempDir(), "entry.tlog-proof")
	if code, _, stderr := k.run("prove", "--digest", string(evidence.Sum([]byte("breast"))), "--out", proof); code != allowed {
		t.Fatal(code, stderr)
	}
	_, printed, _ := k.run("prove", "--entry", "4")
	if printed != readFile(t, proof) || !strings.HasPrefix(printed, "c2sp.org/tlog-proof@v1\nextra ") {
		t.Errorf("by index it is\n%s", printed)
	}
	if code, _, stderr := k.run("prove", "--entry", "4", "--out", proof); code != couldNotJudge {
		t.Errorf("a file that is there was overwritten: %d, %s", code, stderr)
	}
	if err := os.RemoveAll(k.dir); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := assay(t, "log", "verify", "--proof", proof, "--public-key", k.key)
	if code != allowed || !strings.Contains(stdout, "verified  entry 4 is in assay.dev/log/") || !strings.Contains(stdout, "subject      breast@sha256:") {
		t.Error(code, stdout, stderr)
	}
	if code, stdout, _ := assay(t, "log", "verify", "--proof", proof, "--key", k.key, "-o", "json"); code != allowed || !strings.HasPrefix(stdout, `{"index":4,"record":{"kind":"verdict"`) {
		t.Error(code, stdout)
	}
	changed := filepath.Join(t.TempDir(), "changed")
	if err := os.WriteFile(changed, bytes.Replace([]byte(printed), []byte("index 4"), []byte("index 3"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := assay(t, "log", "verify", "--proof", changed, "--key", k.key); code != denied || stdout != "" || !strings.Contains(stderr, "REFUSED: ") {
		t.Error(code, stdout, stderr)
	}
}

// branch is a repository whose deliveries keep the heads of the log.
func (k kept) branch(heads ...string) string {
	k.t.Helper()
	dir := k.t.TempDir()
	git := func(arguments ...string) {
		k.t.Helper()
		command := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, arguments...)...)
		if out, err := command.CombinedOutput(); err != nil {
			k.t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
	}
	git("init", "--quiet", "--initial-branch", "env/staging")
	git("commit", "--quiet", "--allow-empty", "-m", "withdraw what is not promoted any more")
	for _, head := range heads {
		git("commit", "--quiet", "--allow-empty", "-m", "tumour: deliver\n\nPolicy: sha256:p\nAssay-Log: "+head+"\n")
	}
	return dir + "#env/staging"
}

// head is the log as it stands.
func (k kept) head() string {
	k.t.Helper()
	text, err := os.ReadFile(k.key)
	if err != nil {
		k.t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(text)
	if err != nil {
		k.t.Fatal(err)
	}
	now, _, err := auditlog.Read(k.t.Context(), k.dir, key, nil, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return now.Head()
}

// Whoever has the environment's branch finds a log that was removed and begun
// anew, although it is right in itself.
func TestABranchWitnessesTheLog(t *testing.T) {
	k := newKept(t)
	first := k.head()
	k.add("breast", 70, "")
	foreign := strings.Replace(first, "assay.dev/log/", "assay.dev/log/0", 1)
	place := k.branch(first, k.head(), foreign)
	if code, stdout, stderr := k.run("verify", "--witness", place); code != allowed || !strings.Contains(stdout, "it is the log of 2 deliveries") ||
		!strings.Contains(stdout, "1 deliveries witness other logs") {
		t.Fatal(code, stdout, stderr)
	}
	if code, _, stderr := k.run("verify", "--witness", k.branch("nonsense")); code != couldNotJudge || !strings.Contains(stderr, "no head of a log") {
		t.Error(code, stderr)
	}
	if code, _, stderr := k.run("verify", "--witness", k.branch()); code != couldNotJudge || !strings.Contains(stderr, "none of its 1 commits witnesses a log") {
		t.Error(code, stderr)
	}
	if err := os.RemoveAll(k.dir); err != nil {
		t.Fatal(err)
	}
	k.add("tumour", 1, "")
	if code, _, _ := k.run("verify"); code != allowed {
		t.Error("a log that was begun anew is right in itself")
	}
	if code, stdout, stderr := k.run("verify", "--witness", place); code != denied || stdout != "" || !strings.Contains(stderr, "it was rolled back: 5 entries were seen, 1 are left") {
		t.Error(code, stdout, stderr)
	}
}

// Waivers, answers of a door and gaps are told for what they are.
func TestEveryKindOfRecordIsTold(t *testing.T) {
	k := newKept(t)
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	log, err := auditlog.Open(t.Context(), k.dir, k.private)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range []auditlog.Record{
		{Kind: auditlog.Waiver, Environment: "staging", Subject: evidence.Subject{Name: "tumour"}, Allowed: true, Actor: "Dr. Ruiz",
			Waiver: &auditlog.Exception{Bundle: evidence.Sum([]byte("w")), Rule: "model.bias.equal_opportunity", Role: "quality", Until: "2026-02-01T00:00:00Z"}},
		{Kind: auditlog.Waiver, Environment: "staging", Subject: evidence.Subject{Name: "waivers/x.json"},
			Waiver: &auditlog.Exception{Bundle: evidence.Sum([]byte("x")), Why: []string{"no trusted signature"}}},
		{Kind: auditlog.Admission, Environment: "staging", Subject: evidence.Subject{Name: "Pod clinic/serve"}, Actor: "emil",
			Admission: &auditlog.Review{UID: "u-1", Operation: "CREATE", Outcome: "error"}},
		{Kind: auditlog.Gap, Subject: evidence.Subject{Name: "admissions"}, Gap: &auditlog.Lost{Count: 3, From: at, To: at.Add(time.Minute), Why: "too fast"}},
		{Kind: auditlog.Closed, Subject: evidence.Subject{Name: "admissions"}},
	} {
		record.Time = at
		if _, err := log.Append(t.Context(), record); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	gap := "3 decisions were not entered between 2026-01-02T00:00:00Z and 2026-01-02T00:01:00Z: too fast"
	for index, want := range map[string]string{
		"4": "outcome      counted\n", "5": "why          no trusted signature\n", "6": "outcome      error\n", "7": "gap          " + gap,
	} {
		if code, stdout, stderr := k.run("show", index); code != allowed || !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s%s", want, stdout, stderr)
		}
	}
	for output, wanted := range map[string][]string{
		"text":     {gap, "model.bias.equal_opportunity waived by Dr. Ruiz (quality) until 2026-02-01T00:00:00Z", "not believed: no trusted signature"},
		"markdown": {"## Not in the log\n\n- Entry 7: 3 decisions", "| staging | admission | 0 | 1 |\n| staging | verdict | 2 | 2 |\n", "## Waivers\n\n- Entry 4, "},
	} {
		_, stdout, _ := k.run("export", "-o", output)
		for _, want := range wanted {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s: no %q in\n%s", output, want, stdout)
			}
		}
	}
}
