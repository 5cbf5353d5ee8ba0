package report

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// maxMarkdown is below the 65,536 characters that GitHub and Gitea allow in a
// comment.
const maxMarkdown = 60_000 // bytes

// Markdown writes the report as the comment of a pull request: the verdicts,
// then what serves now and what would, then the findings, then the numbers folded
// away. What does not fit is left out, and the comment says so; verdicts come
// first, so they always stand. Text of the repository stays text: it makes no
// markup, no link, no picture and calls nobody.
func (r Report) Markdown(w io.Writer) error {
	comment := bounded{limit: maxMarkdown}
	comment.add("## Assay: " + r.headline() + "\n\n" + r.subject())
	if r.Error != "" {
		comment.add("> Why: " + Plain(r.Error) + "\n\n")
	}
	comment.add(r.verdicts())
	for _, promotion := range r.Promotions {
		comment.add(promotion.comparedAsMarkdown())
		comment.add(promotion.manifestsAsMarkdown())
	}
	for _, promotion := range r.Promotions {
		for _, part := range promotion.findingsAsMarkdown() {
			comment.add(part)
		}
	}
	for _, promotion := range r.Promotions {
		for _, measured := range promotion.Measured {
			comment.add(promotion.numbersAsMarkdown(measured))
		}
	}
	_, err := io.WriteString(w, comment.text())
	return err
}

func (r Report) headline() string {
	switch {
	case r.Error != "":
		return "this change could not be judged"
	case len(r.Promotions) == 0:
		return "no promotion is affected by this change"
	case r.Allowed:
		return "this change may be merged"
	}
	return "this change may not be merged"
}

// subject says what was judged, and where all of it can be read.
func (r Report) subject() string {
	if r.Commit == "" {
		return ""
	}
	told := "Commit " + Plain(r.Commit)
	if r.Base != "" {
		told += ", merged with " + Plain(r.Base)
	}
	if address, err := url.Parse(r.Link); err == nil && (address.Scheme == "https" || address.Scheme == "http") && len(r.Link) < 2000 {
		told += ". [The whole report](<" + address.String() + ">)"
	}
	return told + "\n\n"
}

// verdicts is a table of promotions and gates. The verdict has more to it than the
// gates: the order of the environments, and the orders of people.
func (r Report) verdicts() string {
	if len(r.Promotions) == 0 {
		return ""
	}
	table := "| Promotion | Verdict |"
	rule := "|---|---|"
	for _, gate := range Gates() {
		table, rule = table+" "+inWords(gate)+" |", rule+"---|"
	}
	table += "\n" + rule + "\n"
	for _, promotion := range r.Promotions[:min(len(r.Promotions), maxRows)] {
		table += fmt.Sprintf("| **%s** in **%s** | **%s** |", Plain(promotion.Model), Plain(promotion.Environment), promotion.outcome())
		for _, gate := range Gates() {
			table += " " + promotion.tallyOf(gate).String() + " |"
		}
		table += "\n"
	}
	if left := len(r.Promotions) - maxRows; left > 0 {
		table += fmt.Sprintf("\n%d more promotions are in the report.\n", left)
	}
	return table
}

func (p Promotion) findingsAsMarkdown() []string {
	if len(p.Verdict.Findings) == 0 && p.Error == "" {
		return nil
	}
	parts := []string{fmt.Sprintf("\n### %s in %s: %s\n\n", Plain(p.Model), Plain(p.Environment), p.outcome())}
	if p.Error != "" {
		parts = append(parts, "> Why: "+Plain(p.Error)+"\n\n")
	}
	for _, finding := range p.denialsFirst() {
		parts = append(parts, p.findingAsMarkdown(finding))
	}
	return parts
}

func (p Promotion) findingAsMarkdown(finding gates.Finding) string {
	effect := "Denies"
	if warns(finding) {
		effect = "Note"
	}
	part := fmt.Sprintf("- **%s: %s.** Required: %s\n  - Why: %s\n  - What to do: %s\n", effect, stateInWords(finding.State), Plain(finding.Title),
		Plain(sentence(finding.Message)), Plain(finding.Remedy))
	if name, line := p.File(finding.Rule); line > 0 {
		part += fmt.Sprintf("  - Where: %s, line %d\n", Plain(name), line)
	}
	if finding.Clause != "" {
		part += fmt.Sprintf("  - Rule %s, on %s\n", Plain(finding.Rule), Plain(finding.Clause))
	}
	return part + fmt.Sprintf("  - More: assay explain %s\n", Plain(finding.Rule))
}

// numbersAsMarkdown is one folded table: whole, or not there.
func (p Promotion) numbersAsMarkdown(measured evidence.Measurements) string {
	rows := mainRows(measured)
	if len(rows) == 0 {
		return ""
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n<details><summary>%s in %s: %s</summary>\n\n| Measure | About | Value | 95 %% interval | n |\n|---|---|---:|---|---:|\n",
		Plain(p.Model), Plain(p.Environment), Plain(measured.Gate))
	for _, r := range rows {
		value, interval := r.Value.Text, ""
		if r.Value.Exact == "" {
			value = "not measured"
		}
		if r.Low.Exact != "" && r.High.Exact != "" {
			interval = r.Low.Text + " to " + r.High.Text
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s | %d |\n", Plain(r.Name), Plain(r.Group), Plain(value), Plain(interval), r.N)
	}
	table.WriteString("\n</details>\n")
	return table.String()
}

// bounded takes whole parts while they fit.
type bounded struct {
	taken   strings.Builder
	limit   int
	dropped int
}

// remark is kept free for what text may have to add.
const remark = 200

func (b *bounded) add(part string) {
	if b.taken.Len()+len(part) > b.limit-remark {
		b.dropped++
		return
	}
	b.taken.WriteString(part)
}

func (b *bounded) text() string {
	if b.dropped > 0 {
		fmt.Fprintf(&b.taken, "\n%d parts of this report did not fit into a comment; all of it is in the report's HTML and JSON.\n", b.dropped)
	}
	return b.taken.String()
}

// markup is every character with which Markdown, HTML or a forge makes
// something of text within a line; no text of a repository begins one. As
// numeric entities they are letters to a Markdown parser (CommonMark 0.31,
// section 2.5).
const markup = "&<>`\\*_[]#|~$@/"

// Plain is text that a Markdown renderer shows as it is, in one line. A word
// joiner after @ and # keeps a forge, which looks for people and issues only
// after rendering, from finding any; www. would be a link.
func Plain(hostile string) string {
	var safe strings.Builder
	last := ' '
	for _, r := range Line(hostile) {
		switch {
		case r == '@' || r == '#':
			fmt.Fprintf(&safe, "&#%d;&#8288;", r)
		case strings.ContainsRune(markup, r) || r == '.' && unicode.ToLower(last) == 'w':
			fmt.Fprintf(&safe, "&#%d;", r)
		default:
			safe.WriteRune(r)
		}
		last = r
	}
	return safe.String()
}
