package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is how one file would change, in the unified form without the
// names of the files.
type Difference struct {
	Path string `json:"path"`
	Text string `json:"text"` // lines that begin with a space, + or -, or @@
}

const (
	maxCompared = 2000 // lines of a file that are compared; others are replaced whole
	maxShown    = 200  // lines of a difference
	maxWidth    = 160  // runes of a line
	around      = 3    // lines that are the same, before and after
)

// Differences compares two sets of files, and leaves out those that are equal.
func Differences(before, after map[string][]byte) []Difference {
	names := map[string]bool{}
	for _, files := range []map[string][]byte{before, after} {
		for name := range files {
			names[name] = true
		}
	}
	var found []Difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := string(before[name]), string(after[name]); a != b {
			found = append(found, Difference{name, unified(lines(a), lines(b))})
		}
	}
	return found
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// edit is one line of a difference: kept, taken away or added.
type edit struct {
	sign byte // ' ', '-' or '+'
	text string
}

func unified(a, b []string) string {
	edits := compare(a, b)
	var out strings.Builder
	shown, old, last := 0, 0, -2
	for i, one := range edits {
		if one.sign != '+' {
			old++
		}
		if !near(edits, i) {
			continue
		}
		if shown++; shown > maxShown {
			out.WriteString("@@ and more @@\n")
			break
		}
		if last != i-1 {
			fmt.Fprintf(&out, "@@ line %d @@\n", max(old, 1))
		}
		last = i
		fmt.Fprintf(&out, "%c%s\n", one.sign, clip(one.text))
	}
	return out.String()
}

// near holds for what changes, and for what stands close to it.
func near(edits []edit, at int) bool {
	for i := max(0, at-around); i <= min(len(edits)-1, at+around); i++ {
		if edits[i].sign != ' ' {
			return true
		}
	}
	return false
}

// clip makes a line fit to be shown: a base64 text is of no use to anybody.
func clip(text string) string {
	runes := []rune(Line(text))
	if len(runes) <= maxWidth {
		return string(runes)
	}
	return string(runes[:maxWidth]) + " ..."
}

// compare finds a longest common subsequence of lines.
func compare(a, b []string) []edit {
	var edits []edit
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		edits, a, b = append(edits, edit{' ', a[0]}), a[1:], b[1:]
	}
	end := 0
	for end < min(len(a), len(b)) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	tail := a[len(a)-end:]
	a, b = a[:len(a)-end], b[:len(b)-end]
	common := [][]int(nil)
	if len(a) <= maxCompared && len(b) <= maxCompared {
		common = subsequences(a, b)
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case common != nil && i < len(a) && j < len(b) && a[i] == b[j]:
			edits, i, j = append(edits, edit{' ', a[i]}), i+1, j+1
		case j == len(b) || i < len(a) && (common == nil || common[i+1][j] >= common[i][j+1]):
			edits, i = append(edits, edit{'-', a[i]}), i+1
		default:
			edits, j = append(edits, edit{'+', b[j]}), j+1
		}
	}
	for _, line := range tail {
		edits = append(edits, edit{' ', line})
	}
	return edits
}

// subsequences holds the length of the longest common subsequence of what is
// left of both, from each pair of lines on.
func subsequences(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// manifestsAsMarkdown folds the differences of a promotion's manifests.
func (p Promotion) manifestsAsMarkdown() string {
	if len(p.Manifests) == 0 {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "\n<details><summary>%s in %s: %s would change</summary>\n", Plain(p.Model), Plain(p.Environment), counted(len(p.Manifests), "manifest"))
	for _, one := range p.Manifests {
		if text.Len() > maxManifests {
			text.WriteString("\nThere are more; all are in the report.\n")
			break
		}
		fence := fenceFor(one.Text)
		fmt.Fprintf(&text, "\n%s\n\n%sdiff\n%s%s\n", Plain(one.Path), fence, one.Text, fence)
	}
	text.WriteString("\n</details>\n")
	return text.String()
}

// maxManifests leaves room for what matters more.
const maxManifests = 12_000 // bytes

// fenceFor is longer than any row of backticks in a text, so that no line of
// it can close the block (CommonMark 0.31, section 4.5).
func fenceFor(text string) string {
	longest, row := 2, 0
	for _, c := range text {
		if row++; c != '`' {
			row = 0
		}
		longest = max(longest, row)
	}
	return strings.Repeat("`", longest+1)
}
