package card

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// page is a Markdown page of tables. All text that somebody wrote passes plain.
type page struct{ text strings.Builder }

func newPage(title string, release evidence.Subject) *page {
	p := &page{}
	p.line("# " + fmt.Sprintf(title, plain(release.Name)))
	p.line("\nRelease " + plain(string(release.Digest)) + ". Numbers are those of its evidence.\n")
	return p
}

func (p *page) line(text string) { p.text.WriteString(text + "\n") }

func (p *page) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = plain(cell)
	}
	p.line("| " + strings.Join(cells, " | ") + " |")
}

func (p *page) write(w io.Writer) error {
	_, err := io.WriteString(w, p.text.String())
	return err
}

// plain is text that cannot leave its cell: one line without markup.
func plain(text string) string {
	var cell strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		switch {
		case strings.ContainsRune("&<>", r):
			fmt.Fprintf(&cell, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]#|~!", r):
			cell.WriteString("\\" + string(r))
		case !unicode.IsPrint(r):
			cell.WriteRune(unicode.ReplacementChar)
		default:
			cell.WriteRune(r)
		}
	}
	return cell.String()
}
