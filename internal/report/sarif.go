package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

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
		Locations:    []sarifLocation{{Physical: sarifPhysical{Artifact: sarifArtifact{promotion.fileOf(finding.Rule)}}}},
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

// editedFor tells in which file the remedy of a rule is written. The first
// that is a prefix of the rule counts.
var editedFor = []struct{ rule, file string }{
	{"model.compliance.card_complete", "models/MODEL/card.yaml"},
	{"model.compliance.intended_use", "models/MODEL/card.yaml"},
	{"model.compliance.out_of_scope", "models/MODEL/card.yaml"},
	{"model.compliance.approvals", "environments/ENVIRONMENT/MODEL.yaml"},
	{"model.compliance.ethics", "datasets/DATASET/dataset.yaml"},
	{"model.compliance.data_use", "datasets/DATASET/dataset.yaml"},
	{"model.compliance.deidentification", "datasets/DATASET/dataset.yaml"},
	{"model.compliance.audit_log", "assay.yaml"},
	{"model.compliance.least_privilege", "assay.yaml"},
	{"model.compliance.encryption", "assay.yaml"},
	{"model.compliance.builder_identity", "assay.yaml"},
	{"model.compliance.", "models/MODEL/governance.yaml"},
	{"model.dataset.", "datasets/DATASET/dataset.yaml"},
	{"model.bias.cohorts_declared", "datasets/DATASET/dataset.yaml"},
	{"", "models/MODEL/model.yaml"},
}

// fileOf names a file of the promotion repository as a relative URI (RFC
// 3986). The recipe stands in when the data set is not known: it names it.
func (p Promotion) fileOf(rule string) string {
	for _, edited := range editedFor {
		if !strings.HasPrefix(rule, edited.rule) || strings.Contains(edited.file, "DATASET") && p.Dataset == "" {
			continue
		}
		return path.Clean(strings.NewReplacer("MODEL", segment(p.Model), "ENVIRONMENT", segment(p.Environment), "DATASET", segment(p.Dataset)).Replace(edited.file))
	}
	return "assay.yaml"
}

// segment is one step of a path, and never one upwards.
func segment(name string) string {
	if strings.Trim(name, ".") == "" {
		return "unnamed"
	}
	return url.PathEscape(name)
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
