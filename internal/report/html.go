package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/figure"
)

//go:embed page.html.tmpl
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"outcome": Promotion.outcome, "state": stateInWords, "warns": warns, "sentence": sentence,
}).Parse(pageText))

// HTML writes the report as one page for people: it needs no network, no
// script and no other file, and the same report gives the same bytes. The page
// forbids by its own policy what an attack would need; all text in it is
// escaped and printable.
func (r Report) HTML(w io.Writer) error {
	view := pageView{Report: r, Title: "Assay report " + r.Commit, Count: r.count()}
	for i, promotion := range r.Promotions {
		one, err := promotion.view(fmt.Sprintf("p%d", i+1))
		if err != nil {
			return fmt.Errorf("showing %s in %s: %w", promotion.Model, promotion.Environment, err)
		}
		view.Sections = append(view.Sections, one)
	}
	return fill(w, "page", view)
}

// fill writes a page without a character that is not printable.
func fill(w io.Writer, name string, view any) error {
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, name, view); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	for line := range bytes.Lines(out.Bytes()) {
		if _, err := io.WriteString(w, figure.Printable(string(bytes.TrimRight(line, "\n")))+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// pageView is what the template sees.
type pageView struct {
	Report
	Title    string
	Count    []tally
	Sections []section
}

type section struct {
	Promotion
	ID       string
	Findings []gates.Finding
	Main     []row
	Charts   []chart
	Measured []gateTable
}

// chart is a figure and the table that says the same.
type chart struct {
	Title   string
	Reading string // how to read it
	SVG     template.HTML
	Columns []string
	Rows    [][]cell
}

type gateTable struct {
	Gate   string
	Inputs []evidence.Subject
	Rows   []row
}

type tally struct {
	Outcome string
	N       int
}

// count tells how many promotions ended how, in the order of concern.
func (r Report) count() []tally {
	counts := []tally{{Outcome: "denied"}, {Outcome: "could not be judged"}, {Outcome: "allowed"}}
	for _, promotion := range r.Promotions {
		at := slices.IndexFunc(counts, func(t tally) bool { return t.Outcome == promotion.outcome() })
		counts[at].N++
	}
	return slices.DeleteFunc(counts, func(t tally) bool { return t.N == 0 })
}

func (p Promotion) view(id string) (section, error) {
	shown := section{Promotion: p, ID: id, Findings: p.denialsFirst()}
	for _, measured := range p.Measured {
		table := gateTable{Gate: measured.Gate, Inputs: measured.Inputs}
		for _, m := range measured.Measurements {
			table.Rows = append(table.Rows, newRow(m))
		}
		shown.Measured = append(shown.Measured, table)
		shown.Main = append(shown.Main, mainRows(measured)...)
	}
	var err error
	shown.Charts, err = p.charts(id)
	return shown, err
}

// denialsFirst lists the findings in the order in which they matter.
func (p Promotion) denialsFirst() []gates.Finding {
	notes := slices.DeleteFunc(slices.Clone(p.Verdict.Findings), func(f gates.Finding) bool { return !warns(f) })
	return append(p.Verdict.Denials(), notes...)
}

// stateInWords says how a rule is not met.
func stateInWords(state gates.State) string {
	switch state {
	case gates.Failed:
		return "outside the limit"
	case gates.Inconclusive:
		return "not settled, there are too few patients to tell"
	case gates.Missing:
		return "there is no usable evidence"
	}
	return "not met"
}

func warns(finding gates.Finding) bool { return !finding.Denies() }
