package gates

import (
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Severity says what a finding does to the verdict.
type Severity string

// Severities of a finding.
const (
	Deny Severity = "deny" // keeps the door shut
	Warn Severity = "warn" // is told, and lets pass

	Waived Severity = "waived" // would deny, and somebody answers for it until a day
)

// State says how a rule is not met.
type State string

// States of a rule that is not met.
const (
	Failed       State = "failed"       // the interval lies outside the limit
	Inconclusive State = "inconclusive" // the interval holds the limit: more patients would settle it
	Missing      State = "missing"      // there is no usable evidence
)

// Finding is one rule that is not met: which rule, which number, what to do.
type Finding struct {
	Rule     string   `json:"rule"` // its path: model.bias.equal_opportunity
	State    State    `json:"state"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy"`
	Clause   string   `json:"clause,omitempty"`
	Absolute bool     `json:"absolute,omitempty"` // nothing softens it: no waiver, no break-glass, no mode that only warns
}

// Denies holds for every severity but those that let pass: an unknown one denies.
func (f Finding) Denies() bool { return f.Severity != Warn && f.Severity != Waived }

// Under is the finding as somebody answers for it. Nobody can for one that is
// absolute.
func (f Finding) Under(note string) Finding {
	if f.Severity == Deny && !f.Absolute && note != "" {
		f.Severity = Waived
		f.Message += "; " + note
	}
	return f
}

// Verdict is the judge's answer. The zero Verdict denies: so does one that
// evaluated no rule.
type Verdict struct {
	Subject     string    `json:"subject"`     // what was asked about: name@digest, or a workload
	Environment string    `json:"environment"` // for which environment
	Evaluated   []string  `json:"evaluated"`   // every rule that took part, sorted
	Findings    []Finding `json:"findings"`    // sorted by rule
	Policy      string    `json:"policy"`      // digest of the rules and thresholds
	Time        time.Time `json:"time"`        // the instant that time-bound rules were asked about

	Waivers []Exception `json:"waivers,omitempty"` // every waiver that lay before the judge
	Glass   []Glass     `json:"glass,omitempty"`   // every break-glass that lay before the judge
}

// Glass is a break-glass for one release, and what speaks against it. It is
// broken when nothing does, and every model of the workload has such a one.
type Glass struct {
	Bundle     evidence.Digest `json:"bundle"`         // of what was signed
	Release    evidence.Digest `json:"release"`        // that may run
	Note       string          `json:"note,omitempty"` // who broke it, until when and why; empty while it is whole
	Objections []string        `json:"objections,omitempty"`
}

// Broken lists the glass under which the verdict was given.
func (v Verdict) Broken() []Glass {
	return slices.DeleteFunc(slices.Clone(v.Glass), func(glass Glass) bool { return glass.Note == "" })
}

// Exception is a waiver, who signed it, and what speaks against it: nothing
// does when it counts.
type Exception struct {
	Waiver     evidence.Waiver `json:"waiver"`
	By         evidence.Person `json:"by"`
	Objections []string        `json:"objections,omitempty"`
}

// Objections are what the judge has against a waiver that a person signed.
func (v Verdict) Objections(waiver evidence.Waiver, by evidence.Person) []string {
	for _, seen := range v.Waivers {
		if seen.Waiver == waiver && seen.By == by {
			return seen.Objections
		}
	}
	return []string{"it did not lie before the judge"}
}

// Allowed holds when at least one rule was evaluated and no finding denies.
func (v Verdict) Allowed() bool {
	return len(v.Evaluated) > 0 && len(v.Denials()) == 0
}

// Denials lists the findings that keep the door shut.
func (v Verdict) Denials() []Finding {
	var denials []Finding
	for _, finding := range v.Findings {
		if finding.Denies() {
			denials = append(denials, finding)
		}
	}
	return denials
}

// With is the verdict of two questions about one thing: everything that either
// evaluated or found, so that it allows only what both allow. A verdict that
// evaluated nothing makes the whole deny.
func (v Verdict) With(other Verdict) Verdict {
	joined := v
	if len(v.Evaluated) == 0 || len(other.Evaluated) == 0 {
		joined.Evaluated = nil
	} else {
		joined.Evaluated = slices.Compact(slices.Sorted(slices.Values(slices.Concat(v.Evaluated, other.Evaluated))))
	}
	joined.Findings = slices.Clone(v.Findings)
	for _, finding := range other.Findings {
		if !slices.Contains(joined.Findings, finding) {
			joined.Findings = append(joined.Findings, finding)
		}
	}
	slices.SortStableFunc(joined.Findings, func(a, b Finding) int { return strings.Compare(a.Rule, b.Rule) })
	return joined
}
