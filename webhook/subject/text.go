package subject

import "strings"

// Clip shortens a text to at most limit bytes, without cutting a character.
func Clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const ellipsis = "…"
	return strings.ToValidUTF8(text[:limit-len(ellipsis)], "") + ellipsis
}
