package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Gates are the gates in the order in which people read them.
func Gates() []string {
	return []string{gates.Dataset, gates.Performance, gates.Bias, gates.Compliance, gates.Security}
}

// Tally counts what came of the rules of one gate, or of all.
type Tally struct {
	Rules    int // that were evaluated
	Denials  int
	Notes    int // findings that let pass
	Unjudged int // promotions of which nothing can be said
}

// Tally counts over all promotions; an empty gate stands for all rules. It is
// nothing where nothing was judged.
func (r Report) Tally(gate string) Tally {
	var sum Tally
	for _, promotion := range r.Promotions {
		one := promotion.tallyOf(gate)
		sum.Rules, sum.Denials, sum.Notes, sum.Unjudged = sum.Rules+one.Rules, sum.Denials+one.Denials, sum.Notes+one.Notes, sum.Unjudged+one.Unjudged
	}
	return sum
}

func (p Promotion) tallyOf(gate string) Tally {
	var sum Tally
	for _, rule := range p.Verdict.Evaluated {
		if ofGate(rule, gate) {
			sum.Rules++
		}
	}
	for _, finding := range p.findings(gate) {
		if finding.Denies() {
			sum.Denials++
		} else {
			sum.Notes++
		}
	}
	if p.Error != "" || sum.Rules == 0 {
		sum.Unjudged = 1
	}
	return sum
}

func ofGate(rule, gate string) bool {
	return gate == "" || strings.HasPrefix(rule, "model."+gate+".")
}

// findings of a gate, what denies first.
func (p Promotion) findings(gate string) []gates.Finding {
	return slices.DeleteFunc(p.denialsFirst(), func(finding gates.Finding) bool { return !ofGate(finding.Rule, gate) })
}

// String is a cell of a table.
func (t Tally) String() string {
	switch {
	case t.Denials > 0:
		return fmt.Sprintf("**%d not met**", t.Denials)
	case t.Unjudged > 0:
		return "not judged"
	case t.Notes > 0:
		return "met, " + counted(t.Notes, "note")
	}
	return "met"
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Findings writes the findings of one gate as Markdown, as far as limit bytes go.
func (r Report) Findings(gate string, limit int) string {
	told := bounded{limit: limit}
	for _, promotion := range r.Promotions {
		found := promotion.findings(gate)
		if len(found) == 0 && promotion.Error == "" {
			continue
		}
		told.add(fmt.Sprintf("### %s in %s\n\n", Plain(promotion.Model), Plain(promotion.Environment)))
		if promotion.Error != "" {
			told.add("> Why: " + Plain(promotion.Error) + "\n\n")
		}
		for _, finding := range found {
			told.add(promotion.findingAsMarkdown(finding))
		}
	}
	return told.text()
}
