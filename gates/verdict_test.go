package gates_test

import (
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates"
)

var (
	asked   = gates.Verdict{Subject: "m@sha256:1", Evaluated: []string{"model.bias.cohorts", "model.dataset.events"}}
	warned  = with(asked, gates.Finding{Rule: "model.dataset.events", Severity: gates.Warn})
	waived  = with(asked, gates.Finding{Rule: "model.dataset.events", Severity: gates.Waived})
	denied  = with(asked, gates.Finding{Rule: "model.bias.cohorts", Severity: gates.Deny})
	unknown = with(asked, gates.Finding{Rule: "model.bias.cohorts", Severity: "info"})
	nothing = gates.Verdict{Subject: "m@sha256:1"}
	order   = gates.Verdict{Evaluated: []string{"change.order"}}
)

func with(verdict gates.Verdict, findings ...gates.Finding) gates.Verdict {
	verdict.Findings = findings
	return verdict
}

func TestOnlyAVerdictThatEvaluatedAndFoundNothingDenyingAllows(t *testing.T) {
	for name, test := range map[string]struct {
		verdict gates.Verdict
		allowed bool
		denials int
	}{
		"zero":                        {gates.Verdict{}, false, 0},
		"no rule evaluated":           {nothing, false, 0},
		"all rules met":               {asked, true, 0},
		"a warning":                   {warned, true, 0},
		"a waiver":                    {waived, true, 0},
		"a denial":                    {denied, false, 1},
		"a severity nobody knows":     {unknown, false, 1},
		"a finding with none":         {with(asked, gates.Finding{Rule: "r"}), false, 1},
		"findings, nothing evaluated": {with(nothing, gates.Finding{Rule: "r", Severity: gates.Warn}), false, 0},
	} {
		if got := test.verdict.Allowed(); got != test.allowed {
			t.Errorf("%s: allowed is %v", name, got)
		}
		if got := len(test.verdict.Denials()); got != test.denials {
			t.Errorf("%s: %d denials, want %d", name, got, test.denials)
		}
	}
}

// Two questions about one thing: the door opens when both answers open it,
// whichever was asked first, and no finding is lost.
func TestJoinedVerdictsAllowWhatBothAllow(t *testing.T) {
	all := []gates.Verdict{{}, nothing, asked, warned, denied, unknown, order}
	for i, a := range all {
		for k, b := range all {
			joined, turned := a.With(b), b.With(a)
			if want := a.Allowed() && b.Allowed(); joined.Allowed() != want || turned.Allowed() != want {
				t.Errorf("%d with %d: %v and %v, want %v", i, k, joined.Allowed(), turned.Allowed(), want)
			}
			for _, finding := range slices.Concat(a.Findings, b.Findings) {
				if !slices.Contains(joined.Findings, finding) {
					t.Errorf("%d with %d lost %v", i, k, finding)
				}
			}
			if !slices.IsSorted(joined.Evaluated) || len(slices.Compact(slices.Clone(joined.Evaluated))) != len(joined.Evaluated) {
				t.Errorf("%d with %d: evaluated %v", i, k, joined.Evaluated)
			}
			if joined.Subject != a.Subject {
				t.Errorf("%d with %d is about %q", i, k, joined.Subject)
			}
		}
	}
}

func TestJoiningChangesNeitherVerdict(t *testing.T) {
	roomy := with(asked, append(make([]gates.Finding, 0, 8), gates.Finding{Rule: "z", Severity: gates.Warn})...)
	joined := roomy.With(denied)
	if len(joined.Findings) != 2 || joined.Findings[0].Rule != "model.bias.cohorts" {
		t.Errorf("findings are %v", joined.Findings)
	}
	if roomy.Findings[0].Rule != "z" || !roomy.Allowed() {
		t.Errorf("the first verdict is now %v", roomy.Findings)
	}
	if again := denied.With(denied); len(again.Findings) != 1 {
		t.Errorf("a verdict with itself has %d findings", len(again.Findings))
	}
}

func TestTheFiveGatesHaveNames(t *testing.T) {
	if got := gates.Names(); !slices.Equal(got, []string{"dataset", "performance", "bias", "compliance", "security"}) {
		t.Errorf("names are %v", got)
	}
}
