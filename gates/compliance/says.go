package compliance

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// placeholder is what people write to get past a form.
var placeholder = regexp.MustCompile(`(?i)^\W*(tbd|tba|todo|fixme|n/?a|none|null|nil|unknown|xxx+|\?+|-+|\.+|test|lorem ipsum.*|to be (done|determined|defined|announced).*|placeholder.*|fill (me|this) in.*|not (available|applicable|known|done|reported))\W*$`)

// unavailable is an answer that there is none; it counts if it says why.
var unavailable = regexp.MustCompile(`(?is)^not (?:available|applicable)\s*:(.*)$`)

// wants says what answers a field of the card that no sentence answers.
var wants = map[string]func(text string) bool{
	"uses.decisionRole":          oneOf("informs", "augments", "replaces"),
	"warnings.clinicalRiskLevel": oneOf("low", "moderate", "high"),
	"releaseInfo.date":           isDay,
	"resources.bibliography":     isBibliography,
	"releaseInfo.stage":          isWord,
	"releaseInfo.version":        isWord,
	"basicInfo.developer":        isWord,
	"basicInfo.contact":          isWord,
	"trust.modelType":            isWord,
}

// A sentence that tells a clinician anything is longer than this.
const shortestSentence = 15 // characters

func says(field leaf) bool {
	switch {
	case field.text == "":
		return field.optional
	case placeholder.MatchString(field.text):
		return false
	}
	if why := unavailable.FindStringSubmatch(field.text); why != nil {
		return isSentence(strings.TrimSpace(why[1]))
	}
	if answers, special := wants[field.path]; special {
		return answers(field.text)
	}
	if strings.HasSuffix(field.path, "]") || strings.HasSuffix(field.path, "].label") {
		return true // an item of a list is a word
	}
	return isSentence(field.text)
}

func isWord(string) bool { return true }

func isSentence(text string) bool {
	return len([]rune(text)) >= shortestSentence && !placeholder.MatchString(text)
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// entry opens an entry of BibTeX.
var entry = regexp.MustCompile(`(?s)@[A-Za-z]+\s*\{[^,}]+,.*\}`)

func isBibliography(text string) bool { return entry.MatchString(text) }

func oneOf(words ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(words, text) }
}
