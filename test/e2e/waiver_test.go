package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
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
	if verdict := ofModel(t, bench.mustCheck("by-the-author"), model); verdict.Allowed() || len(verdict.Denials()) != len(rules) {
		t.Errorf("the author's own waiver changes the verdict: %+v", verdict.Findings)
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
}
