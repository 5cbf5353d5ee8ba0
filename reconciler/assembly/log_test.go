package assembly

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// decided is a verdict about a model, with a denial where a message is given.
func decided(model, message string, minute int) promotion.Decision {
	verdict := gates.Verdict{Evaluated: []string{"a.rule", "b.rule"}, Policy: "sha256:p"}
	if message != "" {
		verdict.Findings = []gates.Finding{{Rule: "a.rule", State: gates.Failed, Severity: gates.Deny, Title: "t", Message: message, Remedy: "r"}}
	}
	return promotion.Decision{
		Commit: gates.Commit{Hash: "c0ffee", Author: "emil@example.org"}, Environment: "staging",
		Release: evidence.Subject{Name: model, Digest: evidence.Sum([]byte(model))}, Verdict: verdict,
		Evidence: []evidence.Digest{evidence.Sum([]byte("envelope"))}, Time: time.Date(2026, 1, 2, 3, minute, 0, 0, time.UTC),
	}
}

func TestDecisionsOfAllRepositoriesAreKeptOnce(t *testing.T) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "log")
	log := NewLog(dir, private)
	one, two := newPage(log, "https://bot:secret@git.example.org/one"), newPage(log, "/srv/two")
	for minute := range 3 { // every reconciliation judges again
		for _, page := range []page{one, two} {
			for _, decision := range []promotion.Decision{decided("tumour", "", minute), decided("lung", "gap 0.12", minute)} {
				if _, err := page.Keep(t.Context(), decision); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if log.Stopped() != nil {
		t.Error(log.Stopped())
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	_, entries, err := auditlog.Read(t.Context(), dir, key, nil, func(auditlog.Entry) bool { return true })
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	first, second := entries[0].Record, entries[1].Record
	if first.Repository != "https://git.example.org/one" || !first.Allowed || first.Evaluated != 2 || first.Actor != "emil@example.org" || first.Time.Minute() != 0 {
		t.Errorf("the first entry is %+v", first)
	}
	if second.Allowed || len(second.Findings) != 1 || second.Findings[0] != (auditlog.Finding{Rule: "a.rule", State: "failed", Severity: "deny", Message: "gap 0.12"}) {
		t.Errorf("the second entry is %+v", second)
	}
}

func TestALogThatCannotBeOpenedIsTriedAgain(t *testing.T) {
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "log")
	other, err := auditlog.Open(t.Context(), dir, private)
	if err != nil {
		t.Fatal(err)
	}
	page := newPage(NewLog(dir, private), "/srv/one")
	if _, err := page.Keep(t.Context(), decided("tumour", "", 0)); err == nil || !strings.Contains(err.Error(), "in use by another process") || page.log.Stopped() != nil {
		t.Errorf("error is %v, stopped %v", err, page.log.Stopped())
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := page.Keep(t.Context(), decided("tumour", "", 0)); err != nil {
		t.Error(err)
	}
}

// Of each waiver the log tells who gave it, what for, and whether it counted:
// once, and again when that changes.
func TestEveryWaiverIsARecordOfItsOwn(t *testing.T) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "log")
	page := newPage(NewLog(dir, private), "/srv/one")
	release := evidence.Subject{Name: "tumour", Digest: evidence.Sum([]byte("tumour"))}
	said := evidence.Waived(release, evidence.Waiver{Rule: "a.rule", Environment: "staging", Expires: "2026-02-01T00:00:00Z"})
	said.By = evidence.Person{Name: "Dr. Ruiz", Email: "ruiz@example.org", Role: "quality"}
	counts := promotion.Waived{File: "waivers/a.json", Bundle: evidence.Sum([]byte("a")), Said: said}
	expired := counts
	expired.Why = []string{"it has expired"}
	stranger := promotion.Waived{File: "waivers/\x1bb.json", Bundle: evidence.Sum([]byte("b")), Why: []string{strings.Repeat("no trusted signature ", 999)}}
	var head string
	for minute, seen := range [][]promotion.Waived{{counts}, {counts, stranger}, {counts, stranger}, {expired, stranger}, {expired, stranger}} {
		decision := decided("tumour", "", minute)
		decision.Waivers = seen
		kept, err := page.Keep(t.Context(), decision)
		if err != nil {
			t.Fatal(err)
		}
		head = kept.Head
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	witnessed, err := auditlog.ParseHead(head)
	if err != nil || witnessed.Size != 2 { // the verdict is the second entry, and was never news again
		t.Errorf("the head is %q, %v", head, err)
	}
	_, entries, err := auditlog.Compare(t.Context(), dir, key, auditlog.Seen{Heads: []auditlog.Checkpoint{witnessed}},
		func(entry auditlog.Entry) bool { return entry.Record.Kind == auditlog.Waiver })
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	first, second, third := entries[0].Record, entries[1].Record, entries[2].Record
	if !first.Allowed || first.Actor != `"Dr. Ruiz" <ruiz@example.org>` || first.Subject != release || first.Waiver.Rule != "a.rule" ||
		first.Waiver.Role != "quality" || first.Waiver.Until != "2026-02-01T00:00:00Z" || len(first.Waiver.Why) != 0 {
		t.Errorf("the waiver that counts is %+v, %+v", first, first.Waiver)
	}
	if second.Allowed || second.Actor != "" || strings.Contains(second.Subject.Name, "\x1b") || len(second.Waiver.Why[0]) != maxShort {
		t.Errorf("what nobody trusted has signed is %+v, %+v", second, second.Waiver)
	}
	if third.Allowed || third.Waiver.Why[0] != "it has expired" || third.Waiver.Bundle != counts.Bundle {
		t.Errorf("the waiver that has expired is %+v, %+v", third, third.Waiver)
	}
}

// What a page shows is signed by the key of its log, and verified by the line
// that assay.yaml names.
func TestALogShowsWhatItHasSigned(t *testing.T) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	line, err := auditlog.VerifierKey(key)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := newPage(NewLog(filepath.Join(t.TempDir(), "log"), private), "/srv/one").Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if name, _, _ := strings.Cut(line, "+"); !strings.HasPrefix(string(shown), name+"\n0\n") {
		t.Errorf("%s shows %q", name, shown)
	}
	if _, err := newPage(NewLog(filepath.Join(t.TempDir(), "log"), []byte("no key")), "/srv/one").Checkpoint(t.Context()); err == nil {
		t.Error("a log without a key shows a checkpoint")
	}
}
