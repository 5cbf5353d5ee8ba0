package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// The compliance demo release is the catalogue's breast model in development: it
// passes 35 of 35 controls. Each mutant of it violates one control, and exactly
// the rule that holds this control denies it.

const (
	cardFile       = "models/breast-malignancy/card.yaml"
	governanceFile = "models/breast-malignancy/governance.yaml"
	contractFile   = "datasets/wdbc/dataset.yaml"
	platformFile   = "assay.yaml"
)

// mutant is a change of one file of the promotion repository.
type mutant struct{ control, rule, file, old, with string }

// written are the mutants that a pull request could hold. Those of assay.yaml are
// merged first, because the platform is read as it is merged.
var written = []mutant{
	{"CMP-001", "card_complete", cardFile, "measurement: performance.sensitivity", "measurement: performance.luck"},
	{"CMP-002", "intended_use", cardFile, "intendedUsers: ", "intendedUsers: TBD # "},
	{"CMP-003", "out_of_scope", cardFile, "clinicalRiskLevel: moderate", "clinicalRiskLevel: unknown"},
	{"CMP-004", "ethics", contractFile, `approved: "2026-11-23"`, `approved: "2026-11-25"`},
	{"CMP-005", "data_use", contractFile, `expires: "2030-12-31"`, `expires: "2026-11-01"`},
	{"CMP-006", "deidentification", contractFile, "deidentification: safe_harbor", "deidentification: expert_determination"},
	{"CMP-007", "minimum_necessary", governanceFile, "reason: counts", "reason: TBD # counts"},
	{"CMP-008", "retention", governanceFile, "years: 10", "years: 6"},
	{"CMP-009", "audit_log", platformFile, "publicKey: assay.dev/log/", "publicKey: assay.dev/lag/"},
	{"CMP-014", "change_record", governanceFile, "rollback: ", "rollback: TBD # "},
	{"CMP-015", "least_privilege", platformFile, "by: pia@example.org", "by: nobody"},
	{"CMP-016", "encryption", platformFile, `tls: "1.2"`, `tls: "1.1"`},
	{"CMP-018", "builder_identity", platformFile, "- https://assay.dev/reconciler/v1alpha1", "- https://example.org/laptop"},
	{"CMP-019", "pccp", governanceFile, "reason: a demonstration on public data", "reason: TBD # "},
	{"CMP-020", "good_practice", governanceFile, "principle: 7", "principle: 6"},
	{"CMP-021", "risk_file", governanceFile, "severity: critical", "severity: bad"},
	{"CMP-022", "data_governance", governanceFile, "gaps: ", "gaps: TBD # "},
	{"CMP-023", "technical_file", governanceFile, "kind: declaration", "kind: promise"},
	{"CMP-024", "lineage", governanceFile, "version: development", "version: TBD # "},
	{"CMP-026", "automated_decisions", governanceFile, "basis: j", "basis: k"},
	{"CMP-027", "nondiscrimination", governanceFile, "- name: mean_texture", "- name: mean_texture\n      protected: race\n      cohorts: race"},
	{"CMP-028", "reporting", governanceFile, "specification: model.json", "specification: nothing.json"},
	{"CMP-029", "registration", governanceFile, "reason: a demonstration that reuses", "reason: TBD # "},
	{"CMP-030", "monitoring", governanceFile, "seriousDays: 15", "seriousDays: 16"},
	{"CMP-031", "processors", governanceFile, "processors: []", `processors: [{name: Cloud, agreement: BAA-1, expires: "2026-11-01"}]`},
	{"CMP-033", "software", governanceFile, "safetyClass: B", "safetyClass: D"},
	{"CMP-034", "substance_use", governanceFile, "present: false", "present: true"},
	{"CMP-035", "review_by", governanceFile, "reviewBy: ", `reviewBy: "2026-11-01" # `},
}

func TestTheDemoReleasePassesEveryControlAndEachMutantFailsItsOwn(t *testing.T) {
	t.Parallel()
	bench := newBench(t, approved)
	bench.change("as-it-is", approved)
	if held := complianceOf(bench.verdict("as-it-is")); len(held.denied) > 0 || held.evaluated != 35 {
		t.Fatalf("%d controls were asked, denied by %v", held.evaluated, held.denied)
	}
	tried := map[string]bool{}
	try := func(control, rule string, denied []string) {
		t.Helper()
		tried[control] = true
		if !slices.Equal(denied, []string{"model.compliance." + rule}) {
			t.Errorf("%s: the mutant is denied by %v, want model.compliance.%s alone", control, denied, rule)
		}
	}
	for _, one := range written {
		try(one.control, one.rule, bench.mutated(one))
	}
	for i, rule := range []string{"signature_meaning", "signature_binding", "signers_unique", "approvals"} {
		control := fmt.Sprintf("CMP-%03d", 10+i)
		try(control, rule, bench.signedBadly(control, 100+10*i))
	}
	state := bench.merged(approved)
	try("CMP-017", "integrity", rejudged(t, bench, state, func(statement *evidence.Statement) {
		if statement.Provenance != nil {
			statement.Provenance.BuildDefinition.ResolvedDependencies = slices.Clone(statement.Provenance.BuildDefinition.ResolvedDependencies)
			for i, dependency := range statement.Provenance.BuildDefinition.ResolvedDependencies {
				if dependency.Name == "data" {
					statement.Provenance.BuildDefinition.ResolvedDependencies[i].Digest = map[string]string{"sha256": evidence.Sum(nil).Hex()}
				}
			}
		}
	}))
	try("CMP-025", "selftest", rejudged(t, bench, state, func(statement *evidence.Statement) {
		change(statement, "self_test_failures", "1")
	}))
	try("CMP-032", "waiver_register", bench.waivedByTheAuthor(state))
	for n := 1; n <= 35; n++ {
		if control := fmt.Sprintf("CMP-%03d", n); !tried[control] {
			t.Errorf("%s has no mutant", control)
		}
	}
}

// verdict is what merging a branch would come to.
func (b *bench) verdict(branch string) gates.Verdict {
	b.t.Helper()
	return ofModel(b.t, b.mustCheck(branch), approved)
}

type held struct {
	evaluated int
	denied    []string
}

// complianceOf leaves of a verdict what the rules of the compliance gate say. What
// another gate denies would be a mutant of two controls.
func complianceOf(verdict gates.Verdict) held {
	found := held{}
	for _, rule := range verdict.Evaluated {
		if strings.HasPrefix(rule, "model.compliance.") {
			found.evaluated++
		}
	}
	for _, finding := range verdict.Denials() {
		found.denied = append(found.denied, finding.Rule)
	}
	return found
}

// mutated checks the change, which the statistician has approved. A mutant of the
// platform is merged, and taken back.
func (b *bench) mutated(one mutant) []string {
	b.t.Helper()
	branch := strings.ToLower(one.control)
	if one.file != platformFile {
		b.pushed(branch, func() error { return b.replace(one.file, one.old, one.with) })
		return complianceOf(b.verdict(branch)).denied
	}
	b.merging(branch, one.file, one.old, one.with)
	defer b.merging(branch+"-back", one.file, one.with, one.old)
	b.change(branch+"-change", approved)
	return complianceOf(b.verdict(branch + "-change")).denied
}

// merging makes a change of main.
func (b *bench) merging(branch, file, old, with string) {
	b.t.Helper()
	b.pushed(branch, func() error { return b.replace(file, old, with) })
	b.mustMerge(branch)
}

// signedBadly checks a change whose signatures are wrong in one way. Each has a
// seed of its own: an approval of the same content would count for it.
func (b *bench) signedBadly(control string, seed int) []string {
	b.t.Helper()
	branch := strings.ToLower(control)
	b.branch(branch, seed)
	switch control {
	case "CMP-010":
		b.signs(b.clinician, branch, trailers)
	case "CMP-011":
		b.signs(b.clinician, branch, review)
		b.again(branch, fmt.Sprint("seed: ", seed), fmt.Sprint("seed: ", seed+1))
	case "CMP-012":
		bot, err := harness.NewPerson("Bot", "noreply@example.org", "quality")
		if err != nil {
			b.t.Fatal(err)
		}
		b.must([]string{"checkout", "--quiet", "main"})
		b.merging(branch+"-people", platformFile, "people:", harness.Listed(bot))
		defer b.merging(branch+"-nobody", platformFile, harness.Listed(bot), "people:")
		b.branch(branch, seed)
		b.signs(bot, branch, review)
	}
	if control != "CMP-013" {
		b.signs(b.statistician, branch+"-too", review)
	}
	denied := complianceOf(b.verdict(branch)).denied
	b.must([]string{"checkout", "--quiet", "main"})
	return denied
}

// waivedByTheAuthor checks a change that holds a waiver of its own author.
func (b *bench) waivedByTheAuthor(state *promotion.State) []string {
	b.t.Helper()
	author := newPerson(b.t, "emil@example.org")
	b.trust(author)
	b.waive("cmp-032", author, state.Release, []string{"model.compliance.retention"})
	return complianceOf(b.verdict("cmp-032")).denied
}

// rejudged asks the judge about the release once more, with evidence that says
// something else: what nobody can write into a repository, a broken gate or
// trainer could sign.
func rejudged(t *testing.T, bench *bench, state *promotion.State, change func(*evidence.Statement)) []string {
	t.Helper()
	var delivered []evidence.Envelope
	for _, text := range releaseOf(t, bench, state).Spec.Envelopes {
		delivered = append(delivered, evidence.Envelope(text))
	}
	opened := evidence.Open(t.Context(), trusted(t, bench), state.Release, delivered)
	if len(opened.Problems) > 0 {
		t.Fatal(opened.Problems)
	}
	for i := range opened.Statements {
		change(&opened.Statements[i])
	}
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := court.Judge(t.Context(), judge.Question{
		Environment: "development", Profile: "development", Time: noon.Add(time.Second),
		Model: &judge.Model{Release: state.Release, Evidence: opened},
	})
	if err != nil {
		t.Fatal(err)
	}
	return complianceOf(verdict).denied
}

// change writes another value into a measurement.
func change(statement *evidence.Statement, name string, value evidence.Decimal) {
	if statement.Measurements == nil {
		return
	}
	for i := range statement.Measurements.Measurements {
		if one := &statement.Measurements.Measurements[i]; one.Name == name {
			one.Value = value
		}
	}
}
