package main

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// What came in by a mode is told apart from what the rules allowed; where there
// was no mode the record is written as it always was.
func TestTheLogTellsByWhichModeAnObjectCameIn(t *testing.T) {
	for _, mode := range []webhook.Mode{"", webhook.Warn, webhook.DryRun} {
		decision := denial(1)
		decision.Mode, decision.Outcome = mode, "allowed"
		text, err := recordOf(decision).Encode()
		if err != nil {
			t.Fatal(err)
		}
		record, err := auditlog.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if record.Admission.Mode != string(mode) || !record.Allowed || record.Findings[0].Severity != "deny" {
			t.Errorf("%q: %+v, %+v", mode, record, record.Admission)
		}
		if strings.Contains(string(text), `"mode"`) != (mode != "") {
			t.Errorf("%q: %s", mode, text)
		}
	}
}
