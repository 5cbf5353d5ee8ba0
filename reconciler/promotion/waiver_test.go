package promotion

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Of all that stands in the folder, what a trusted person signed for this
// release and environment goes with the evidence, and nothing else does.
func TestOnlyWaiversOfThisReleaseTravelWithIt(t *testing.T) {
	b := newBench()
	tree := repository(nil)
	tools := b.tools(t, tree)
	state, err := Run(t.Context(), tools, request(tree, "development"))
	if err != nil {
		t.Fatal(err)
	}
	before := len(state.Envelopes)
	write := func(signer evidence.Signer, subject evidence.Subject, environment string) []byte {
		envelope, err := signer.Sign(t.Context(), evidence.Waived(subject, evidence.Waiver{
			Rule: "model.bias.equal_opportunity", Environment: environment, Reason: "r", Control: "c",
			Issued: "2026-11-01T00:00:00Z", Expires: "2026-12-01T00:00:00Z",
		}))
		if err != nil {
			t.Fatal(err)
		}
		return envelope
	}
	here := state.Request.Environment
	ours := write(tools.Signer, state.Release, here)
	foreign, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := evidence.NewSigner(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"ours": ours, "nonsense": []byte("{}"), "stranger": write(stranger, state.Release, here),
		"another-release":     write(tools.Signer, evidence.Subject{Name: state.Release.Name, Digest: evidence.Sum([]byte("x"))}, here),
		"another-environment": write(tools.Signer, state.Release, "elsewhere"),
	} {
		tree["waivers/"+name+".json"] = &fstest.MapFile{Data: content}
	}
	if state, err = Run(t.Context(), tools, request(tree, "development")); err != nil {
		t.Fatal(err)
	}
	if len(state.Envelopes) != before+1 || !bytes.Equal(state.Envelopes[before], ours) {
		t.Errorf("%d envelopes became %d", before, len(state.Envelopes))
	}
	told := map[string]string{}
	for _, seen := range b.kept[len(b.kept)-1].Waivers {
		told[seen.File] = strings.Join(seen.Why, ", ")
	}
	if len(told) != 4 || told["waivers/another-release.json"] != "it is for another release" || told["waivers/ours.json"] != "it did not lie before the judge" ||
		!strings.Contains(told["waivers/stranger.json"], "no trusted signature") || told["waivers/nonsense.json"] == "" {
		t.Errorf("the log is told %q", told)
	}
}

// What a waiver did is told by the verdict.
func TestAWaiverCountsWhereItOpenedADoor(t *testing.T) {
	waiver, by := evidence.Waiver{Rule: "a.rule"}, evidence.Person{Name: "Ruiz"}
	seen := []Waived{{Said: evidence.Statement{Waiver: &waiver, By: by}}}
	finding := func(severity gates.Severity) []gates.Finding {
		return []gates.Finding{{Rule: "a.rule", Severity: severity}}
	}
	for want, verdict := range map[string]gates.Verdict{
		"":                                   {Findings: finding(gates.Waived)},
		"the rule is met without it":         {Evaluated: []string{"a.rule"}},
		"there is no such rule":              {Evaluated: []string{"b.rule"}},
		"the rule only warns":                {Findings: finding(gates.Warn)},
		"what nobody knows cannot be waived": {Findings: finding(gates.Deny)},
		"it has expired":                     {Findings: finding(gates.Deny), Waivers: []gates.Exception{{Waiver: waiver, By: by, Objections: []string{"it has expired"}}}},
	} {
		if len(verdict.Waivers) == 0 {
			verdict.Waivers = []gates.Exception{{Waiver: waiver, By: by}}
		}
		if got := strings.Join(waived(seen, verdict)[0].Why, ", "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAFloodOfWaiversIsAnErrorThatSaysWhatToDo(t *testing.T) {
	b := newBench()
	tree := repository(nil)
	tree["waivers/long.json"] = &fstest.MapFile{Data: bytes.Repeat([]byte(" "), maxWaiverFile+1), ModTime: time.Now()}
	if _, err := Run(t.Context(), b.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "waivers/long.json") {
		t.Errorf("an endless waiver: %v", err)
	}
	for i := range maxWaivers + 1 {
		tree["waivers/"+strings.Repeat("x", i+1)+".json"] = &fstest.MapFile{Data: []byte("{}")}
	}
	if _, err := Run(t.Context(), b.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "hint: remove") {
		t.Errorf("a flood of waivers: %v", err)
	}
}
