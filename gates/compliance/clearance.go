package compliance

import (
	"regexp"
	"strings"
)

// submission is a premarket submission to the FDA: 510(k), De Novo, PMA (with
// its supplements) or humanitarian device exemption.
const submission = `(K\d{6}|DEN\d{6}|P\d{6}(/S\d{3,4})?|H\d{6})`

var (
	onlySubmission = regexp.MustCompile(`^` + submission + `$`)
	anySubmission  = regexp.MustCompile(`\b` + submission + `\b`)

	// A clause claims a clearance where it has a word of one, and no word that
	// takes it back.
	clauseEnd = regexp.MustCompile(`[.;:,()\n]|\b(?i:but|although|though|while|whereas|however)\b`)
	clearance = regexp.MustCompile(`(?i)\b(cleared|clearance|approved|approval|authori[sz]ed|authori[sz]ation|certified|registered|CE[- ]?mark(ed|ing)?|510k|de novo|PMA)\b`)
	negation  = regexp.MustCompile(`(?i)\b(no|not|nor|none|never|neither|without|nobody|un(cleared|approved|authori[sz]ed))\b`)
)

func isSubmission(text string) bool { return onlySubmission.MatchString(text) }

// claimsClearance reads what a card says of its regulatory approval. It knows
// words and no grammar: it is there for the card that was copied from a cleared
// model, and not for who wants to deceive.
func claimsClearance(text string) bool {
	if anySubmission.MatchString(text) {
		return true
	}
	text = strings.ReplaceAll(text, "510(k)", "510k") // no clause ends within it
	for _, clause := range clauseEnd.Split(text, -1) {
		if clearance.MatchString(clause) && !negation.MatchString(clause) {
			return true
		}
	}
	return false
}
