package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/gates"
)

func TestADenialNamesRuleNumberAndRemedy(t *testing.T) {
	response := answer(Modes{}.rule(gates.Verdict{Evaluated: []string{"model.bias.equal_opportunity"}, Findings: []gates.Finding{{
		Rule: "model.bias.equal_opportunity", Severity: gates.Deny,
		Message: "sensitivity gap may be as large as 0.12, limit 0.10", Remedy: "evaluate on more patients"}}}))
	want := "assay: denied: model.bias.equal_opportunity: sensitivity gap may be as large as 0.12, limit 0.10; remedy: evaluate on more patients\n" +
		"assay: hint: assay explain model.bias.equal_opportunity"
	if response.Allowed || response.Result.Message != want || response.Result.Code != http.StatusForbidden {
		t.Errorf("%t %d %q", response.Allowed, response.Result.Code, response.Result.Message)
	}
}

func TestTheZeroVerdictIsDenied(t *testing.T) {
	if response := answer(Modes{}.rule(gates.Verdict{})); response.Allowed {
		t.Error("it is allowed")
	}
}

func TestAWarningIsToldAndLetsPass(t *testing.T) {
	response := answer(Modes{}.rule(gates.Verdict{Evaluated: []string{"a"}, Policy: "sha256:p", Findings: []gates.Finding{
		{Rule: "model.bias.gap", Severity: gates.Warn, Message: "40 more patients would settle it"}}}))
	if !response.Allowed || len(response.Warnings) != 1 || response.Warnings[0] != "assay: model.bias.gap: 40 more patients would settle it" {
		t.Errorf("%+v", response)
	}
	if response.AuditAnnotations["policy"] != "sha256:p" || !strings.HasPrefix(response.AuditAnnotations["verdict"], "sha256:") {
		t.Errorf("%v", response.AuditAnnotations)
	}
}

// A verdict quotes text of attackers: field values, group names of evidence.
func TestAnAnswerIsBoundedAndPrintable(t *testing.T) {
	hostile := strings.Repeat("\x1b[31m\n\u202e\xff é", 1000)
	verdict := gates.Verdict{Environment: hostile, Policy: hostile, Evaluated: []string{"a"}}
	for i := range 200 {
		severity := gates.Deny
		if i%2 == 0 {
			severity = gates.Warn
		}
		verdict.Findings = append(verdict.Findings, gates.Finding{
			Rule: fmt.Sprint("model.x.", i, hostile), Severity: severity, Message: hostile, Remedy: hostile})
	}
	response := answer(Modes{}.rule(verdict))
	if size := len(response.Result.Message); size > (maxLine+1)*maxLines+500 {
		t.Errorf("the message has %d bytes", size)
	}
	warned := 0
	for _, warning := range response.Warnings {
		if warned += len(warning); len(warning) > maxWarning {
			t.Errorf("a warning has %d bytes", len(warning))
		}
	}
	if warned > 4096 {
		t.Errorf("warnings have %d bytes", warned)
	}
	texts := append([]string{response.Result.Message, ignorant(errors.New(hostile)).Result.Message}, response.Warnings...)
	for key, annotation := range response.AuditAnnotations {
		if texts = append(texts, annotation); len(annotation) > maxRules {
			t.Errorf("annotation %s has %d bytes", key, len(annotation))
		}
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\u202e\r\t") {
			t.Errorf("not printable: %.80q", text)
		}
	}
}
