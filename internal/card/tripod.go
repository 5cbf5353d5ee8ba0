package card

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Reported is one item of the TRIPOD+AI checklist, and where it is answered.
type Reported struct {
	Item  string   `json:"item"`
	Asks  string   `json:"asks"`
	Where []string `json:"where"` // empty: for the author of the report
}

// forTheAuthor is what neither a card nor evidence can answer.
const forTheAuthor = "for the author of the report"

// Reporting lists the 52 items, each with the fields of the card that say
// something and the measurements that are in evidence.
func (c Card) Reporting() []Reported {
	said := map[string]bool{}
	text := c.Text
	for _, one := range text.Texts() {
		said[one.Path] = strings.TrimSpace(*one.Value) != ""
	}
	var all []Reported
	for _, asked := range checklist {
		one := Reported{Item: asked.item, Asks: asked.asks, Where: []string{}}
		for _, field := range asked.fields {
			if said[field] {
				one.Where = append(one.Where, "card: "+field)
			}
		}
		for _, name := range asked.measurements {
			one.Where = append(one.Where, c.measured.mention(name)...)
		}
		all = append(all, one)
	}
	return all
}

// mention tells of a measurement: its number, or how many there are by group.
func (m measured) mention(name string) []string {
	found := slices.DeleteFunc(slices.Clone(m[name]), func(one Result) bool { return one.Value == "" })
	switch {
	case len(found) == 0:
		return nil
	case len(found) == 1 && found[0].Group == "":
		return []string{fmt.Sprintf("evidence: %s = %s", name, tell(found[0].Measurement))}
	}
	return []string{fmt.Sprintf("evidence: %s, by group: %d", name, len(found))}
}

// TRIPOD writes the checklist as Markdown.
func (c Card) TRIPOD(w io.Writer) error {
	page := newPage("TRIPOD+AI checklist of %s", c.Release)
	page.line("Where a report of this model finds its answers (Collins and others 2024, doi:10.1136/bmj-2023-078378; items in our words).\n")
	page.line("| item | asks for | where |\n|---|---|---|")
	for _, one := range c.Reporting() {
		where := strings.Join(one.Where, "; ")
		if where == "" {
			where = forTheAuthor
		}
		page.row(one.Item, one.Asks, where)
	}
	return page.write(w)
}
