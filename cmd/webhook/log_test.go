package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// newJournal has a fresh key, in a file.
func newJournal(t *testing.T, name string) (j journal, public []byte) {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	j = journal{filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "key"), name}
	if err := os.WriteFile(j.key, private, 0o600); err != nil {
		t.Fatal(err)
	}
	return j, public
}

func denial(n int) webhook.Decision {
	found := gates.Finding{Rule: "workload.released", State: gates.Failed, Severity: gates.Deny, Message: "of Mrs. Example"}
	return webhook.Decision{
		UID: fmt.Sprintf("u-%d", n), Object: "Pod clinic/serve", Operation: "CREATE", User: "emil", Environment: "staging", Outcome: "denied",
		Evaluated: 5, Findings: []gates.Finding{found, found, {Rule: "workload.pinned", State: gates.Failed, Severity: gates.Warn}},
		Releases: []evidence.Digest{evidence.Sum([]byte("model"))}, Glass: []evidence.Digest{evidence.Sum([]byte("bundle"))}, Policy: "sha256:p", Time: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC),
	}
}

// What was answered before the process was asked to end is in the log when it
// has ended, and how many that were is told.
func TestDecisionsAreInTheLogWhenTheProcessEnds(t *testing.T) {
	j, public := newJournal(t, "cluster-1/pod-a")
	registry := prometheus.NewRegistry()
	kept, finish, err := j.begin(t.Context(), registry)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		kept.Enter(denial(n))
	}
	if err := finish(); err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	now, entries, err := auditlog.Read(t.Context(), j.dir, key, nil, func(auditlog.Entry) bool { return true })
	if err != nil || len(entries) != 21 || entries[20].Record.Kind != auditlog.Closed || !strings.HasSuffix(now.Origin, "/cluster-1/pod-a") {
		t.Fatalf("%v, %d entries, %v", now, len(entries), err)
	}
	record := entries[3].Record
	if record.Allowed || record.Actor != "emil" || record.Admission.UID != "u-3" || record.Admission.Operation != "CREATE" || len(record.Admission.Releases) != 1 || len(record.Admission.Glass) != 1 {
		t.Errorf("entry 3 is %+v, %+v", record, record.Admission)
	}
	if want := []auditlog.Finding{{Rule: "workload.released", State: "failed", Severity: "deny"}, {Rule: "workload.pinned", State: "failed", Severity: "warn"}}; !slices.Equal(record.Findings, want) {
		t.Errorf("the findings are %+v", record.Findings)
	}
	told := map[string]float64{}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		told[family.GetName()] = family.GetMetric()[0].GetCounter().GetValue() + family.GetMetric()[0].GetGauge().GetValue()
	}
	if len(told) != 3 || told["assay_admit_log_entered_total"] != 20 || told["assay_admit_log_dropped_total"] != 0 {
		t.Errorf("told %v", told)
	}
}

// A disk that cannot be written makes nobody wait.
func TestALogThatCannotBeOpenedHoldsUpNobody(t *testing.T) {
	j, _ := newJournal(t, "pod-a")
	if err := os.WriteFile(j.dir, nil, 0o600); err != nil { // where the directory should be
		t.Fatal(err)
	}
	kept, finish, err := j.begin(t.Context(), prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10_000 {
		kept.Enter(denial(n)) // returns, although the log is never opened
	}
	if err := finish(); err == nil || !strings.Contains(err.Error(), "could not be opened") {
		t.Errorf("it finished with %v", err)
	}
}

func TestWhatIsWrongWithTheKeyIsToldAtOnce(t *testing.T) {
	good, _ := newJournal(t, "pod-a")
	for want, spoil := range map[string]func(*journal){
		"reading the key of the log": func(j *journal) { j.key = "absent" },
		"not PEM":                    func(j *journal) { j.key = os.Args[0] },
		"is no name for a log":       func(j *journal) { j.name = "Pod A" },
	} {
		bad := good
		spoil(&bad)
		if _, _, err := bad.begin(t.Context(), prometheus.NewRegistry()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if kept, finish, err := (journal{}).begin(t.Context(), nil); kept != nil || finish() != nil || err != nil {
		t.Errorf("without --log: %v, %v", kept, err)
	}
}

// BenchmarkEnter is what a decision costs the review that made it.
func BenchmarkEnter(b *testing.B) {
	queue := auditlog.NewQueue("admissions", nil, nil)
	decision := denial(1)
	for b.Loop() {
		entering{queue}.Enter(decision)
	}
}
