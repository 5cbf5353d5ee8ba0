package promotion

import (
	"strings"
)

// Trailers of a commit or a tag by which a person approves.
const (
	promotionTrailer = "Assay-Promotion"
	meaningTrailer   = "Assay-Meaning"
	roleTrailer      = "Assay-Role"
)

// Meanings that a signature may have (21 CFR 11.50(a)(3)).
func Meanings() []string { return []string{"author", "review", "approval", "responsibility"} }

// Claim is what a person says by signing: of which promotions, meaning what,
// and in which role. A meaning or a role that is said twice is not said.
type Claim struct {
	Promotions []Pair
	Meaning    string
	Role       string
}

// maxPromotions bounds what one signature approves.
const maxPromotions = 64

// ParseClaim reads the trailers in the last paragraph of a message. Without a
// promotion there is no claim: a plain commit or tag approves nothing.
func ParseClaim(message string) (Claim, bool) {
	var claim Claim
	said := map[string][]string{}
	for _, line := range lastParagraph(message) {
		token, value, isTrailer := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); !isTrailer || value == "" {
			continue
		}
		for _, known := range []string{promotionTrailer, meaningTrailer, roleTrailer} {
			if strings.EqualFold(token, known) { // as git compares them
				said[known] = append(said[known], value)
			}
		}
	}
	for _, text := range said[promotionTrailer] {
		environment, model, both := strings.Cut(text, "/")
		if both && environment != "" && model != "" && !strings.ContainsAny(model, "/ ") && len(claim.Promotions) < maxPromotions {
			claim.Promotions = append(claim.Promotions, Pair{environment, model})
		}
	}
	claim.Meaning, claim.Role = once(said[meaningTrailer]), once(said[roleTrailer])
	return claim, len(claim.Promotions) > 0
}

// twice is what is said of what was said more than once: no meaning, no role.
const twice = "said twice"

func once(said []string) string {
	switch len(said) {
	case 0:
		return ""
	case 1:
		return said[0]
	}
	return twice
}

func lastParagraph(message string) []string {
	message = strings.TrimSpace(strings.ReplaceAll(message, "\r\n", "\n"))
	if at := strings.LastIndex(message, "\n\n"); at >= 0 {
		message = message[at+2:]
	}
	return strings.Split(message, "\n")
}

// Trailers writes the claim, as ParseClaim reads it.
func (c Claim) Trailers() string {
	var text strings.Builder
	for _, pair := range c.Promotions {
		text.WriteString(promotionTrailer + ": " + pair.Environment + "/" + pair.Model + "\n")
	}
	text.WriteString(meaningTrailer + ": " + c.Meaning + "\n")
	if c.Role != "" {
		text.WriteString(roleTrailer + ": " + c.Role + "\n")
	}
	return text.String()
}
