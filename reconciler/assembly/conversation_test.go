package assembly

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

// key is that of merging a commit into main as it is.
func (p chronicle) key(head string) evidence.Digest {
	p.t.Helper()
	p.git(p.clone, "push", "--quiet", "--force", "--tags", "origin")
	content, err := p.workshop.Content(p.t.Context(), p.git(p.bare, "rev-parse", "main"), head)
	if err != nil || !content.Affects || content.Key == "" {
		p.t.Fatalf("got %+v, %v", content, err)
	}
	return content.Key
}

// main commits files on main.
func (p chronicle) main(files map[string]string) {
	p.t.Helper()
	p.on("main", "main")
	p.push("main", "mara@example.org", files)
}

func TestWhatAVerdictDoesNotReadIsNotInItsKey(t *testing.T) {
	for name, happen := range map[string]func(p chronicle, head string) string{
		"nothing": func(_ chronicle, head string) string { return head },
		"main gets a document": func(p chronicle, head string) string {
			p.main(map[string]string{"README.md": "x", "docs/a.md": "x"})
			return head
		},
		"main gets another model": func(p chronicle, head string) string {
			p.main(map[string]string{"models/lung/card.yaml": header("ModelCard", "lung")})
			return head
		},
		"a rebase": func(p chronicle, _ string) string {
			p.main(map[string]string{"README.md": "x"})
			p.git(p.clone, "checkout", "--quiet", "feature")
			p.as("emil@example.org", "rebase", "--quiet", "main")
			p.git(p.clone, "push", "--quiet", "--force", "origin", "feature")
			return p.git(p.clone, "rev-parse", "feature")
		},
		"another message": func(p chronicle, _ string) string {
			p.git(p.clone, "checkout", "--quiet", "feature")
			p.as("emil@example.org", "commit", "--quiet", "--amend", "-m", "better words")
			p.git(p.clone, "push", "--quiet", "--force", "origin", "feature")
			return p.git(p.clone, "rev-parse", "feature")
		},
		"another model is delivered": func(p chronicle, head string) string {
			deliver(p.t, p.branches(), "lung", map[string][]byte{"lung/release.yaml": []byte("x")})
			return head
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newChronicle(t)
			head := p.seed("feature", "emil@example.org", "2")
			before := p.key(head)
			if after := p.key(happen(p, head)); after != before {
				t.Errorf("the key was %s, and is %s", before, after)
			}
		})
	}
}

func TestWhatAVerdictReadsIsInItsKey(t *testing.T) {
	feature := func(name, text string) func(chronicle, string) string {
		return func(p chronicle, head string) string {
			p.on("feature", head)
			return p.push("feature", "emil@example.org", map[string]string{name: text})
		}
	}
	main := func(name, text string) func(chronicle, string) string {
		return func(p chronicle, head string) string {
			p.main(map[string]string{name: text})
			return head
		}
	}
	for name, happen := range map[string]func(p chronicle, head string) string{
		"the recipe":             func(p chronicle, _ string) string { return p.seed("feature", "emil@example.org", "3") },
		"a file of the change":   feature("docs/notes.md", "password: hunter2"),
		"the data":               feature("datasets/ward/data.csv", "patient_id\n1\n"),
		"a waiver":               feature("waivers/a.json", "{}"),
		"a scan":                 feature("scans/a.json", "{}"),
		"a Dockerfile":           feature("images/Dockerfile", "FROM scratch\n"),
		"rules that are merged":  main("policies/model/bias/own/own.rego", "package model.bias.own\n"),
		"orders that are merged": main("quarantines/a.yaml", header("Quarantine", "a")+"  digest: sha256:"+strings.Repeat("a", 64)+"\n  reason: it is wrong\n  by: mara@example.org\n"),
		"the platform":           main("assay.yaml", platformText+"# tighter\n"),
		"the card that is merged": func(p chronicle, head string) string {
			p.main(map[string]string{"models/tumour/card.yaml": header("ModelCard", pairName) + "  summary: another\n"})
			return head
		},
		"another author": func(p chronicle, _ string) string {
			p.on("feature", "main")
			return p.seed("feature", "carla@example.org", "2")
		},
		"what serves": func(p chronicle, head string) string {
			deliver(p.t, p.branches(), pairName, map[string][]byte{"tumour/release.yaml": []byte("x")})
			return head
		},
		"the manifests that serve": func(p chronicle, head string) string {
			deliver(p.t, p.branches(), pairName, map[string][]byte{"tumour/deployment.yaml": []byte("x"), "tumour/release.yaml": []byte("x")})
			return head
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newChronicle(t)
			head := p.seed("feature", "emil@example.org", "2")
			before := p.key(head)
			if after := p.key(happen(p, head)); after == before {
				t.Error("the key is the same")
			}
		})
	}
}

func TestAChangeThatPromotesNothingAffectsNothing(t *testing.T) {
	p := newChronicle(t)
	head := p.push("docs", "emil@example.org", map[string]string{"README.md": "x"})
	content, err := p.workshop.Content(t.Context(), p.git(p.bare, "rev-parse", "main"), head)
	if err != nil || content.Affects {
		t.Errorf("got %+v, %v", content, err)
	}
}

// What an author has to mend is told from what only we can mend, and other
// pull requests go on.
func TestMistakesOfAChangeAreItsAuthors(t *testing.T) {
	for name, test := range map[string]struct {
		propose func(p chronicle) string
		want    string
	}{
		"a merge conflict": {func(p chronicle) string {
			head := p.seed("feature", "emil@example.org", "2")
			p.on("main", "main")
			p.seed("main", "mara@example.org", "3")
			return head
		}, "merge conflict in models/tumour/model.yaml"},
		"a symlink out of the tree": {func(p chronicle) string {
			if err := os.Symlink("/etc/passwd", filepath.Join(p.clone, "models", "secret")); err != nil {
				p.t.Fatal(err)
			}
			return p.push("feature", "mallory@example.org", nil)
		}, "symlink"},
		"a bomb of aliases": {func(p chronicle) string {
			bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
			for i := range 9 {
				at, next := string(rune('0'+i)), string(rune('1'+i))
				bomb += "a" + next + ": &a" + next + " [" + strings.Repeat("*a"+at+",", 9) + "*a" + at + "]\n"
			}
			return p.push("feature", "mallory@example.org", map[string]string{"models/tumour/model.yaml": bomb})
		}, "models/tumour/model.yaml"},
		"two models of one name": {func(p chronicle) string {
			return p.push("feature", "emil@example.org", map[string]string{"models/second/model.yaml": promoted["models/tumour/model.yaml"]})
		}, "models/second/model.yaml"},
		"an unknown field": {func(p chronicle) string {
			return p.push("feature", "emil@example.org", map[string]string{"models/tumour/model.yaml": promoted["models/tumour/model.yaml"] + "  sed: 1\n"})
		}, "models/tumour/model.yaml:"},
		"a head that is gone": {func(chronicle) string { return strings.Repeat("0123456789", 4) }, "its branch is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newChronicle(t)
			fine := p.seed("fine", "emil@example.org", "4")
			p.on("feature", "main")
			head := test.propose(p)
			_, err := p.workshop.Content(t.Context(), p.git(p.bare, "rev-parse", "main"), head)
			var mistake *conversation.Mistake
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), test.want) || mistake.Remedy == "" {
				t.Errorf("got %v", err)
			}
			if name != "a merge conflict" { // main has moved in that story
				p.key(fine)
			}
		})
	}
}

// The head of a fork is no branch of ours; forges keep it under names of their own.
func TestTheHeadOfAForkIsFound(t *testing.T) {
	for _, ref := range []string{"refs/pull/7/head", "refs/merge-requests/7/head"} {
		p := newChronicle(t)
		head := p.seed("feature", "stranger@example.org", "2")
		p.git(p.bare, "update-ref", ref, head)
		p.git(p.bare, "update-ref", "-d", "refs/heads/feature")
		p.key(head)
	}
}

// A whole conversation by nothing but git: a real client pushes over HTTP, and
// reads the answer as a note.
func TestAConversationOverPlainGit(t *testing.T) {
	o := newOrigin(t)
	o.push("main", "pia@example.org", promoted)
	workshop, _ := signing(t, o.overHTTP())
	speak := func() map[string]conversation.Outcome {
		t.Helper()
		talk := conversation.New(forge.NewPlain(workshop.PlainGit()), workshop, conversation.Verdicts(t.TempDir()),
			conversation.Options{Branch: "main", Clock: func() time.Time { return time.Unix(1_800_000_000, 0) }})
		open, err := talk.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]conversation.Outcome{}
		for _, pull := range open {
			if told[pull.Branch], err = talk.Look(t.Context(), pull.Number); err != nil {
				t.Fatal(err)
			}
		}
		return told
	}
	o.push("change/main/words", "emil@example.org", map[string]string{"README.md": "x"})
	o.git(o.clone, "checkout", "--quiet", "main")
	broken := o.push("change/main/broken", "emil@example.org", map[string]string{"models/tumour/model.yaml": promoted["models/tumour/model.yaml"] + "  sed: 1\n"})
	o.git(o.clone, "checkout", "--quiet", "main")
	o.push("change/main/recipe", "emil@example.org", map[string]string{"models/tumour/card.yaml": header("ModelCard", pairName) + "  summary: better\n"})
	told := speak()
	for branch, want := range map[string]forge.Outcome{"change/main/words": forge.Unaffected, "change/main/broken": forge.Failed, "change/main/recipe": forge.Undecided} {
		if told[branch].Check != want || told[branch].Title == "" {
			t.Errorf("%s: %+v", branch, told[branch])
		}
	}
	if !told["change/main/recipe"].Retry { // its data file is not there: nobody's verdict
		t.Errorf("got %+v", told["change/main/recipe"])
	}
	note := o.git(o.bare, "log", "-1", "--notes=assay-checks", "--format=%N", broken)
	for _, want := range []string{"=== check assay\nfailed: could not be judged", "models/tumour/model.yaml:13: ", "=== comment verdict"} {
		if !strings.Contains(note, want) {
			t.Errorf("%q is not in the note:\n%s", want, note)
		}
	}
	written := o.git(o.bare, "rev-list", "--count", ChecksRef)
	if speak(); o.git(o.bare, "rev-list", "--count", ChecksRef) != written {
		t.Errorf("to look again wrote notes: %s, then %s", written, o.git(o.bare, "rev-list", "--count", ChecksRef))
	}
}
