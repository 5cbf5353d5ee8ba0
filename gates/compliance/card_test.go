package compliance_test

import (
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const (
	sentence = "Supports the cytologist who reads a fine-needle aspirate."
	absent   = "not available: nobody has used the model outside of its own hospital"
)

func metric(goal, measurement string) v1alpha1.KeyMetric {
	return v1alpha1.KeyMetric{
		Goal: goal, Results: []v1alpha1.Pointer{{Label: "AUROC", Measurement: measurement}},
		Interpretation: sentence, TestType: "retrospective holdout", TestingData: sentence, Validation: sentence,
	}
}

func completeCard() v1alpha1.CardSpec {
	return v1alpha1.CardSpec{
		BasicInfo:   v1alpha1.BasicInfo{Developer: "Group A", Contact: "a@example.org"},
		ReleaseInfo: v1alpha1.ReleaseInfo{Stage: "research", Version: "1.0", Date: "2026-11-23", Availability: sentence, RegulatoryApproval: sentence},
		Summary:     sentence,
		Uses: v1alpha1.Uses{IntendedUse: sentence, IntendedUsers: sentence, Population: sentence,
			HowToUse: sentence, DecisionRole: "informs", OutOfScope: sentence},
		Warnings: v1alpha1.Warnings{KnownRisks: sentence, KnownBiases: sentence, ClinicalRiskLevel: "moderate"},
		Trust: v1alpha1.Trust{Outputs: sentence, ModelType: "logistic", InputData: sentence,
			DevelopmentData: sentence, BiasMitigation: sentence, Maintenance: sentence, DataTypes: sentence},
		Transparency:       v1alpha1.Transparency{Funding: sentence, Stakeholders: sentence, Consent: sentence},
		Development:        v1alpha1.Development{Criteria: sentence, DemographicInputs: sentence, Representativeness: sentence, Relevance: sentence, Fairness: sentence},
		ExternalValidation: v1alpha1.ExternalValidation{Data: absent, Party: absent, Representativeness: absent, Process: absent},
		Upkeep:             v1alpha1.Upkeep{Validity: sentence, LocalValidity: absent, Fairness: sentence, LocalFairness: absent, Updates: sentence, Corrections: sentence},
		KeyMetrics: v1alpha1.KeyMetrics{
			Usefulness: metric("Find what was missed, as ${performance.auroc} says of 2 stages.", "performance.auroc"),
			Fairness:   metric(sentence, "bias.auroc_gap"), Safety: metric(sentence, "performance.sensitivity"),
		},
		Resources: v1alpha1.Resources{Evaluations: absent, Publications: absent, Bibliography: "@article{street1993,\n title = {Nuclear feature extraction}}"},
	}
}

func TestACompleteCard(t *testing.T) {
	values := measure(t, complete())
	for name, want := range map[string]string{
		"card_fields_missing": "0", "card_numbers_typed": "0", "card_pointers": "4",
		"use_fields_missing": "0", "scope_fields_missing": "0", "unbounded_features": "0",
		"card_pointer keyMetrics.usefulness.goal[0]|performance.auroc|||":      "1",
		"card_pointer keyMetrics.usefulness.results[0]|performance.auroc|||":   "1",
		"card_pointer keyMetrics.fairness.results[0]|bias.auroc_gap|||":        "1",
		"card_pointer keyMetrics.safety.results[0]|performance.sensitivity|||": "1",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %q", name, values[name], want)
		}
	}
}

// A field says nothing in exactly one of three places, so that one omission is
// one finding.
func TestOneSilentFieldIsCountedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		silence func(*v1alpha1.CardSpec)
		counted string
		field   string
	}{
		"empty":                    {func(c *v1alpha1.CardSpec) { c.Summary = " " }, "card", "summary"},
		"no intended use":          {func(c *v1alpha1.CardSpec) { c.Uses.IntendedUse = "TBD" }, "use", "uses.intendedUse"},
		"no decision role":         {func(c *v1alpha1.CardSpec) { c.Uses.DecisionRole = "decides" }, "use", "uses.decisionRole"},
		"no limits":                {func(c *v1alpha1.CardSpec) { c.Uses.OutOfScope = "n/a" }, "scope", "uses.outOfScope"},
		"no risk level":            {func(c *v1alpha1.CardSpec) { c.Warnings.ClinicalRiskLevel = "none" }, "scope", "warnings.clinicalRiskLevel"},
		"not available, no reason": {func(c *v1alpha1.CardSpec) { c.ExternalValidation.Party = "not available: none" }, "card", "externalValidation.party"},
		"not available":            {func(c *v1alpha1.CardSpec) { c.ExternalValidation.Party = "Not available." }, "card", "externalValidation.party"},
		"no day":                   {func(c *v1alpha1.CardSpec) { c.ReleaseInfo.Date = "next spring" }, "card", "releaseInfo.date"},
		"no entry":                 {func(c *v1alpha1.CardSpec) { c.Resources.Bibliography = "Street 1993, in a journal" }, "card", "resources.bibliography"},
		"no evaluation":            {func(c *v1alpha1.CardSpec) { c.Resources.Evaluations = "" }, "card", "resources.evaluations"},
		"an optional placeholder":  {func(c *v1alpha1.CardSpec) { c.Trust.Security = "TODO" }, "card", "trust.security"},
		"no results":               {func(c *v1alpha1.CardSpec) { c.KeyMetrics.Fairness.Results = nil }, "card", "keyMetrics.fairness.results"},
		"no label":                 {func(c *v1alpha1.CardSpec) { c.KeyMetrics.Safety.Results[0].Label = "" }, "card", "keyMetrics.safety.results[0].label"},
		"an empty word":            {func(c *v1alpha1.CardSpec) { c.Keywords = []string{"cytology", "-"} }, "card", "keywords[1]"},
		"a key metric":             {func(c *v1alpha1.CardSpec) { c.KeyMetrics.Usefulness.Validation = "???" }, "card", "keyMetrics.usefulness.validation"},
	} {
		candidate := complete()
		test.silence(&candidate.Card.Spec)
		values := measure(t, candidate)
		for _, kind := range []string{"card", "use", "scope"} {
			want := "0"
			if kind == test.counted {
				want = "1"
			}
			if got := values[kind+"_fields_missing"]; got != want {
				t.Errorf("%s: %s_fields_missing is %q, want %q", name, kind, got, want)
			}
		}
		if values[test.counted+"_field_missing "+test.field] != "1" {
			t.Errorf("%s: %s is not named", name, test.field)
		}
	}
}

func TestPlaceholdersSayNothing(t *testing.T) {
	for _, text := range []string{"", "TBD", "n/a", "N.A.", "to be determined later", "???", "---", "todo", "short", "Lorem ipsum dolor sit amet", "not applicable", "NOT REPORTED."} {
		candidate := complete()
		candidate.Card.Spec.Uses.IntendedUse = text
		if values := measure(t, candidate); values["use_field_missing uses.intendedUse"] != "1" {
			t.Errorf("%q counts as an intended use: %v", text, values)
		}
	}
}

func TestANumberIsPointedToAndNotTyped(t *testing.T) {
	for text, want := range map[string]string{
		"The AUROC is ${performance.auroc}, of 229 patients in 2 hospitals (Street 1993).": "0",
		"The AUROC is 0.94 here.":             "1",
		"The AUROC is .94 here.":              "1",
		"The AUROC is 0,94 here.":             "1",
		"It finds 94 of 100, that is 94 %.":   "1",
		"It finds 94 percent of the cancers.": "1",
		"It finds 94 per cent, or 0.94 of all, and ${performance.sensitivity} here.": "2",
		"It finds ٩٤٫٥ of them, as we have counted.":                                 "1",
	} {
		candidate := complete()
		candidate.Card.Spec.KeyMetrics.Safety.Interpretation = text
		values := measure(t, candidate)
		if values["card_numbers_typed"] != want {
			t.Errorf("%q: %s numbers are typed, want %s", text, values["card_numbers_typed"], want)
		}
		if want != "0" && values["card_number_typed keyMetrics.safety.interpretation"] != want {
			t.Errorf("%q: the field is not named", text)
		}
	}
	candidate := complete()
	candidate.Card.Spec.Trust.DevelopmentData = "Of 569 aspirates 37.3 % were malignant, as the source says."
	if values := measure(t, candidate); values["card_numbers_typed"] != "0" {
		t.Error("a number about the data set counts as a result")
	}
}

func TestAReferenceThatIsNoneIsMeasured(t *testing.T) {
	candidate := complete()
	candidate.Card.Spec.Summary = "A model whose AUROC is ${performance.auroc and more of it."
	values := measure(t, candidate)
	if values["card_pointer summary[0]"] != "0" || values["card_pointers"] != "5" {
		t.Errorf("an open reference is measured as %v", values)
	}
}

func TestANumericFeatureNeedsBothLimits(t *testing.T) {
	low, high, none, endless := 18.0, 90.0, math.NaN(), math.Inf(1)
	for name, test := range map[string]struct {
		column v1alpha1.Column
		want   string
	}{
		"both":        {v1alpha1.Column{Type: "integer", Min: &low, Max: &high}, "0"},
		"no highest":  {v1alpha1.Column{Type: "number", Min: &low}, "1"},
		"no lowest":   {v1alpha1.Column{Type: "number", Max: &high}, "1"},
		"no number":   {v1alpha1.Column{Type: "number", Min: &none, Max: &high}, "1"},
		"endless":     {v1alpha1.Column{Type: "number", Min: &low, Max: &endless}, "1"},
		"upside down": {v1alpha1.Column{Type: "number", Min: &high, Max: &low}, "1"},
		"text":        {v1alpha1.Column{Type: "text"}, "0"},
	} {
		candidate := complete()
		test.column.Name = "age"
		candidate.Model.Spec.Features = append(candidate.Model.Spec.Features, "age")
		candidate.Dataset.Spec.Columns = append(candidate.Dataset.Spec.Columns, test.column, v1alpha1.Column{Name: "other", Type: "number"})
		values := measure(t, candidate)
		if values["unbounded_features"] != test.want || test.want == "1" && values["unbounded_feature age"] != "1" {
			t.Errorf("%s: %q features are unbounded", name, values["unbounded_features"])
		}
	}
}

// FuzzCard: whatever a card says is evidence that can be signed, and no number
// is added by a text that holds no digit.
func FuzzCard(f *testing.F) {
	f.Add("The AUROC is 0.94, or ${performance.auroc}")
	f.Add("${a|b}${")
	f.Add("not available: \x00")
	f.Fuzz(func(t *testing.T, text string) {
		candidate := complete()
		candidate.Card.Spec.Summary, candidate.Card.Spec.Keywords = text, []string{text}
		candidate.Card.Spec.KeyMetrics.Safety.Goal = text
		candidate.Card.Spec.KeyMetrics.Safety.Results[0].Measurement = text
		values := measure(t, candidate)
		if values["card_numbers_typed"] != "0" && !strings.ContainsAny(text, "0123456789") && len(text) == len([]rune(text)) {
			t.Errorf("%q holds a number", text)
		}
	})
}
