package card

import (
	"fmt"
	"io"
	"strings"
)

// Attribute is one of the 31 source attributes, and its answer.
type Attribute struct {
	Group  int    `json:"group"` // 1 to 9, as (iv)(B)(1) to (9)
	Name   string `json:"name"`
	Where  string `json:"where"` // the answer comes from: fields of card.yaml, or measurements
	Answer string `json:"answer"`
}

// groups are the nine of 45 CFR 170.315(b)(11)(iv)(B), in our words.
var groups = [...]string{
	"Details and output", "Purpose", "Cautioned out of scope", "Development", "Fairness in development",
	"External validation", "Quantitative measures", "Maintenance", "Updates and revalidation",
}

// Attributes answers the source attributes in the order of the rule.
func (c Card) Attributes() []Attribute {
	t := c.Text
	external, externalFrom := c.external()
	fairness := "keyMetrics.fairness.results"
	return []Attribute{
		{1, "developer, and how to reach them", "basicInfo", t.BasicInfo.Developer + "; " + t.BasicInfo.Contact},
		{1, "who paid for the development", "transparency.funding", t.Transparency.Funding},
		{1, "value that is produced", "trust.outputs", t.Trust.Outputs},
		{1, "type of output", "trust.dataTypes", t.Trust.DataTypes},
		{2, "intended use", "uses.intendedUse", t.Uses.IntendedUse},
		{2, "intended patients", "uses.population", t.Uses.Population},
		{2, "intended users", "uses.intendedUsers", t.Uses.IntendedUsers},
		{2, "role in the decision", "uses.decisionRole", t.Uses.DecisionRole},
		{3, "tasks and patients it is not for", "uses.outOfScope", t.Uses.OutOfScope},
		{3, "known risks, inappropriate settings, limits", "warnings", paragraphs(t.Warnings.KnownRisks, t.Warnings.KnownBiases)},
		{4, "inclusion and exclusion criteria", "development.criteria", t.Development.Criteria},
		{4, "demographic and social variables as inputs", "development.demographicInputs", t.Development.DemographicInputs},
		{4, "demographic representativeness", "development.representativeness", t.Development.Representativeness},
		{4, "relevance of the data to where it is used", "development.relevance", t.Development.Relevance},
		{5, "approach to fairness", "development.fairness", t.Development.Fairness},
		{5, "how bias is managed", "trust.biasMitigation", t.Trust.BiasMitigation},
		{6, "source and setting of the data", "externalValidation.data", t.ExternalValidation.Data},
		{6, "who validated", "externalValidation.party", t.ExternalValidation.Party},
		{6, "demographic representativeness", "externalValidation.representativeness", t.ExternalValidation.Representativeness},
		{6, "process", "externalValidation.process", t.ExternalValidation.Process},
		{7, "validity, in data of the same source", "keyMetrics.usefulness.results, keyMetrics.safety.results", told(c.Results.Usefulness, c.Results.Safety)},
		{7, "fairness, in data of the same source", fairness, told(c.Results.Fairness)},
		{7, "validity, in external data", externalFrom, external(c.Results.Usefulness, c.Results.Safety)},
		{7, "fairness, in external data", externalFrom, external(c.Results.Fairness)},
		{7, "evaluations of outcomes of its use", "resources.evaluations", t.Resources.Evaluations},
		{8, "how validity is watched", "upkeep.validity", t.Upkeep.Validity},
		{8, "validity in local data", "upkeep.localValidity", t.Upkeep.LocalValidity},
		{8, "how fairness is watched", "upkeep.fairness", t.Upkeep.Fairness},
		{8, "fairness in local data", "upkeep.localFairness", t.Upkeep.LocalFairness},
		{9, "updates: process and how often", "upkeep.updates", t.Upkeep.Updates},
		{9, "corrections: how soon after a fault is known", "upkeep.corrections", t.Upkeep.Corrections},
	}
}

// external answers what external data said. The holdout is external where the
// contract says so, and the dataset gate found no hospital on both sides.
func (c Card) external() (answer func(...[]Result) string, where string) {
	split := c.measured["dataset.external_split"]
	if len(split) == 1 && split[0].Value == "1" {
		return told, "dataset.external_split, keyMetrics"
	}
	return func(...[]Result) string { return c.Text.ExternalValidation.Data }, "externalValidation.data"
}

// told are numbers as people read them.
func told(lists ...[]Result) string {
	var texts []string
	for _, list := range lists {
		for _, one := range list {
			texts = append(texts, fmt.Sprintf("%s: %s, n = %d", one.Label, tell(one.Measurement), one.N))
		}
	}
	return strings.Join(texts, "; ")
}

// HTI1 writes the source attributes as Markdown.
func (c Card) HTI1(w io.Writer) error {
	page := newPage("Source attributes of %s", c.Release)
	page.line("The 31 source attributes of a predictive decision support intervention, 45 CFR 170.315(b)(11)(iv)(B).")
	group := 0
	for i, attribute := range c.Attributes() {
		if attribute.Group != group {
			group = attribute.Group
			page.line(fmt.Sprintf("\n## %d. %s\n", group, groups[group-1]))
			page.line("| | attribute | answer | from |\n|---|---|---|---|")
		}
		page.row(fmt.Sprint(i+1), attribute.Name, attribute.Answer, attribute.Where)
	}
	return page.write(w)
}
