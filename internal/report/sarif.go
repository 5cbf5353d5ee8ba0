package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// SARIF writes the findings for the tools that show them beside the change:
// SARIF 2.1.0 (OASIS, 2020). A finding lies on the file of the promotion
// repository that its author would edit; what could not be judged is a
// notification of an execution that was not successful.
func (r Report) SARIF(w io.Writer) error {
	run := sarifRun{Results: []sarifResult{}, Invocations: []sarifInvocation{{Successful: true, Notifications: r.failures()}}}
	run.Invocations[0].Successful = len(run.Invocations[0].Notifications) == 0
	run.Tool.Driver = sarifDriver{Name: "assay", Rules: []sarifRule{}}
	for _, promotion := range r.Promotions {
		for _, finding := range promotion.Verdict.Findings {
			run.add(promotion, finding)
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func (run *sarifRun) add(promotion Promotion, finding gates.Finding) {
	rules := &run.Tool.Driver.Rules
	index := slices.IndexFunc(*rules, func(rule sarifRule) bool { return rule.ID == finding.Rule })
	if index < 0 {
		index = len(*rules)
		*rules = append(*rules, sarifRule{
			ID: finding.Rule, Short: sarifText{orElse(Line(finding.Title), finding.Rule)}, Help: sarifText{helpOf(finding)},
		})
	}
	level := "warning"
	if finding.Denies() {
		level = "error"
	}
	where := fmt.Sprintf("%s in %s: ", promotion.Model, promotion.Environment)
	run.Results = append(run.Results, sarifResult{
		RuleID: finding.Rule, RuleIndex: index, Level: level,
		Message:      sarifText{Line(where + finding.Message)},
		Locations:    []sarifLocation{{Physical: sarifPhysical{Artifact: sarifArtifact{promotion.uriOf(finding.Rule)}}}},
		Fingerprints: map[string]string{"assay/v1": evidence.Sum([]byte(finding.Rule + "\x00" + promotion.Model + "\x00" + promotion.Environment)).Hex()},
	})
}

func helpOf(finding gates.Finding) string {
	help := "What to do: " + Line(finding.Remedy)
	if finding.Clause != "" {
		help += "\nStands on: " + Line(finding.Clause)
	}
	return help
}

// failures are the reasons why something could not be judged.
func (r Report) failures() []sarifNotification {
	told := []sarifNotification{}
	if r.Error != "" {
		told = append(told, sarifNotification{"error", sarifText{Line(r.Error)}})
	}
	for _, promotion := range r.Promotions {
		reason := promotion.Error
		if reason == "" && !promotion.Allowed && len(promotion.Verdict.Denials()) == 0 {
			reason = "denied, because no requirement was checked"
		}
		if reason != "" {
			told = append(told, sarifNotification{"error", sarifText{Line(fmt.Sprintf("%s in %s: %s", promotion.Model, promotion.Environment, reason))}})
		}
	}
	return told
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
