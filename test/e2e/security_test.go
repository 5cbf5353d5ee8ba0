package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/sarif"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// write puts a file into the clone.
func (b *bench) write(name, text string) error {
	path := filepath.Join(b.clone, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// deniedBy proposes a change beside another seed, and answers with the rules
// that deny it and with what they say.
func (b *bench) deniedBy(branch, model string, change func() error) (rules, messages []string) {
	b.t.Helper()
	b.pushed(branch, func() error {
		if err := b.replace("models/"+model+"/model.yaml", "seed: 1", "seed: 2"); err != nil {
			return err
		}
		return change()
	})
	for _, finding := range ofModel(b.t, b.mustCheck(branch), model).Denials() {
		rules, messages = append(rules, finding.Rule), append(messages, finding.Message)
	}
	return rules, messages
}

func TestWhatARepositoryHoldsIsLookedInto(t *testing.T) {
	t.Parallel()
	const model = "breast-malignancy"
	bench := newBench(t, model)
	usual, _ := bench.deniedBy("nothing-else", model, func() error { return nil })
	if len(usual) != 0 {
		t.Fatalf("the model is denied: %v", usual)
	}
	key := "AKIA" + strings.Repeat("Z7", 8) // in the form of a key, which opens nothing
	const image = "registry.example.org/python@sha256:0000000000000000000000000000000000000000000000000000000000000000"
	for name, story := range map[string]struct {
		file, text, rule, says string
	}{
		"a-secret":               {"models/" + model + "/notes.md", "see\n" + key + "\n", "model.security.secrets_in_change", "aws-access-key-id models/" + model + "/notes.md:2"},
		"a-secret-beside":        {"README.md", key, "model.security.secrets_in_change", "aws-access-key-id README.md:1"},
		"an-image-as-root":       {"models/" + model + "/Dockerfile", "FROM " + image + "\nUSER root\n", "model.security.source_misconfiguration", "DS-0002"},
		"a-module-from-afar":     {"infrastructure/main.tf", "module \"x\" {\n  source = \"terraform-aws-modules/s3-bucket/aws\"\n}\n", "model.security.source_misconfiguration", "1 sources not examined"},
		"an-image-of-no-account": {"models/" + model + "/Dockerfile", "FROM " + image + "\nUSER 65532\n", "", ""},
	} {
		rules, said := bench.deniedBy(name, model, func() error { return bench.write(story.file, story.text) })
		if want := slices.DeleteFunc([]string{story.rule}, func(rule string) bool { return rule == "" }); !slices.Equal(rules, want) {
			t.Errorf("%s is denied by %v: %v", name, rules, said)
		} else if len(said) == 1 && (!strings.Contains(said[0], story.says) || strings.Contains(said[0], key)) {
			t.Errorf("%s: %s", name, said[0])
		}
	}
}

// semgrep is what Semgrep writes, with one result of a level.
func semgrep(level string) string {
	return `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Semgrep OSS","semanticVersion":"1.95.0","rules":[{"id":"shell","defaultConfiguration":{"level":"` + level + `"}}]}},` +
		`"invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-11-22T12:00:00Z"}],` +
		`"results":[{"ruleId":"shell","locations":[{"physicalLocation":{"artifactLocation":{"uri":"train.py"},"region":{"startLine":7}}}]}]}]}`
}

// An organisation requires a scanner by its own thresholds; from then on a model
// needs its word, signed, about this content, not long ago, without an error.
func TestARequiredScannerMustHaveRunOnThisContent(t *testing.T) {
	t.Parallel()
	const model, rule = "breast-malignancy", "model.security.scanners"
	bench, ci := newBench(t, model), newPerson(t, "ci@example.org")
	bench.requireSemgrep(ci)
	scanned := func(by person, commit, file string) string {
		report, err := sarif.Read(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		scan, err := report.At(commit, noon)
		if err != nil {
			t.Fatal(err)
		}
		envelope, err := by.signer.Sign(t.Context(), evidence.Scanned(evidence.Subject{Name: "semgrep.sarif", Digest: evidence.Sum([]byte(file))}, scan))
		if err != nil {
			t.Fatal(err)
		}
		return string(envelope)
	}
	denied := func(branch, want string, change func() error) {
		t.Helper()
		rules, said := bench.deniedBy(branch, model, change)
		if want == "" && len(rules) == 0 {
			return
		}
		if !slices.Equal(rules, []string{rule}) || !strings.Contains(said[0], want) {
			t.Errorf("%s: denied by %v: %v", branch, rules, said)
		}
	}
	denied("unscanned", "semgrep has not run", func() error { return nil })
	old := bench.tip("main")
	denied("scanned-before", "semgrep ran on other content", func() error { return bench.write("scans/semgrep.json", scanned(ci, old, semgrep("warning"))) })
	// A change is committed, scanned, and the scan is committed on top of it.
	for name, story := range map[string]struct{ sarif, want string }{
		"scanned":          {semgrep("warning"), ""},
		"scanned-badly":    {semgrep("error"), "semgrep found 1 errors, limit 0: semgrep shell train.py:7"},
		"scanned-long-ago": {strings.Replace(semgrep("note"), "2026-11-22", "2026-10-22", 1), "semgrep ran 32 days ago, limit 30"},
	} {
		denied(name, story.want, func() error {
			if err := bench.git(t.Context(), []string{"commit", "--quiet", "--all", "--date=" + noon.Format(time.RFC3339), "-m", "what is scanned"}); err != nil {
				return err
			}
			head, err := harness.Git(t.Context(), bench.clone, "rev-parse", "HEAD")
			if err != nil {
				return err
			}
			return bench.write("scans/semgrep.json", scanned(ci, strings.TrimSpace(head), story.sarif))
		})
	}
	bench.mustMerge("scanned")
	if state := bench.merged(model); !state.Verdict.Allowed() {
		t.Errorf("once merged: %+v", state.Verdict.Denials())
	}
	bench.pushed("by-a-stranger", func() error {
		return bench.write("scans/semgrep.json", scanned(newPerson(t, "ci@example.org"), bench.tip("scanned"), semgrep("none")))
	})
	if denials := ofModel(t, bench.mustCheck("by-a-stranger"), model).Denials(); len(denials) != 1 || denials[0].Rule != rule || !strings.Contains(denials[0].Message, "whom assay.yaml trusts") {
		t.Errorf("by a stranger: %+v", denials)
	}
}

// requireSemgrep is a merged change of assay.yaml, which trusts a key for scans,
// and of the thresholds.
func (b *bench) requireSemgrep(ci person) {
	b.t.Helper()
	b.pushed("require-semgrep", func() error {
		signer := fmt.Sprintf("signers:\n    - {name: %s, predicates: [%s], publicKey: %q}\n", ci.email, evidence.ScanType, ci.public)
		if err := b.replace("assay.yaml", "signers:\n", signer); err != nil {
			return err
		}
		return b.write("policies/thresholds/data.yaml", "thresholds: {profiles: {development: {security: {scanners_required: [semgrep]}}}}\n")
	})
	b.mustMerge("require-semgrep")
}
