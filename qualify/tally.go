package qualify

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/gates"
)

// What became of a planted defect.
const (
	failed       = "failed"       // an expected rule denied, or its gate refused to measure
	inconclusive = "inconclusive" // an expected rule denied, because more patients would be needed
	missed       = "missed"       // no expected rule denied
)

// tally counts outcomes. Counting commutes, so the order in which workers
// finish leaves no trace.
type tally struct {
	planted map[trial]*Counted
	clean   map[string]*Clean // by population
}

func newTally() *tally { return &tally{planted: map[trial]*Counted{}, clean: map[string]*Clean{}} }

// Counted is what became of the candidates of one strength.
type Counted struct {
	N            int            `json:"n"`
	Failed       int            `json:"failed"`
	Inconclusive int            `json:"inconclusive"`
	Missed       int            `json:"missed"`
	Denied       map[string]int `json:"denied"` // every rule that denied, expected or not; a gate's name where it refused
}

// Clean is what became of the clean candidates of one population.
type Clean struct {
	N      int            `json:"n"`
	Gates  map[string]int `json:"falseDenials"` // candidates that a rule of that gate denied
	Denied map[string]int `json:"denied"`       // by which rule
}

func (t *tally) add(population string, next trial, seen examined) {
	if next.defect == nil {
		t.addClean(population, seen)
		return
	}
	counts := t.planted[next]
	if counts == nil {
		counts = &Counted{Denied: map[string]int{}}
		t.planted[next] = counts
	}
	counts.N++
	switch next.defect.outcome(seen) {
	case failed:
		counts.Failed++
	case inconclusive:
		counts.Inconclusive++
	default:
		counts.Missed++
	}
	for _, name := range seen.denials() {
		counts.Denied[name]++
	}
}

func (t *tally) addClean(population string, seen examined) {
	counts := t.clean[population]
	if counts == nil {
		counts = &Clean{Gates: map[string]int{}, Denied: map[string]int{}}
		t.clean[population] = counts
	}
	counts.N++
	var closed []string
	for _, name := range seen.denials() {
		counts.Denied[name]++
		gate := gateOf(name)
		if gate == "" {
			gate = name
		}
		if !slices.Contains(closed, gate) {
			closed = append(closed, gate)
			counts.Gates[gate]++
		}
	}
}

// outcome asks whether what a defect expects has happened.
func (d *Defect) outcome(seen examined) string {
	if d.noticed != nil {
		if d.noticed(seen) {
			return failed
		}
		return missed
	}
	if seen.answers[d.Gate].refused != nil {
		return failed
	}
	result := missed
	for _, finding := range seen.findings {
		if !slices.Contains(d.Expected, finding.Rule) {
			continue
		}
		if finding.State != gates.Inconclusive {
			return failed
		}
		result = inconclusive
	}
	return result
}

// denials are the rules that denied, and the gates that refused; what a
// refusing gate leaves without evidence is not told again.
func (e examined) denials() []string {
	refused := e.refusals()
	names := slices.Clone(refused)
	for _, finding := range e.findings {
		if !slices.Contains(refused, gateOf(finding.Rule)) {
			names = append(names, finding.Rule)
		}
	}
	return names
}
