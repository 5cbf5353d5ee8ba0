package webhook

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Mode says what a denial does. It is applied to a verdict that was given, so
// that it cannot soften what was never judged: an error stays an error.
type Mode string

// Modes, the strictest first.
const (
	Deny   Mode = "deny"   // keeps the object out
	Warn   Mode = "warn"   // lets it in, and tells the user
	DryRun Mode = "dryrun" // lets it in, and tells the log, the metrics and the audit annotations
)

var strictness = []Mode{Deny, Warn, DryRun}

// Modes is what denials do in one environment. The zero value denies.
type Modes struct {
	All   Mode            // of every rule that Rules does not name
	Rules map[string]Mode // by the id of a rule
}

// admissible is the rule that says of a workload only what the findings about
// its models say too.
const admissible = "workload.admissible"

// of is the mode of one denial. Nothing softens one that is absolute, nor one
// that is a consequence of others more than it softens those.
func (m Modes) of(denial gates.Finding, denials []gates.Finding) Mode {
	named, isNamed := m.Rules[denial.Rule]
	switch {
	case denial.Absolute:
		return Deny
	case isNamed:
		return named
	case denial.Rule == admissible:
		return m.strictest(denials)
	}
	return cmp.Or(m.All, Deny)
}

// strictest is the mode of the strictest denial about a model. Where there is
// none, nothing explains why a model is not admissible.
func (m Modes) strictest(denials []gates.Finding) Mode {
	at, found := len(strictness)-1, false
	for _, denial := range denials {
		if strings.HasPrefix(denial.Rule, "model.") {
			at, found = min(at, max(0, slices.Index(strictness, m.of(denial, nil)))), true
		}
	}
	if !found {
		return cmp.Or(m.All, Deny)
	}
	return strictness[at]
}

// ruling is a verdict, and what becomes of its denials.
type ruling struct {
	verdict gates.Verdict // as the judge gave it
	denied  []gates.Finding
	warned  []gates.Finding // would be denied, and the user is told
	silent  []gates.Finding // would be denied, and the operator is told
}

// rule parts the denials of a verdict. A mode that is not known denies.
func (m Modes) rule(verdict gates.Verdict) ruling {
	ruled := ruling{verdict: verdict}
	denials := verdict.Denials()
	for _, denial := range denials {
		switch m.of(denial, denials) {
		case Warn:
			ruled.warned = append(ruled.warned, denial)
		case DryRun:
			ruled.silent = append(ruled.silent, denial)
		default:
			ruled.denied = append(ruled.denied, denial)
		}
	}
	return ruled
}

// allowed holds when something was evaluated, and nothing that denies is left.
func (r ruling) allowed() bool { return len(r.verdict.Evaluated) > 0 && len(r.denied) == 0 }

// mode is by what a denial came in; empty when none did.
func (r ruling) mode() Mode {
	switch {
	case !r.allowed():
		return ""
	case len(r.warned) > 0:
		return Warn
	case len(r.silent) > 0:
		return DryRun
	}
	return ""
}

// softened lists what would be denied, and is not.
func (r ruling) softened() []gates.Finding { return slices.Concat(r.warned, r.silent) }

// explainer tells what a rule is; gates/judge does.
type explainer interface {
	Explain(id string) (gates.Finding, bool)
}

// check compares the rules that are named with those of the policy. A rule that
// the policy does not have would be a mode that never applies, as misspelt ones do.
func (m Modes) check(policy explainer) error {
	for _, id := range slices.Sorted(maps.Keys(m.Rules)) {
		rule, known := policy.Explain(id)
		switch {
		case !known:
			return fmt.Errorf("rules: the policy has no rule %.80q\nhint: assay explain lists all rules", id)
		case rule.Absolute && m.Rules[id] != Deny:
			return fmt.Errorf("rules: %s is absolute: no mode softens it", id)
		}
	}
	return nil
}

// Softens holds when some denial lets an object in: what is not admissible may
// come in there.
func (m Modes) Softens() bool {
	for _, mode := range m.Rules {
		if mode != Deny {
			return true
		}
	}
	return cmp.Or(m.All, Deny) != Deny
}

// modes reads what the Admission file says of an environment.
func (e environment) modes() (Modes, error) {
	modes := Modes{All: e.Mode, Rules: e.Rules}
	for _, mode := range slices.AppendSeq([]Mode{cmp.Or(e.Mode, Deny)}, maps.Values(e.Rules)) {
		if !slices.Contains(strictness, mode) {
			return Modes{}, fmt.Errorf("mode %.40q is none of deny, warn, dryrun", mode)
		}
	}
	return modes, nil
}
