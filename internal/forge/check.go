package forge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Outcome is what a check came to. The zero Outcome blocks.
type Outcome int

const (
	Undecided Outcome = iota // could not be judged, or waits for a person: blocks
	Pending                  // is being judged: blocks
	Failed                   // blocks
	Passed
	Unaffected // there is nothing to judge: does not block
)

// Check is what one gate, or all of them together, say of one commit.
type Check struct {
	Name        string // "assay/bias": the key on a commit
	Outcome     Outcome
	Title       string // one line
	Text        string // Markdown; only GitHub's checks have room for it
	Link        string // details
	Annotations []Annotation
}

// Annotation is a remark on one line of a file of the change.
type Annotation struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Title   string `json:"title"`
	Message string `json:"message"`
	Warning bool   `json:"warning"`
}

const (
	maxTitle       = 140 // GitHub: "state description, 140 characters"; GitLab and Gitea take 255
	maxAnnotations = 200
)

// standing is a commit status: what every forge can show of a check.
type standing struct {
	name, state, title, link string
}

// words are how a forge names the outcomes of commit statuses.
type words map[Outcome]string

func (w words) of(check Check) standing {
	return standing{check.Name, w[check.Outcome], clip(check.Title, maxTitle), check.Link}
}

// validate refuses what would write over another check or over none.
func validate(commit string, checks []Check) error {
	if !isCommit(commit) {
		return fmt.Errorf("%q is no commit", commit)
	}
	var names []string
	for _, check := range checks {
		if check.Name == "" || len(check.Name) > 100 || slices.Contains(names, check.Name) {
			return fmt.Errorf("check %q: a check has a name of its own of at most 100 bytes", check.Name)
		}
		if check.Outcome < Undecided || check.Outcome > Unaffected {
			return fmt.Errorf("check %s has no outcome %d", check.Name, check.Outcome)
		}
		names = append(names, check.Name)
	}
	return nil
}

// isCommit tells a full commit name: SHA-1 or SHA-256 in lower-case hex.
func isCommit(text string) bool {
	if len(text) != 40 && len(text) != 64 {
		return false
	}
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// fingerprint tells two values of one type apart.
func fingerprint(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings, numbers and slices of them
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:12])
}

// clip shortens text to a number of characters.
func clip(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}
