package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

const maxMessage = 1024

// read turns the rules' answer into findings. Each compiled rule must have
// taken part, and exactly those: an answer that lacks one is refused.
func read(answer map[string]any, rules []rule) (evaluated []string, findings []gates.Finding, err error) {
	answers, _ := answer["parts"].([]any)
	asked := parts(rules)
	if len(answers) != len(asked) {
		return nil, nil, fmt.Errorf("%d of %d parts of the rules took part", len(answers), len(asked))
	}
	tolerant := answer["tolerant"] == true
	findings = []gates.Finding{}
	for i, part := range asked {
		found, err := readPart(answers[i], part, tolerant)
		if err != nil {
			return nil, nil, err
		}
		findings = append(findings, found...)
	}
	return ids(rules), findings, nil
}

func ids(rules []rule) []string {
	list := make([]string, len(rules))
	for i, rule := range rules {
		list[i] = rule.id
	}
	return list
}

// readPart is true where every rule of the part is satisfied, and else has an
// entry for each.
func readPart(answer any, rules []rule, tolerant bool) (findings []gates.Finding, err error) {
	if answer == true {
		return nil, nil
	}
	states, _ := answer.(map[string]any)
	if len(states) != len(rules) {
		return nil, fmt.Errorf("%d of %d rules took part", len(states), len(rules))
	}
	for _, rule := range rules {
		state, took := states[rule.id]
		if !took {
			return nil, fmt.Errorf("rule %s did not take part", rule.id)
		}
		if state != "satisfied" {
			findings = append(findings, finding(rule, state, tolerant))
		}
	}
	return findings, nil
}

// finding has the rule's own severity, with three exceptions: where the evidence
// is missing every rule denies; where the rule has shown that its interval
// holds the limit, the environment's profile may only warn of that; and a denial
// whose numbers are known may be waived. An absolute rule has no exception.
func finding(rule rule, state any, tolerant bool) gates.Finding {
	found := gates.Finding{
		Rule: rule.id, State: gates.Failed, Severity: rule.severity,
		Title: rule.title, Remedy: rule.remedy, Clause: rule.clause, Absolute: rule.absolute,
	}
	said, _ := state.(map[string]any)
	text, told := only(said["message"]).(string)
	switch {
	case !told:
		found.State, found.Severity = gates.Missing, gates.Deny
		text = "there is no usable evidence for it"
	case only(said["inconclusive"]) == true:
		found.State = gates.Inconclusive
		if tolerant && !rule.absolute {
			found.Severity = gates.Warn
		}
	}
	found.Message = text
	if waivers, _ := said["waived"].([]any); len(waivers) > 0 && told {
		found = found.Under(fmt.Sprint(waivers[0]))
	}
	found.Message = shorten(found.Message)
	return found
}

// exceptions are the waivers among the evidence, each with what the rules have
// against it. Rules that leave one out have not looked at it.
func exceptions(answer map[string]any, model *Model) ([]gates.Exception, error) {
	told, _ := answer["waivers"].([]any)
	var seen []gates.Exception
	for _, statement := range model.waivers() {
		exception := gates.Exception{Waiver: *statement.Waiver, By: statement.By}
		if len(seen) == len(told) {
			return nil, fmt.Errorf("the rules say nothing of a waiver of %s", exception.Waiver.Rule)
		}
		objections, looked := told[len(seen)].([]any)
		if !looked {
			return nil, fmt.Errorf("the rules say nothing of a waiver of %s", exception.Waiver.Rule)
		}
		for _, objection := range objections {
			exception.Objections = append(exception.Objections, fmt.Sprint(objection))
		}
		seen = append(seen, exception)
	}
	return seen, nil
}

// waivers are the statements that project hands to the rules as waivers.
func (m *Model) waivers() []evidence.Statement {
	if m == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(m.Evidence.Statements), func(statement evidence.Statement) bool {
		return statement.Waiver == nil || statement.Subject.Digest != m.Release.Digest
	})
}

// only is what stands alone in a list, which is how a rule's document that may
// be undefined is asked for.
func only(list any) any {
	if said, _ := list.([]any); len(said) == 1 {
		return said[0]
	}
	return nil
}

// shorten leaves no half character behind: JSON would write another in its
// place, and the verdict would not be what was judged.
func shorten(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxMessage)], "")
}
