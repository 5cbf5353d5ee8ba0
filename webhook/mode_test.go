package webhook

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

func denial(rule string) gates.Finding {
	return gates.Finding{Rule: rule, Severity: gates.Deny, State: gates.Failed, Message: "0.12 of 0.10"}
}

// What becomes of a verdict, by what the Admission file says of its rules.
func TestModes(t *testing.T) {
	storage, gap, size := denial("workload.storage"), denial("model.bias.gap"), denial("model.bias.size")
	consequence := denial(admissible)
	absolute := denial("workload.pinned")
	absolute.Absolute = true
	for claim, story := range map[string]struct {
		modes    Modes
		findings []gates.Finding
		allowed  bool
		mode     Mode
	}{
		"nothing said denies":                                {Modes{}, []gates.Finding{storage}, false, ""},
		"a rule may warn":                                    {Modes{Rules: map[string]Mode{storage.Rule: Warn}}, []gates.Finding{storage}, true, Warn},
		"a rule may be tried":                                {Modes{Rules: map[string]Mode{storage.Rule: DryRun}}, []gates.Finding{storage}, true, DryRun},
		"an environment may warn":                            {Modes{All: Warn}, []gates.Finding{storage, gap, consequence}, true, Warn},
		"a rule may deny where all warn":                     {Modes{All: Warn, Rules: map[string]Mode{gap.Rule: Deny}}, []gates.Finding{storage, gap}, false, ""},
		"one that denies is enough":                          {Modes{Rules: map[string]Mode{storage.Rule: Warn}}, []gates.Finding{storage, gap}, false, ""},
		"warning is more than trying":                        {Modes{All: DryRun, Rules: map[string]Mode{gap.Rule: Warn}}, []gates.Finding{storage, gap}, true, Warn},
		"nothing softens what is absolute":                   {Modes{All: DryRun, Rules: map[string]Mode{absolute.Rule: Warn}}, []gates.Finding{absolute}, false, ""},
		"what only follows is softened too":                  {Modes{Rules: map[string]Mode{gap.Rule: Warn}}, []gates.Finding{gap, consequence}, true, Warn},
		"unless it follows from another as well":             {Modes{Rules: map[string]Mode{gap.Rule: Warn}}, []gates.Finding{gap, size, consequence}, false, ""},
		"or from nothing that is told":                       {Modes{Rules: map[string]Mode{gap.Rule: Warn}}, []gates.Finding{consequence}, false, ""},
		"what follows may be denied by name":                 {Modes{All: Warn, Rules: map[string]Mode{admissible: Deny}}, []gates.Finding{gap, consequence}, false, ""},
		"a mode that nobody knows denies":                    {Modes{All: "warm"}, []gates.Finding{storage}, false, ""},
		"without findings there is nothing to soften":        {Modes{All: Warn}, nil, true, ""},
		"a warning of the judge is no denial that came in":   {Modes{All: Warn}, []gates.Finding{{Rule: "a", Severity: gates.Warn}}, true, ""},
		"a severity that nobody knows is a denial like them": {Modes{}, []gates.Finding{{Rule: "a", Severity: "hint"}}, false, ""},
	} {
		t.Run(claim, func(t *testing.T) {
			verdict := gates.Verdict{Evaluated: []string{"a"}, Findings: story.findings}
			ruled := story.modes.rule(verdict)
			if ruled.allowed() != story.allowed || ruled.mode() != story.mode {
				t.Errorf("allowed=%t, mode %q", ruled.allowed(), ruled.mode())
			}
			if got := len(ruled.denied) + len(ruled.softened()); got != len(verdict.Denials()) {
				t.Errorf("of %d denials %d are left", len(verdict.Denials()), got)
			}
		})
	}
	if (Modes{All: DryRun}).rule(gates.Verdict{Findings: []gates.Finding{storage}}).allowed() {
		t.Error("a verdict that evaluated nothing is softened")
	}
}

// trying is a door that tries its rules, or warns of them.
func trying(t *testing.T, court Judge, modes Modes) Handler {
	door := newHandler(t, court, NewMemory())
	settings := door.Settings()
	settings.Modes = map[string]Modes{staging: modes}
	door.Settings = func() Configuration { return settings }
	return door
}

// The user reads what would be denied, where the mode is to warn; log, metrics
// and audit annotations tell the verdict as it was given.
func TestASoftenedVerdictIsToldAsItWas(t *testing.T) {
	verdict := gates.Verdict{Environment: staging, Policy: "sha256:p", Evaluated: []string{"workload.storage"}, Findings: []gates.Finding{denial("workload.storage")}}
	text, err := json.Marshal(verdict)
	if err != nil {
		t.Fatal(err)
	}
	court := judgeFunc(func(judge.Question) (gates.Verdict, error) { return verdict, nil })
	for mode, warnings := range map[Mode]int{Warn: 1, DryRun: 0} {
		door, kept := trying(t, court, Modes{All: mode}), &diary{}
		door.Log = kept
		response := door.Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest)))
		if !response.Allowed || len(response.Warnings) != warnings {
			t.Errorf("%s: %+v", mode, response)
		}
		for _, warning := range response.Warnings {
			if warning != "assay: would be denied: workload.storage: 0.12 of 0.10" {
				t.Errorf("%s warns %q", mode, warning)
			}
		}
		told := response.AuditAnnotations
		if told["verdict"] != string(evidence.Sum(text)) || told["rules"] != "workload.storage" || told["mode"] != string(mode) {
			t.Errorf("%s is annotated by %v", mode, told)
		}
		entered := kept.decisions[0]
		if entered.Mode != mode || entered.Outcome != outcomeAllowed || len(entered.Findings) != 1 || !entered.Findings[0].Denies() {
			t.Errorf("%s is entered as %+v", mode, entered)
		}
		if count := testutil.ToFloat64(door.Metrics.softened.WithLabelValues(staging, string(mode), "workload.storage")); count != 1 {
			t.Errorf("%s is counted %v times", mode, count)
		}
	}
}

// diary keeps decisions for a test to read.
type diary struct{ decisions []Decision }

func (d *diary) Enter(decision Decision) { d.decisions = append(d.decisions, decision) }

// What nobody knows is not softened: there is no verdict that a mode could apply to.
func TestNoModeSoftensIgnorance(t *testing.T) {
	for claim, court := range map[string]judgeFunc{
		"an error":              func(judge.Question) (gates.Verdict, error) { return gates.Verdict{}, errors.New("out of memory") },
		"a panic":               func(judge.Question) (gates.Verdict, error) { panic("index out of range") },
		"a verdict without any": func(judge.Question) (gates.Verdict, error) { return gates.Verdict{}, nil },
	} {
		response := trying(t, court, Modes{All: DryRun}).Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest)))
		if response.Allowed || !strings.Contains(response.Result.Message, "could not judge") {
			t.Errorf("%s: %+v", claim, response)
		}
	}
}

// The modes are read strictly, and compared with the policy.
func TestModesOfTheAdmissionFile(t *testing.T) {
	good := admissionWithKey(t)
	written := func(text string) string {
		return strings.Replace(good, "profile: strict}", "profile: strict, "+text+"}", 1)
	}
	configuration, err := ParseConfiguration([]byte(written("mode: warn, rules: {workload.released: deny, workload.admissible: dryrun}")), nil)
	if err != nil {
		t.Fatal(err)
	}
	modes := configuration.Modes[staging]
	if modes.All != Warn || modes.Rules["workload.released"] != Deny || modes.Rules["workload.admissible"] != DryRun {
		t.Errorf("%+v", modes)
	}
	if err := suits(realJudge(t), configuration); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"mode: warm", "mode: Deny", "rules: {workload.released: allow}", "rules: [workload.released]", "rules: {workload.released: warn, workload.released: deny}"} {
		if _, err := ParseConfiguration([]byte(written(text)), nil); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
	for text, want := range map[string]string{
		"rules: {workload.relaesed: warn}": `no rule "workload.relaesed"`,
		"rules: {workload.pinned: dryrun}": "workload.pinned is absolute",
	} {
		configuration, err := ParseConfiguration([]byte(written(text)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := suits(realJudge(t), configuration); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), staging) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// FuzzModes: a mode moves a denial, and loses none; what is absolute stays
// where it is.
func FuzzModes(f *testing.F) {
	f.Add("warn", "dryrun", "model.x", "workload.admissible", true)
	f.Add("", "deny", "workload.admissible", "workload.pinned", false)
	f.Fuzz(func(t *testing.T, all, one, first, second string, absolute bool) {
		findings := []gates.Finding{denial(first), denial(second)}
		findings[0].Absolute = absolute
		ruled := Modes{All: Mode(all), Rules: map[string]Mode{first: Mode(one)}}.rule(gates.Verdict{Evaluated: []string{"a"}, Findings: findings})
		if len(ruled.denied)+len(ruled.softened()) != 2 || absolute && ruled.allowed() {
			t.Errorf("%+v", ruled)
		}
	})
}
