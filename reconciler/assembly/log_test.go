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
