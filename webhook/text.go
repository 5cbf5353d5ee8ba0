package webhook

import (
	"strings"
	"unicode"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

const maxName = 253 // as for every Kubernetes name

// oneLine makes a text safe to print in a terminal and a log: one line, valid
// UTF-8, no control or formatting characters. Messages quote what an attacker
// wrote into an object.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// quoted is a text of others within an answer: one bounded line.
func quoted(text string, limit int) string {
	return subject.Clip(oneLine(subject.Clip(text, limit)), limit)
}
