package judge_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// stranger is a pod that mounts what was never released, under a break-glass.
func stranger() judge.Workload {
	digest := string(release.Digest)
	return judge.Workload{
		Operation: "create", Kind: "Pod", Namespace: "models", Name: "a",
		Models: []judge.ModelUse{{Reference: "r/models/m@" + digest, Where: "spec.volumes[0].image", How: "image_volume", Name: "m", Digest: digest, Clear: true, Thawed: true}},
		Glass: []judge.Glass{{
			Bundle: string(evidence.Sum([]byte("bundle"))), Model: "m", Digest: digest, Environment: "production", Namespace: "models",
			Reason: "the registry burns", Ticket: "INC-7", Issued: "1795431600", Expires: "1795446000", Until: "2026-11-23T15:00:00Z",
			By: evidence.Person{Name: "Dr. Ruiz", Email: "ruiz@example.org", Role: "clinical"},
		}},
	}
}

func inProduction(workload judge.Workload) judge.Question {
	return judge.Question{Environment: "production", Profile: "production", Time: now, Workload: &workload}
}

func TestUnderGlassADenialIsWaivedAndToldWithWhoAnswers(t *testing.T) {
	verdict := answer(t, inProduction(stranger()))
	if !verdict.Allowed() || len(verdict.Broken()) != 1 || len(verdict.Glass[0].Objections) != 0 {
		t.Fatalf("%+v", verdict)
	}
	found := verdict.Findings[slices.IndexFunc(verdict.Findings, func(f gates.Finding) bool { return f.Rule == "workload.released" })]
	if found.Severity != gates.Waived || !strings.HasSuffix(found.Message, "; glass broken by Dr. Ruiz (clinical) until 2026-11-23T15:00:00Z, ticket INC-7: the registry burns") {
		t.Errorf("%+v", found)
	}
	late := stranger()
	late.Glass[0].Expires = "1795435200"
	verdict = answer(t, inProduction(late))
	if verdict.Allowed() || len(verdict.Broken()) != 0 || !slices.Equal(verdict.Glass[0].Objections, []string{"it has expired"}) {
		t.Errorf("%+v", verdict)
	}
}

// An absolute rule denies under glass as it does without; so does one whose
// evidence nobody can read.
func TestNothingSoftensAnAbsoluteRule(t *testing.T) {
	for rule, spoil := range map[string]func(*judge.Workload){
		"workload.quarantine": func(w *judge.Workload) { w.Models[0].Clear = false },
		"workload.mounted":    func(w *judge.Workload) { w.Models[0].How = "argument" },
	} {
		workload := stranger()
		spoil(&workload)
		verdict := answer(t, inProduction(workload))
		denials := verdict.Denials()
		if len(denials) != 1 || denials[0].Rule != rule || denials[0].Absolute != (rule == "workload.quarantine") {
			t.Errorf("%s: %+v", rule, denials)
		}
	}
	frozen := stranger()
	frozen.Models[0].Thawed, frozen.Freezes = false, []judge.Freeze{{Name: "stop", Reason: "the ward moves"}}
	if verdict := answer(t, inProduction(frozen)); !verdict.Allowed() {
		t.Errorf("a freeze is not absolute: %+v", verdict.Denials())
	}
	finding, known := newJudge(t).Explain("workload.pinned")
	if !known || !finding.Absolute {
		t.Errorf("explained as %+v", finding)
	}
	if softened := finding.Under("a note"); softened != finding {
		t.Errorf("softened to %+v", softened)
	}
}

// A list of a repository may not name more rules, longer hours or other roles.
func TestARepositoryBreaksGlassMoreSeldomAndNeverMoreOften(t *testing.T) {
	for text, tighter := range map[string]bool{
		"hours_max: 4": true, "hours_max: 25": false,
		"roles_allowed: [clinical]": true, "roles_allowed: []": true, "roles_allowed: [clinical, model_owner]": false,
		"rules_allowed: [workload.released]": true, "rules_allowed: [workload.mounted]": false,
	} {
		_, err := judge.New(t.Context(), policies.FS, fstest.MapFS{"thresholds/data.yaml": {Data: []byte("thresholds: {profiles: {production: {break_glass: {" + text + "}}}}")}})
		if (err == nil) != tighter {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestARuleThatIsAbsoluteSaysSoPlainly(t *testing.T) {
	for custom, want := range map[string]string{
		"absolute: true": "", "absolute: false": "custom.absolute", "absolute: \"true\"": "custom.absolute",
		"absolute: true\n#   severity: warn": "custom.absolute",
	} {
		rego := "# METADATA\n# title: t\n# custom:\n#   remedy: r\n#   " + custom + "\npackage workload.mine\n\nsatisfied if true\n\nmessage := \"m\"\n"
		_, err := judge.New(t.Context(), policies.FS, fstest.MapFS{"workload/mine/mine.rego": {Data: []byte(rego)}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", custom, err)
		}
	}
}
