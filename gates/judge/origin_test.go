package judge_test

import (
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// What statements rest on is compared: one that is true of other data, other
// rows or another trainer fails the rule that speaks of it, and no other.
func TestEvidenceOfOtherDataIsToldApart(t *testing.T) {
	const integrity, identity, deidentified = "model.compliance.integrity", "model.compliance.builder_identity", "model.compliance.deidentification"
	other := evidence.Sum([]byte("other"))
	retrained := func(change func(*evidence.Provenance)) func(*judge.Question) {
		return func(q *judge.Question) {
			provenance := trained()
			change(&provenance)
			q.Model.Evidence.Statements[0] = evidence.Trained(release, provenance)
		}
	}
	remeasured := func(statement int, input string) func(*judge.Question) {
		return func(q *judge.Question) {
			measured := q.Model.Evidence.Statements[statement].Measurements
			measured.Inputs = slices.Clone(measured.Inputs)
			for i := range measured.Inputs {
				if measured.Inputs[i].Name == input {
					measured.Inputs[i].Digest = other
				}
			}
		}
	}
	for name, test := range map[string]struct {
		change func(*judge.Question)
		rule   string
	}{
		"trained on other data": {retrained(func(p *evidence.Provenance) {
			p.BuildDefinition.ResolvedDependencies[0].Digest = map[string]string{"sha256": other.Hex()}
		}), integrity},
		"trained on other rows": {retrained(func(p *evidence.Provenance) {
			p.BuildDefinition.ResolvedDependencies[1].Digest = map[string]string{"sha256": other.Hex()}
		}), integrity},
		"trained on what has no digest": {retrained(func(p *evidence.Provenance) {
			p.BuildDefinition.ResolvedDependencies[0].Digest = map[string]string{"sha256": "garbage"}
		}), integrity},
		"trained on two things of one name": {retrained(func(p *evidence.Provenance) {
			second := evidence.ResourceDescriptor{Name: "data", Digest: map[string]string{"sha256": other.Hex()}}
			p.BuildDefinition.ResolvedDependencies = append(p.BuildDefinition.ResolvedDependencies, second)
		}), integrity},
		"trained by a stranger":         {retrained(func(p *evidence.Provenance) { p.RunDetails.Builder.ID = "https://example.org/laptop" }), identity},
		"trained by nobody":             {retrained(func(p *evidence.Provenance) { p.RunDetails.Builder.ID = "" }), identity},
		"data measured on other rows":   {remeasured(1, "train"), integrity},
		"another holdout was predicted": {remeasured(2, "holdout"), integrity},
		"other cohorts were compared":   {remeasured(3, "train"), integrity},
		"other data was scanned":        {remeasured(1, "contract"), deidentified},
		"other data was agreed":         {remeasured(4, "contract"), deidentified},
	} {
		question := ask(passing())
		test.change(&question)
		if denied := rulesOf(answer(t, question)); !slices.Equal(denied, []string{test.rule}) {
			t.Errorf("%s: %v", name, denied)
		}
	}
}

// A second provenance that disagrees leaves nothing known, and is told twice: it
// is one too many, and nobody knows what was trained on.
func TestProvenancesThatDisagreeProveNothing(t *testing.T) {
	question, second := ask(passing()), trained()
	second.BuildDefinition.ResolvedDependencies[0].Digest = map[string]string{"sha256": evidence.Sum([]byte("other")).Hex()}
	question.Model.Evidence.Statements = append(question.Model.Evidence.Statements, evidence.Trained(release, second))
	if denied := rulesOf(answer(t, question)); !slices.Equal(denied, []string{"model.compliance.integrity", "model.evidence.complete"}) {
		t.Error(denied)
	}
}

// rulesOf are the rules of a verdict that are not satisfied.
func rulesOf(verdict gates.Verdict) []string {
	var rules []string
	for _, finding := range verdict.Findings {
		rules = append(rules, finding.Rule)
	}
	return rules
}
