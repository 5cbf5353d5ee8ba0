package card

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// CHAI writes the card as XML of the Applied Model Card, version 0.2. Characters
// that XML cannot hold become U+FFFD. It is not signed: the evidence is.
func (c Card) CHAI(w io.Writer) error {
	document, err := c.document()
	if err != nil {
		return err
	}
	text, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the card as XML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func (c Card) document() (chaiCard, error) {
	text := c.Text
	metrics, err := c.keyMetrics()
	return chaiCard{
		Basic: chaiBasic{c.Release.Name, text.BasicInfo.Developer, text.BasicInfo.Contact},
		Release: chaiRelease{
			text.ReleaseInfo.Stage, text.ReleaseInfo.Date, fmt.Sprintf("%s (%s)", text.ReleaseInfo.Version, c.Release.Digest),
			text.ReleaseInfo.Availability, text.ReleaseInfo.RegulatoryApproval,
		},
		Summary: chaiSummary{text.Summary, chaiKeywords{text.Keywords}},
		Uses: chaiUses{
			paragraphs(text.Uses.IntendedUse, "Decision role: "+text.Uses.DecisionRole+"."),
			text.Uses.IntendedUsers, text.Uses.HowToUse, text.Uses.Population, text.Uses.OutOfScope,
		},
		Warnings: chaiWarnings{text.Warnings.KnownRisks, text.Warnings.KnownBiases, text.Warnings.ClinicalRiskLevel},
		Trust:    chaiTrust{c.facts(), chaiTransparency{text.Transparency.Funding, text.Transparency.ThirdParty, text.Transparency.Stakeholders}},
		Metrics:  metrics,
		Resources: chaiResources{
			text.Resources.Evaluations, text.Resources.Trial, text.Resources.Publications, text.Resources.Reimbursement, text.Transparency.Consent,
		},
		Bibliography: text.Resources.Bibliography,
	}, err
}

func (c Card) facts() chaiFacts {
	trust, development, upkeep := c.Text.Trust, c.Text.Development, c.Text.Upkeep
	return chaiFacts{
		Outcomes: trust.Outputs, ModelType: trust.ModelType, Inputs: trust.InputData, DataTypes: trust.DataTypes,
		Development: paragraphs(trust.DevelopmentData, development.Criteria, development.DemographicInputs,
			development.Representativeness, development.Relevance),
		Mitigation:  paragraphs(trust.BiasMitigation, development.Fairness),
		Maintenance: paragraphs(trust.Maintenance, upkeep.Validity, upkeep.Fairness, upkeep.Updates, upkeep.Corrections),
		Security:    trust.Security, Transparency: trust.Explanation,
	}
}

func (c Card) keyMetrics() (chaiMetrics, error) {
	text := c.Text.KeyMetrics
	usefulness, first := keyMetric(text.Usefulness, c.Results.Usefulness)
	fairness, second := keyMetric(text.Fairness, c.Results.Fairness)
	safety, third := keyMetric(text.Safety, c.Results.Safety)
	return chaiMetrics{usefulness, fairness, safety}, errors.Join(first, second, third)
}

func keyMetric(text v1alpha1.KeyMetric, results []Result) (chaiMetric, error) {
	metric := chaiMetric{
		Goal: text.Goal, Interpretation: text.Interpretation,
		TestType: text.TestType, TestingData: text.TestingData, Validation: text.Validation,
	}
	for _, result := range results {
		value, err := valueJSON(result.Measurement)
		if err != nil {
			return metric, fmt.Errorf("writing %s: %w", result.Name, err)
		}
		metric.Results.Result = append(metric.Results.Result, chaiResult{result.Label, value})
	}
	return metric, nil
}

// paragraphs are the texts that say something, a line each.
func paragraphs(texts ...string) string {
	var said []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, "\n")
}
