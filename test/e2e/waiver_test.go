package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// person has a key, and the roles and address that assay.yaml gives it.
type person struct {
	signer evidence.KeySigner
	public string
	email  string
}

func newPerson(t *testing.T, email string) person {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return person{signer, string(public), email}
}

// trust lets people waive, as a merged change of assay.yaml does.
func (b *bench) trust(people ...person) {
	b.t.Helper()
	var text strings.Builder
	for _, one := range people {
		text.WriteString("    - {name: " + one.email + ", email: " + one.email + ", role: quality, predicates: [" + evidence.WaiverType + "], publicKey: \"" +
			strings.ReplaceAll(one.public, "\n", `\n`) + "\"}\n")
	}
	b.pushed("people", func() error { return b.replace("assay.yaml", "signers:\n", "signers:\n"+text.String()) })
	b.mustMerge("people")
}

func (b *bench) waive(branch string, by person, release evidence.Subject, rules []string) {
	b.t.Helper()
	b.pushed(branch, func() error {
		for _, rule := range rules {
			envelope, err := by.signer.Sign(b.t.Context(), evidence.Waived(release, evidence.Waiver{
				Rule: rule, Environment: "development", Reason: "the women are being recruited", Control: "a second reader",
				Issued: noon.Add(-time.Hour).Format(time.RFC3339), Expires: noon.AddDate(0, 0, 30).Format(time.RFC3339),
			}))
			if err != nil {
				return err
			}
			file := filepath.Join(b.clone, "waivers", rule+".json")
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(file, envelope, 0o644); err != nil {
				return err
			}
		}
		return nil
	})
}

// What the statistician waives, the author cannot; and what is waived at the
// pull request is waived, in the same words, at the door of the cluster.
func TestAWaiverOpensEveryDoorAndTheAuthorsOpensNone(t *testing.T) {
	t.Parallel()
	const model = "colon-mortality"
	bench := newBench(t, model)
	author, quality := newPerson(t, "emil@example.org"), newPerson(t, "ruiz@example.org")
	bench.trust(author, quality)
	denied := bench.merged(model)
	var rules []string
	for _, finding := range denied.Verdict.Denials() {
		rules = append(rules, finding.Rule)
	}
	if len(rules) == 0 {
		t.Fatal("the model is not denied")
	}
	bench.waive("by-the-author", author, denied.Release, rules)
	own := ofModel(t, bench.mustCheck("by-the-author"), model).Denials()
	register := slices.IndexFunc(own, func(found gates.Finding) bool { return found.Rule == "model.compliance.waiver_register" })
	if len(own) != len(rules)+1 || register < 0 {
		t.Errorf("the author's own waiver opens a door, or breaks no register: %+v", own)
	}
	bench.waive("by-quality", quality, denied.Release, rules)
	verdict := ofModel(t, bench.mustCheck("by-quality"), model)
	if !verdict.Allowed() {
		t.Fatalf("denied: %+v", verdict.Denials())
	}
	told := 0
	for _, finding := range verdict.Findings {
		if finding.Severity == gates.Waived && strings.Contains(finding.Message, "by ruiz@example.org (quality)") {
			told++
		}
	}
	if told != len(rules) {
		t.Errorf("%d of %d waivers are told: %+v", told, len(rules), verdict.Findings)
	}
	bench.mustMerge("by-quality")
	state := bench.merged(model)
	admitted, whole := admit(t, bench, releaseOf(t, bench, state), "development")
	same(t, "the admission", admitted, verdict)
	if !whole.Allowed() {
		t.Error("the pod is refused")
	}
	bench.tellsOfWaivers(len(rules))
}

// tellsOfWaivers reads the log as an auditor does, and compares it with what the
// delivery's commit has witnessed.
func (b *bench) tellsOfWaivers(count int) {
	b.t.Helper()
	message, err := harness.Git(b.t.Context(), b.bare, "log", "-1", "--format=%B", "env/development")
	if err != nil {
		b.t.Fatal(err)
	}
	_, line, _ := strings.Cut(message, promotion.HeadTrailer)
	line, _, _ = strings.Cut(line, "\n")
	head, err := auditlog.ParseHead(line)
	if err != nil {
		b.t.Fatalf("%v in %q", err, message)
	}
	_, entries, err := auditlog.Compare(b.t.Context(), filepath.Join(b.state, "log"), b.signer().Public(), auditlog.Seen{Heads: []auditlog.Checkpoint{head}},
		func(entry auditlog.Entry) bool { return entry.Record.Kind == auditlog.Waiver })
	if err != nil || len(entries) != count {
		b.t.Errorf("%d waivers are in the log, %v", len(entries), err)
	}
	for _, entry := range entries {
		if record := entry.Record; !record.Allowed || !strings.Contains(record.Actor, "ruiz@example.org") || record.Waiver.Role != "quality" {
			b.t.Errorf("entry %d is %+v, %+v", entry.Index, record, record.Waiver)
		}
	}
}
