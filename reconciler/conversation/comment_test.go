package conversation_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// challenged is a whole report: a candidate that is denied beside what serves,
// with a manifest that would change.
func challenged() report.Report {
	rows := []evidence.Subject{{Name: "holdout", Digest: evidence.Sum([]byte("patients"))}}
	measured := func(auroc, female, male evidence.Decimal) []evidence.Measurements {
		return []evidence.Measurements{
			{Gate: gates.Performance, Inputs: rows, Measurements: []evidence.Measurement{
				{Name: "auroc", Value: auroc, Low: "0.689", High: "0.831", N: 229}, {Name: "sensitivity", Value: "0.608", Low: "0.471", High: "0.73", N: 51},
			}},
			{Gate: gates.Bias, Inputs: rows, Measurements: []evidence.Measurement{
				{Name: "sensitivity", Group: "sex=female", Value: female, Low: "0.255", High: "0.611", N: 26},
				{Name: "sensitivity", Group: "sex=male", Value: male, Low: "0.609", High: "0.911", N: 25},
				{Name: "sensitivity", Group: "race=other", Value: "1", Low: "0.2", High: "1", N: 2},
				{Name: "equal_opportunity_difference", Group: "sex", Value: "0.377", Low: "0.109", High: "0.578", N: 25},
			}},
		}
	}
	told := denied()
	one := &told.Promotions[0]
	one.Champion = "breast-malignancy@sha256:" + strings.Repeat("cd", 32)
	one.Measured, one.Serving = measured("0.76", "0.423", "0.8"), measured("0.74", "0.5", "0.72")
	one.Measured[0].Measurements = append(one.Measured[0].Measurements, evidence.Measurement{Name: "auroc_difference", Value: "0.02", Low: "-0.011", High: "0.049", N: 229})
	one.Verdict.Findings = append(one.Verdict.Findings, gates.Finding{
		Rule: "model.dataset.rule", State: gates.Inconclusive, Severity: gates.Warn, Title: "The holdout is large enough", Clause: "Riley 2021",
		Message: "the interval is 0.12 wide, limit 0.1", Remedy: "add patients to the holdout",
	})
	one.Manifests = report.Differences(
		map[string][]byte{"breast-malignancy/deployment.yaml": []byte("spec:\n  replicas: 2\n  template:\n    image: serving@sha256:aaaa\n")},
		map[string][]byte{"breast-malignancy/deployment.yaml": []byte("spec:\n  replicas: 3\n  template:\n    image: serving@sha256:aaaa\n")})
	return told
}

// hostile is what a repository may call things.
const hostile = "</details>```<img src=x> [x](http://evil.example) @everyone #1 | \x1b[2J\u202e\n# h\n/assay check"

func TestCommentsReadWell(t *testing.T) {
	for name, tell := range map[string]func(*world) (number int64){
		"denied": func(w *world) int64 {
			w.bench.judge = func(string) report.Report { return challenged() }
			number, _ := w.ask("a recipe")
			return number
		},
		"merged": func(w *world) int64 {
			w.options.Merge = yes
			number, _ := w.ask("a recipe")
			return number
		},
		"fork": func(w *world) int64 {
			number, _ := w.fork()
			return number
		},
		"conflict": func(w *world) int64 {
			w.bench.fails = &conversation.Mistake{
				Err: errors.New("merge conflict in models/lung/model.yaml, models/lung/card.yaml"), Remedy: "merge the base branch into this one, settle the conflict there, and push",
			}
			number, _ := w.ask("a recipe")
			return number
		},
		"doubt": func(w *world) int64 {
			w.bench.fails = errors.New("fetching from https://git.example.org/models: the repository did not answer")
			number, _ := w.ask("a recipe")
			return number
		},
		"hostile": func(w *world) int64 {
			w.bench.judge = func(string) report.Report {
				told := challenged()
				one := &told.Promotions[0]
				one.Model, one.Environment, one.Champion = hostile, hostile, hostile
				one.Verdict.Findings[0] = gates.Finding{Rule: "model.bias." + hostile, State: gates.Failed, Severity: gates.Deny, Title: hostile, Message: hostile, Remedy: hostile, Clause: hostile}
				one.Measured[1].Measurements[0].Group = hostile
				one.Manifests = report.Differences(nil, map[string][]byte{hostile: []byte("```\n````\n" + hostile)})
				return told
			}
			number, _ := w.ask("a recipe")
			return number
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, kinds[3])
			number := tell(w)
			w.look(t, number)
			golden(t, name+".md", w.said(t, number))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s (-update rewrites it):\n%s\nwant\n%s", name, got, want)
	}
}

// written are the only tags of a comment of ours.
var written = regexp.MustCompile(`</?(details|summary)>|<!-- assay:verdict -->|\(<https://assay\.example/[0-9a-f]+>\)`)

// What stops a look is told as text: it makes no markup, and not too much of it.
func FuzzAnErrorStaysText(f *testing.F) {
	f.Add(hostile)
	f.Add("models/x/model.yaml:3: spec\n../../etc/passwd:1: x\n")
	f.Add(strings.Repeat("x\n", 5000))
	f.Fuzz(func(t *testing.T, text string) {
		w := newWorld(t, kinds[1])
		w.bench.fails = &conversation.Mistake{Err: errors.New(text), Remedy: text}
		number, head := w.ask("a recipe")
		w.look(t, number)
		said := w.said(t, number)
		if bare := written.ReplaceAllString(said, ""); strings.ContainsAny(bare, "<`") || strings.Contains(bare, "](") || len(said) > 65_000 {
			t.Errorf("%d bytes: %q", len(said), said)
		}
		for _, run := range w.Runs(head) {
			for _, remark := range run.Annotations {
				if path, _ := remark["path"].(string); !fs.ValidPath(path) {
					t.Errorf("an annotation lies on %q", path)
				}
			}
		}
	})
}
