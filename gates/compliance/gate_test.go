package compliance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/compliance"
)

const sentence = "Supports the cytologist who reads a fine-needle aspirate."

func complete() gates.Candidate {
	card := v1alpha1.CardSpec{
		BasicInfo:   v1alpha1.BasicInfo{Developer: "Group A", Contact: "a@example.org"},
		ReleaseInfo: v1alpha1.ReleaseInfo{Stage: "research", Version: "1.0", RegulatoryApproval: sentence},
		Summary:     sentence,
		Uses: v1alpha1.Uses{IntendedUse: sentence, IntendedUsers: sentence, Population: sentence,
			HowToUse: sentence, DecisionRole: "informs", OutOfScope: sentence},
		Warnings: v1alpha1.Warnings{KnownRisks: sentence, KnownBiases: sentence, ClinicalRiskLevel: "moderate"},
		Trust: v1alpha1.Trust{Outputs: sentence, ModelType: "logistic", InputData: sentence,
			DevelopmentData: sentence, BiasMitigation: sentence, Maintenance: sentence},
		Transparency: v1alpha1.Transparency{Funding: sentence, Stakeholders: sentence, Consent: sentence},
	}
	return gates.Candidate{
		Card: v1alpha1.ModelCard{Spec: card},
		Dataset: v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{DataUse: v1alpha1.DataUse{
			Agreement: "DUA-1", Purposes: []string{"machine-learning model development"}, Expires: "2030-12-31",
			Deidentification: "safe_harbor",
			Ethics:           v1alpha1.Ethics{Board: "REC", Id: "7", Decision: "approved", Expires: "2030-12-31"},
		}}},
		Promotion: v1alpha1.Promotion{Spec: v1alpha1.PromotionSpec{Approvals: []v1alpha1.Approval{
			{Name: "B", Email: "b@example.org", Role: "statistician", Meaning: "review", Date: "2026-11-01"},
			{Name: "C", Email: "c@example.org", Role: "clinical", Meaning: "approval", Date: "2026-11-02"},
		}}},
		Commit: gates.Commit{Author: "a@example.org", Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
	}
}

func measure(t *testing.T, candidate gates.Candidate) map[string]string {
	t.Helper()
	measurements, err := compliance.Gate{}.Measure(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, m := range measurements {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		values[strings.TrimSuffix(m.Name+" "+m.Group, " ")] = string(m.Value)
	}
	return values
}

func TestCompletePaperwork(t *testing.T) {
	values := measure(t, complete())
	for name, want := range map[string]string{
		"card_fields_missing": "0", "approvals": "2", "approval_roles": "2", "approvals_invalid": "0",
		"data_use_agreement": "1", "data_use_purpose": "1", "deidentification": "1", "ethics_decision": "1",
		"data_use_expires": "1924991999", "ethics_expires": "1924991999",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %q", name, values[name], want)
		}
	}
}

func TestPlaceholdersSayNothing(t *testing.T) {
	for _, text := range []string{"", "TBD", "n/a", "N.A.", "to be determined later", "???", "---", "todo", "short", "Lorem ipsum dolor sit amet"} {
		candidate := complete()
		candidate.Card.Spec.Uses.IntendedUse = text
		values := measure(t, candidate)
		if text == "N.A." {
			text = "short" // too short for a sentence all the same
		}
		if values["card_fields_missing"] != "1" || values["card_field_missing uses.intendedUse"] != "1" {
			t.Errorf("%q counts as an intended use: %v", text, values)
		}
	}
	candidate := complete()
	candidate.Card.Spec.Uses.DecisionRole = "decides"
	if values := measure(t, candidate); values["card_field_missing uses.decisionRole"] != "1" {
		t.Error("a decision role that is none counts")
	}
}

func TestNobodyApprovesTheirOwnChange(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*v1alpha1.Approval)
		people  string
		invalid string
	}{
		"the author":         {func(a *v1alpha1.Approval) { a.Email = "A@example.org" }, "1", "1"},
		"the same twice":     {func(a *v1alpha1.Approval) { a.Email = "c@example.org" }, "1", "0"},
		"in the future":      {func(a *v1alpha1.Approval) { a.Date = "2027-01-01" }, "1", "1"},
		"without a date":     {func(a *v1alpha1.Approval) { a.Date = "" }, "1", "1"},
		"an unknown role":    {func(a *v1alpha1.Approval) { a.Role = "friend" }, "1", "1"},
		"the author as such": {func(a *v1alpha1.Approval) { a.Email, a.Meaning = "a@example.org", "author" }, "1", "0"},
		"as a co-author":     {func(a *v1alpha1.Approval) { a.Meaning = "author" }, "1", "0"},
		"without a person":   {func(a *v1alpha1.Approval) { a.Name = " " }, "1", "1"},
	} {
		candidate := complete()
		test.change(&candidate.Promotion.Spec.Approvals[0])
		values := measure(t, candidate)
		if values["approvals"] != test.people || values["approvals_invalid"] != test.invalid {
			t.Errorf("%s: %v", name, values)
		}
	}
}

func TestWithoutADateNothingIsMeasured(t *testing.T) {
	candidate := complete()
	candidate.Dataset.Spec.DataUse.Expires = "soon"
	if values := measure(t, candidate); values["data_use_expires"] != "" {
		t.Errorf("data_use_expires is %q", values["data_use_expires"])
	}
}
