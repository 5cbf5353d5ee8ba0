package judge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

const gapRule = "model.bias.equal_opportunity"

var quality = evidence.Person{Name: "Dr. Ruiz", Email: "Ruiz@example.org", Role: "quality"}

func waiver(spoil func(*evidence.Statement)) evidence.Statement {
	waived := evidence.Waived(release, evidence.Waiver{
		Rule: gapRule, Environment: "development", Reason: "the cohort is being recruited", Control: "a second reader",
		Issued: now.Add(-time.Hour).Format(time.RFC3339), Expires: now.AddDate(0, 0, 30).Format(time.RFC3339),
	})
	waived.By = quality
	if spoil != nil {
		spoil(&waived)
	}
	return waived
}

// biased asks about a model whose sensitivity differs between the sexes, with a
// waiver beside the evidence.
func biased(waivers ...evidence.Statement) judge.Question {
	measured := passing()
	for i, m := range measured["bias"] {
		if m.Name == "equal_opportunity_difference" {
			measured["bias"][i] = about("sex", interval(m.Name, 0.2, 0.3, 0.4))
		}
	}
	question := ask(measured)
	question.Model.Evidence.Statements = append(question.Model.Evidence.Statements, waivers...)
	return question
}

func gap(t *testing.T, question judge.Question) gates.Finding {
	t.Helper()
	for _, found := range answer(t, question).Findings {
		if found.Rule == gapRule {
			return found
		}
	}
	t.Fatal("the gap was not found")
	return gates.Finding{}
}

func TestAWaiverOpensTheDoorAndIsTold(t *testing.T) {
	if found := gap(t, biased()); !found.Denies() {
		t.Fatalf("without a waiver: %+v", found)
	}
	question := biased(waiver(nil))
	found := gap(t, question)
	if found.Severity != gates.Waived || found.State != gates.Failed ||
		!strings.Contains(found.Message, "waived until 2026-12-23T12:00:00Z by Dr. Ruiz (quality): the cohort is being recruited; instead: a second reader") {
		t.Errorf("found %+v", found)
	}
	if verdict := answer(t, question); !verdict.Allowed() {
		t.Errorf("denied: %+v", verdict.Denials())
	}
}

// What was waived, and what could not be, is told of every waiver.
func TestTheJudgeSaysOfEveryWaiverWhatSpeaksAgainstIt(t *testing.T) {
	foreign := waiver(func(s *evidence.Statement) { s.Subject.Digest = evidence.Sum([]byte("another")) })
	expired := waiver(func(s *evidence.Statement) {
		s.Waiver.Expires, s.By.Role = now.Format(time.RFC3339), "model_owner"
	})
	counts := waiver(nil)
	verdict := answer(t, biased(foreign, expired, counts))
	if len(verdict.Waivers) != 2 {
		t.Fatalf("told of %+v", verdict.Waivers)
	}
	if got := verdict.Objections(*expired.Waiver, expired.By); strings.Join(got, ", ") != "it has expired, who gave it is in no role that may" {
		t.Errorf("against the expired one: %q", got)
	}
	if got := verdict.Objections(*counts.Waiver, quality); len(got) != 0 {
		t.Errorf("against the one that counts: %q", got)
	}
	if got := verdict.Objections(*counts.Waiver, evidence.Person{}); len(got) != 1 {
		t.Errorf("of one that nobody has seen: %q", got)
	}
}

// A waiver that has ended, or is for something or somebody else, changes
// nothing: the verdict is the one without it. One that runs though nobody could
// have given it opens nothing either, and breaks the register of waivers.
func TestAWaiverThatDoesNotFitOpensNothing(t *testing.T) {
	court := newJudge(t)
	without, err := court.Judge(t.Context(), biased())
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		spoil  func(*evidence.Statement)
		broken int
	}{
		"expired":                 {func(s *evidence.Statement) { s.Waiver.Expires = now.Format(time.RFC3339) }, 0},
		"not yet":                 {func(s *evidence.Statement) { s.Waiver.Issued = now.Add(time.Second).Format(time.RFC3339) }, 0},
		"for another environment": {func(s *evidence.Statement) { s.Waiver.Environment = "staging" }, 0},
		"of another rule":         {func(s *evidence.Statement) { s.Waiver.Rule = "model.bias.false_positive_rate" }, 0},
		"too long":                {func(s *evidence.Statement) { s.Waiver.Expires = now.AddDate(0, 0, 91).Format(time.RFC3339) }, 1},
		"without end":             {func(s *evidence.Statement) { s.Waiver.Expires = "never" }, 1},
		"of a forbidden rule":     {func(s *evidence.Statement) { s.Waiver.Rule = "model.security.secrets" }, 1},
		"by the author":           {func(s *evidence.Statement) { s.By.Email = "AUTHOR@example.org" }, 1},
		"by nobody":               {func(s *evidence.Statement) { s.By = evidence.Person{} }, 1},
		"by the model's owner":    {func(s *evidence.Statement) { s.By.Role = "model_owner" }, 1},
	} {
		verdict, err := court.Judge(t.Context(), biased(waiver(test.spoil)))
		if err != nil {
			t.Fatal(err)
		}
		if len(verdict.Findings) != len(without.Findings)+test.broken || verdict.Findings[0] != without.Findings[0] || verdict.Allowed() {
			t.Errorf("%s: found %+v", name, verdict.Findings)
		}
		if test.broken == 1 && verdict.Findings[1].Rule != "model.compliance.waiver_register" {
			t.Errorf("%s: found %+v", name, verdict.Findings[1])
		}
	}
}

// What is not known cannot be waived, and some rules never can.
func TestMissingEvidenceAndForbiddenRulesAreNotWaived(t *testing.T) {
	silent := ask(passing())
	silent.Model.Evidence.Statements = append(silent.Model.Evidence.Statements[:3:3], waiver(nil)) // training, dataset and performance
	silent.Model.Evidence.Statements = append(silent.Model.Evidence.Statements, waiver(func(s *evidence.Statement) { s.Waiver.Rule = "model.evidence.complete" }))
	verdict := answer(t, silent)
	for _, found := range verdict.Findings {
		if found.Severity == gates.Waived {
			t.Errorf("waived: %+v", found)
		}
	}
	if verdict.Allowed() {
		t.Error("allowed without evidence")
	}
}

func TestAWaiverOfAnotherReleaseIsAProblem(t *testing.T) {
	foreign := waiver(func(s *evidence.Statement) { s.Subject.Digest = evidence.Sum([]byte("another")) })
	if verdict := answer(t, biased(foreign)); verdict.Allowed() || !gap(t, biased(foreign)).Denies() {
		t.Error("another release's waiver opened the door")
	}
}
