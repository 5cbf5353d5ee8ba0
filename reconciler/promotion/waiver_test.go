package promotion

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
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
