package promotion

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// pasts are the trees of commits.
type pasts map[string]fs.FS

func (p pasts) Tree(commit string) (fs.FS, error) {
	if tree, known := p[commit]; known {
		return tree, nil
	}
	return nil, fmt.Errorf("commit %s: %w", commit, fs.ErrNotExist)
}

func scanOf(tool, commit string) evidence.Statement {
	return evidence.Scanned(evidence.Subject{Name: tool + ".sarif", Digest: evidence.Sum([]byte(tool))},
		evidence.Scan{Tool: tool, Commit: commit, Finished: "2026-11-23T06:00:00Z"})
}

// Of all that stands in the folder, what somebody trusted has signed is told,
// each with whether it looked at what is there now.
func TestAScanIsOfTheContentThatItLookedAt(t *testing.T) {
	b, tree := newBench(), repository(nil)
	tools := b.tools(t, tree)
	at := func(digit string) string { return strings.Repeat(digit, 40) }
	tools.Past = pasts{
		at("1"): repository(nil),
		at("2"): repository(map[string]string{"README.md": "another", "models/other/model.yaml": "x", "scans/semgrep.json": "x", "datasets/ward/data.csv": "x"}),
		at("3"): repository(map[string]string{"models/tumour/card.yaml": replace(t, tree, "models/tumour/card.yaml", "a card", "another card")}),
		at("4"): repository(map[string]string{"infrastructure/main.tf": "x"}),
		at("5"): fstest.MapFS{},
	}
	sign := func(signer evidence.Signer, statement evidence.Statement) []byte {
		envelope, err := signer.Sign(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		return append(envelope, '\n')
	}
	foreign, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := evidence.NewSigner(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"a": sign(tools.Signer, scanOf("same", at("1"))), "b": sign(tools.Signer, scanOf("elsewhere", at("2"))),
		"c": sign(tools.Signer, scanOf("card", at("3"))), "d": sign(tools.Signer, scanOf("source", at("4"))),
		"e": sign(tools.Signer, scanOf("empty", at("5"))), "f": sign(tools.Signer, scanOf("unknown", at("6"))),
		"stranger": sign(stranger, scanOf("stranger", at("1"))), "nonsense": []byte("{}"),
		"waiver": sign(tools.Signer, evidence.Trained(evidence.Subject{Name: "x", Digest: evidence.Sum(nil)}, evidence.Provenance{})),
	} {
		tree["scans/"+name+".json"] = &fstest.MapFile{Data: content}
	}
	tree["scans/notes.txt"] = &fstest.MapFile{Data: []byte("x")}
	run(t, tools, request(tree, "development"))
	var got []string
	for _, scan := range b.candidate.Scans {
		got = append(got, fmt.Sprint(scan.Tool, " ", scan.Current, " ", scan.By))
	}
	want := "card false reconciler, elsewhere true reconciler, empty false reconciler, same true reconciler, source false reconciler, unknown false reconciler"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %s", strings.Join(got, ", "))
	}
	tools.Past = nil
	unknown, err := scans(t.Context(), tools, &State{Request: request(tree, "development")})
	if err != nil || len(unknown) != 6 {
		t.Fatal(unknown, err)
	}
	for _, scan := range unknown {
		if scan.Current {
			t.Errorf("%s is current where nobody knows the past", scan.Tool)
		}
	}
	tools.Past = brokenPast{}
	if _, err := Run(t.Context(), tools, request(tree, "development")); err == nil || !strings.Contains(err.Error(), "scans/a.json: the disk") {
		t.Errorf("a past that cannot be read: %v", err)
	}
}

type brokenPast struct{}

func (brokenPast) Tree(string) (fs.FS, error) { return nil, errors.New("the disk") }

func TestAFloodOfScansIsAnErrorThatSaysWhatToDo(t *testing.T) {
	b, tree := newBench(), repository(nil)
	tree["scans/long.json"] = &fstest.MapFile{Data: bytes.Repeat([]byte(" "), maxScanFile+1)}
	if _, err := Run(t.Context(), b.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "scans/long.json") {
		t.Errorf("an endless scan: %v", err)
	}
	for i := range maxScans + 1 {
		tree[fmt.Sprintf("scans/%d.json", i)] = &fstest.MapFile{Data: []byte("{}")}
	}
	if _, err := Run(t.Context(), b.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "hint: keep one") {
		t.Errorf("a flood of scans: %v", err)
	}
}
