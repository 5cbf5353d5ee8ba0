package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/report"
)

func TestADifferenceShowsWhatChangesAndWhatIsAround(t *testing.T) {
	var before []string
	for i := range 30 {
		before = append(before, fmt.Sprintf("line %d", i+1))
	}
	after := slices.Clone(before)
	after[9] = "replicas: 3"
	after = slices.Insert(after, 25, "new: one")
	text := func(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }
	found := report.Differences(
		map[string][]byte{"a.yaml": text(before), "gone.yaml": []byte("x: 1\n"), "same.yaml": []byte("y")},
		map[string][]byte{"a.yaml": text(after), "new.yaml": []byte("z: 1"), "same.yaml": []byte("y")})
	want := []report.Difference{
		{Path: "a.yaml", Text: "@@ line 7 @@\n line 7\n line 8\n line 9\n-line 10\n+replicas: 3\n line 11\n line 12\n line 13\n" +
			"@@ line 23 @@\n line 23\n line 24\n line 25\n+new: one\n line 26\n line 27\n line 28\n"},
		{Path: "gone.yaml", Text: "@@ line 1 @@\n-x: 1\n"},
		{Path: "new.yaml", Text: "@@ line 1 @@\n+z: 1\n"},
	}
	if !slices.Equal(found, want) {
		t.Errorf("got %q\nwant %q", found, want)
	}
}

func TestALargeDifferenceIsCut(t *testing.T) {
	many := func(word string, lines int) []byte {
		var text strings.Builder
		for i := range lines {
			fmt.Fprintf(&text, "%s %d\n", word, i)
		}
		return []byte(text.String())
	}
	found := report.Differences(
		map[string][]byte{"a": many("a", 5000), "long": []byte(strings.Repeat("x", 10_000))},
		map[string][]byte{"a": many("b", 5000), "long": []byte(strings.Repeat("y", 10_000))})
	if lines := strings.Count(found[0].Text, "\n"); lines > 210 || !strings.HasSuffix(found[0].Text, "@@ and more @@\n") {
		t.Errorf("%d lines", lines)
	}
	if len(found[1].Text) > 500 {
		t.Errorf("%d bytes: %s", len(found[1].Text), found[1].Text)
	}
}

// FuzzADifferenceLeadsFromOneToTheOther: what is kept and taken away is the
// former text, and what is kept and added the latter.
func FuzzADifferenceLeadsFromOneToTheOther(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nd\n")
	f.Add("", "x")
	f.Add("`````\n```\n", "~~~\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		found := report.Differences(map[string][]byte{"f": []byte(before)}, map[string][]byte{"f": []byte(after)})
		if before == after {
			if len(found) > 0 {
				t.Errorf("got %q", found)
			}
			return
		}
		var minus, plus int
		for line := range strings.Lines(found[0].Text) {
			switch line[0] {
			case '-':
				minus++
			case '+':
				plus++
			case ' ', '@':
			default:
				t.Errorf("a line begins %q", line)
			}
		}
		if strings.Contains(found[0].Text, "and more") {
			return
		}
		if lines(after)-lines(before) != plus-minus {
			t.Errorf("%q to %q: %q", before, after, found[0].Text)
		}
	})
}

func lines(text string) int {
	if text == "" {
		return 0
	}
	return strings.Count(strings.TrimSuffix(text, "\n"), "\n") + 1
}

// A block of code ends where we end it, whatever stands in a manifest.
func TestNothingInAManifestEndsItsBlock(t *testing.T) {
	outcome := attacked()
	outcome.Promotions[0].Manifests = report.Differences(nil, map[string][]byte{attack: []byte("```\n````\n</details>\n@everyone\n<script>\n\u202e")})
	content := string(comment(t, outcome))
	_, block, opened := strings.Cut(content, "`````diff\n")
	inside, _, closed := strings.Cut(block, "\n`````\n")
	if !opened || !closed || !strings.Contains(inside, "+</details>") || strings.Contains(inside, "\u202e") {
		t.Errorf("got %s", content)
	}
}
