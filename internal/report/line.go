package report

import (
	"fmt"
	"strings"
	"unicode"
)

// maxLine is how much of one message is shown; the rest is in the JSON.
const maxLine = 2000 // runes

// Line makes one bounded line of text that may come from a repository: a name
// or a message there must not move the cursor of who reads the verdict, hide a
// line of it, or write a second one.
func Line(text string) string {
	var line strings.Builder
	shown := 0
	for at, r := range text {
		if shown++; shown > maxLine {
			return fmt.Sprintf("%s ... (%d bytes more)", line.String(), len(text)-at)
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		line.WriteRune(r)
	}
	return line.String()
}
