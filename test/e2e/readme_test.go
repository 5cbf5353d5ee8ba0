package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// milliseconds are the last column of the demo's table.
var milliseconds = regexp.MustCompile(` +\d+$`)

// checkReadme holds README's transcript against what the demo printed: every
// line of it, but for the times and the "..." of what is left out, in order.
func checkReadme(t *testing.T, said string) {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```text\n$ make demo\n")
	transcript, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("README.md has no transcript of make demo")
	}
	printed := strings.Split(said, "\n")
	at := 0
	for line := range strings.Lines(transcript) {
		line = strings.TrimRight(line, "\n")
		if line == "..." {
			continue
		}
		next := at
		for next < len(printed) && timeless(printed[next]) != timeless(line) {
			next++
		}
		if next == len(printed) {
			t.Errorf("README says %q, the demo does not (after %q)", line, printed[max(at-1, 0)])
			continue
		}
		at = next + 1
	}
}

func timeless(line string) string { return milliseconds.ReplaceAllString(line, "") }
