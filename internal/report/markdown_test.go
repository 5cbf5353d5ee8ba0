package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func TestMarkdownOfTheDemo(t *testing.T) {
	golden(t, "demo.md", comment(t, demo(t)))
}

func TestTheVerdictStandsHoweverMuchIsLeftOut(t *testing.T) {
	outcome := demo(t)
	for i := range 2000 {
		outcome.Promotions[1].Verdict.Findings = append(outcome.Promotions[1].Verdict.Findings, gates.Finding{
			Rule: fmt.Sprintf("model.x.rule%d", i), Message: strings.Repeat("<long> ", 40), Remedy: "shorten it",
		})
	}
	content := string(comment(t, outcome))
	if len(content) > 60_000 {
		t.Errorf("the comment has %d bytes", len(content))
	}
	for _, want := range []string{"this change may not be merged", "| **breast-malignancy** in **development** | **allowed** | met | met |", "did not fit into a comment"} {
		if !strings.Contains(content, want) {
			t.Errorf("%q is not in it", want)
		}
	}
}

// tags are the only ones that the report writes.
var tags = regexp.MustCompile(`</?(details|summary)>`)

func TestTextOfARepositoryMakesNoMarkup(t *testing.T) {
	content := string(comment(t, attacked()))
	bare := tags.ReplaceAllString(content, "")
	for _, way := range []string{"<", "](", "://", "@everyone", "`", "\x1b", "\u202e"} {
		if strings.Contains(bare, way) {
			t.Errorf("%q is in\n%s", way, content)
		}
	}
	if !strings.Contains(content, "&#60;script&#62;alert(1)") {
		t.Errorf("the name cannot be read:\n%s", content)
	}
}

// Whatever a repository says, the comment is bounded, valid, and has the same
// lines of markup.
func FuzzMarkdownKeepsItsShape(f *testing.F) {
	shape := func(t testing.TB, said string) []string {
		outcome := report.New("c0ffee", []report.Promotion{{Model: said, Environment: said, Verdict: gates.Verdict{
			Evaluated: []string{"a"}, Findings: []gates.Finding{{Rule: said, Title: said, Message: said, Remedy: said, Clause: "c" + said}},
		}}}, nil)
		content := comment(t, outcome)
		if len(content) > 60_000 || !utf8.Valid(content) || tags.ReplaceAllString(string(content), "") != strings.ReplaceAll(string(content), "<", "") {
			t.Errorf("%d bytes: %q", len(content), content)
		}
		var starts []string
		for line := range strings.Lines(string(content)) {
			starts = append(starts, line[:min(3, len(line))])
		}
		return starts
	}
	want := shape(f, "a name")
	f.Add(attack)
	f.Add("\n\n# a heading\n\n```\n")
	f.Add("&lt;b&gt; www.example.org ![x](y)")
	f.Fuzz(func(t *testing.T, said string) {
		if got := shape(t, said); len(said) < 1000 && !slices.Equal(got, want) {
			t.Errorf("the lines begin %q, want %q", got, want)
		}
	})
}

func comment(t testing.TB, outcome report.Report) []byte {
	t.Helper()
	var content bytes.Buffer
	if err := outcome.Markdown(&content); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}
