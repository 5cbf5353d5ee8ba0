package figure

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Caption is what a figure says to those who do not see it.
type Caption struct {
	ID          string // unique in the page
	Title       string
	Description string
}

// ErrRange says that a figure was to show what no axis can hold.
var ErrRange = errors.New("a number of the figure is missing or too large to be drawn")

// svg writes the chart for the inside of a page: without the size in points
// and the XML head that the library gives it, and with a caption.
func (c chart) svg(caption Caption) (template.HTML, error) {
	canvas := vgsvg.New(width, c.height)
	c.Draw(draw.New(canvas))
	var drawn bytes.Buffer
	if _, err := canvas.WriteTo(&drawn); err != nil {
		return "", fmt.Errorf("drawing %s: %w", caption.Title, err)
	}
	_, body, found := strings.Cut(drawn.String(), "\n<g ")
	if !found {
		return "", fmt.Errorf("drawing %s: the SVG has no content", caption.Title)
	}
	body = strings.ReplaceAll(body, "font-family:Liberation Sans;", "font-family:Arial,Helvetica,Liberation Sans,sans-serif;")
	id, title, desc := template.HTMLEscapeString(caption.ID), template.HTMLEscapeString(Printable(caption.Title)), template.HTMLEscapeString(Printable(caption.Description))
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %g %g" role="img" aria-labelledby="%s-title %s-desc"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`+"\n<g %s",
		width, c.height, id, id, id, title, id, desc, body)), nil
}

// Printable frees text of what moves a cursor or hides what follows: control
// and formatting characters, line ends and invalid UTF-8.
func Printable(hostile string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return unicode.ReplacementChar
	}, hostile)
}

// longest is how many characters of a name fit beside an axis.
const longest = 24

func label(hostile string) string {
	runes := []rune(Printable(hostile))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest-1]) + "…"
}
