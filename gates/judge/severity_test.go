package judge_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// An organisation's own rule about its own measurement: at least 0.5.
const own = `# METADATA
# title: "The second reader agrees"
# custom:
#   remedy: "let a third reader decide"
%s
package model.performance.readers

import data.lib

satisfied if lib.at_least(agreement, 0.5)

inconclusive if lib.straddles(agreement, 0.5)

agreement := lib.overall("performance", "agreement")

message := sprintf("agreement is %%s%%s", [agreement.value, agreement.method]) if lib.ends(agreement)
`

// withOwn is a judge that has, beside the shipped rules, the organisation's.
func withOwn(t *testing.T, severity string) (*judge.Judge, error) {
	t.Helper()
	rule := strings.Replace(fmt.Sprintf(own, severity), "\n\npackage", "\npackage", 1)
	return judge.New(t.Context(), policies.FS, fstest.MapFS{"model/performance/readers/readers.rego": {Data: []byte(rule)}})
}

func agreed(low, value, high float64) evidence.Measurement {
	m := interval("agreement", low, value, high)
	m.Method = " by two readers"
	return m
}

// agreeing is the verdict, of staging, about a model that meets every other rule.
func agreeing(t *testing.T, court *judge.Judge, agreement ...evidence.Measurement) gates.Finding {
	t.Helper()
	measured := passing()
	measured["performance"] = append(measured["performance"], agreement...)
	question := ask(measured)
	question.Profile = "staging"
	verdict, err := court.Judge(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range verdict.Findings {
		if found.Rule == "model.performance.readers" {
			return found
		}
	}
	t.Fatalf("nothing was found: %+v", verdict)
	return gates.Finding{}
}

func TestARuleSaysWhetherItDeniesOrWarns(t *testing.T) {
	outside, within := agreed(0.1, 0.2, 0.3), agreed(0.4, 0.5, 0.6)
	for _, test := range []struct {
		severity     string
		agreement    []evidence.Measurement
		wantState    gates.State
		wantSeverity gates.Severity
	}{
		{"", []evidence.Measurement{outside}, gates.Failed, gates.Deny},
		{"#   severity: deny", []evidence.Measurement{outside}, gates.Failed, gates.Deny},
		{"#   severity: deny", []evidence.Measurement{within}, gates.Inconclusive, gates.Deny},
		{"#   severity: warn", []evidence.Measurement{outside}, gates.Failed, gates.Warn},
		{"#   severity: warn", []evidence.Measurement{within}, gates.Inconclusive, gates.Warn},
		{"#   severity: warn", nil, gates.Missing, gates.Deny},
		{"#   severity: warn", []evidence.Measurement{outside, outside}, gates.Missing, gates.Deny},
		{"#   severity: warn", []evidence.Measurement{{Name: "agreement", Value: "garbage"}}, gates.Missing, gates.Deny},
	} {
		court, err := withOwn(t, test.severity)
		if err != nil {
			t.Fatal(err)
		}
		found := agreeing(t, court, test.agreement...)
		if found.State != test.wantState || found.Severity != test.wantSeverity {
			t.Errorf("%q, %v: %s %s, want %s %s", test.severity, test.agreement, found.State, found.Severity, test.wantState, test.wantSeverity)
		}
	}
}

func TestAWarningAloneKeepsNoDoorShut(t *testing.T) {
	court, err := withOwn(t, "#   severity: warn")
	if err != nil {
		t.Fatal(err)
	}
	measured := passing()
	measured["performance"] = append(measured["performance"], agreed(0.1, 0.2, 0.3))
	verdict, err := court.Judge(t.Context(), ask(measured))
	if err != nil || !verdict.Allowed() || len(verdict.Findings) != 1 {
		t.Errorf("%v %+v", err, verdict)
	}
}

func TestAnUnknownSeverityIsNoBundle(t *testing.T) {
	for _, severity := range []string{`"Warn"`, `"warning"`, `""`, `"ignore"`, "true", "[warn]", "null"} {
		if _, err := withOwn(t, "#   severity: "+severity); err == nil || !strings.Contains(err.Error(), "severity") {
			t.Errorf("%s: %v", severity, err)
		}
	}
}

func TestExplainTellsTheSeverity(t *testing.T) {
	court, err := withOwn(t, "#   severity: warn")
	if err != nil {
		t.Fatal(err)
	}
	for rule, want := range map[string]gates.Severity{"model.performance.readers": gates.Warn, "model.evidence.complete": gates.Deny} {
		if about, known := court.Explain(rule); !known || about.Severity != want {
			t.Errorf("%s: %s, want %s", rule, about.Severity, want)
		}
	}
}

func TestALongMessageIsCutBetweenCharacters(t *testing.T) {
	court, err := withOwn(t, "")
	if err != nil {
		t.Fatal(err)
	}
	for padding := range 4 {
		low := agreed(0.1, 0.2, 0.3)
		low.Method = strings.Repeat("x", padding) + strings.Repeat("€", 1000)
		found := agreeing(t, court, low)
		if !utf8.ValidString(found.Message) || len(found.Message) > 1024 || len(found.Message) < 1020 {
			t.Errorf("%d bytes: %q", len(found.Message), found.Message)
		}
		text, err := json.Marshal(found)
		if err != nil || strings.ContainsRune(string(text), utf8.RuneError) {
			t.Errorf("%v: %s", err, text)
		}
	}
}
