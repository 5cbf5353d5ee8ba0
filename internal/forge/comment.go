package forge

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxComment is below the 65,536 characters that GitHub and Gitea allow;
// GitLab allows a million.
const maxComment = 60_000 // bytes

var commentKey = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)

// note is a comment as a forge keeps it.
type note struct {
	id     int64
	author string
	body   string
}

// marker opens a comment of ours. Markdown does not show it.
func marker(key string) string { return "<!-- assay:" + key + " -->\n" }

// body is the comment as it is written: marker, text, and where the rest is.
func (c Comment) body() (string, error) {
	if !commentKey.MatchString(c.Key) {
		return "", fmt.Errorf("comment key %q: use lower-case letters, digits and dashes", c.Key)
	}
	head := marker(c.Key)
	return head + fit(strings.ToValidUTF8(c.Text, "\uFFFD"), c.Link, maxComment-len(head)), nil
}

// fit cuts text at the end of a line so that it takes at most limit bytes, and
// says that it did. What the cut leaves open it closes, so that the last
// sentence is not hidden in a fold or in a block of code.
func fit(text, link string, limit int) string {
	if len(text) <= limit {
		return text
	}
	ending := "\n\n_The rest did not fit._\n"
	if link != "" && len(link) < 2000 {
		ending = "\n\n_The rest did not fit: [read the whole report](" + link + ")._\n"
	}
	const closing = 400 // room for what has to be closed
	kept := text[:limit-len(ending)-closing]
	if end := strings.LastIndexByte(kept, '\n'); end >= 0 {
		kept = kept[:end]
	}
	for !utf8.ValidString(kept) { // a single line of 60 kB was cut within a character
		kept = kept[:len(kept)-1]
	}
	return kept + open(kept, closing) + ending
}

// open is what closes the code fences and the folds of a text.
func open(text string, limit int) string {
	var closing strings.Builder
	fenced, folds := false, 0
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case !fenced:
			folds += strings.Count(line, "<details") - strings.Count(line, "</details>")
		}
	}
	if fenced {
		closing.WriteString("\n```\n")
	}
	for range min(folds, limit/len("\n</details>")-2) {
		closing.WriteString("\n</details>")
	}
	return closing.String()
}

// Comment keeps one comment of one key. Two writers at once may each write a
// first one: whoever then finds an older one takes its own away, so one stays.
func (h *hosted) Comment(ctx context.Context, number int64, comment Comment) error {
	ctx = urgently(ctx, reporting)
	body, err := comment.body()
	if err != nil {
		return err
	}
	if err := h.comment(ctx, number, comment, body); err != nil {
		return fmt.Errorf("commenting on %s: %w", h.name(number), err)
	}
	return nil
}

func (h *hosted) comment(ctx context.Context, number int64, comment Comment, body string) error {
	ours, err := h.ours(ctx, number, comment.Key)
	if err != nil || len(ours) == 0 && comment.Quiet {
		return err
	}
	if len(ours) == 0 {
		if err := h.api.write(ctx, number, body); err != nil {
			return err
		}
		if ours, err = h.ours(ctx, number, comment.Key); err != nil {
			return err
		}
		if len(ours) == 0 {
			return fmt.Errorf("the comment that was written is not there: is %s the login of this credential?", h.login)
		}
	}
	for _, double := range ours[1:] {
		if err := h.api.erase(ctx, number, double.id); err != nil {
			return err
		}
	}
	if ours[0].body == body {
		return nil
	}
	return h.api.edit(ctx, number, ours[0].id, body)
}

// ours are the comments of our login that open with the marker, oldest first.
// A marker alone proves nothing: everybody can read it and write it.
func (h *hosted) ours(ctx context.Context, number int64, key string) ([]note, error) {
	login, err := h.self(ctx)
	if err != nil {
		return nil, err
	}
	notes, err := h.api.notes(ctx, number)
	if err != nil {
		return nil, err
	}
	var ours []note
	for _, written := range notes {
		if written.author == login && strings.HasPrefix(unix(written.body), marker(key)) {
			written.body = unix(written.body)
			ours = append(ours, written)
		}
	}
	sortBy(ours, func(n note) int64 { return n.id })
	return ours, nil
}

// unix undoes the line ends of web forms.
func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
