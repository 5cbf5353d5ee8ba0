package judge

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/gates"
)

const maxMessage = 1024

// read turns the rules' answer into findings. Each compiled rule must have
// taken part, and exactly those: an answer that lacks one is refused.
func read(answer map[string]any, rules []rule) (evaluated []string, findings []gates.Finding, err error) {
	states, _ := answer["state"].(map[string]any)
	if len(states) != len(rules) {
		return nil, nil, fmt.Errorf("%d of %d rules took part", len(states), len(rules))
	}
	messages, _ := answer["message"].(map[string]any)
	unsettled := texts(answer["inconclusive"])
	tolerant := answer["tolerant"] == true
	findings = []gates.Finding{}
	for _, rule := range rules {
		state, took := states[rule.id]
		if !took {
			return nil, nil, fmt.Errorf("rule %s did not take part", rule.id)
		}
		evaluated = append(evaluated, rule.id)
		if state == "satisfied" {
			continue
		}
		findings = append(findings, finding(rule, messages[rule.id], unsettled[rule.id], tolerant))
	}
	return evaluated, findings, nil
}

// finding denies, unless the rule has shown that its interval holds the limit
// and the environment's profile only warns of that.
func finding(rule rule, message any, unsettled, tolerant bool) gates.Finding {
	found := gates.Finding{
		Rule: rule.id, State: gates.Failed, Severity: gates.Deny,
		Title: rule.title, Remedy: rule.remedy, Clause: rule.clause,
	}
	text, told := message.(string)
	switch {
	case unsettled && told:
		found.State = gates.Inconclusive
		if tolerant {
			found.Severity = gates.Warn
		}
	case !told:
		found.State = gates.Missing
		text = "there is no usable evidence for it"
	}
	if len(text) > maxMessage {
		text = text[:maxMessage]
	}
	found.Message = text
	return found
}

func texts(value any) map[string]bool {
	set := map[string]bool{}
	list, _ := value.([]any)
	for _, item := range list {
		if text, ok := item.(string); ok {
			set[text] = true
		}
	}
	return set
}
