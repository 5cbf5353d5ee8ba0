package compliance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

const because = "what the tumour does to it is known"

// reasoned is a model of two inputs, with reasons.
func reasoned() gates.Candidate {
	return gates.Candidate{
		Model:      v1alpha1.Model{Spec: v1alpha1.ModelSpec{Features: []string{"age", "cea"}}},
		Dataset:    v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{{Name: "age"}, {Name: "cea"}, {Name: "race"}}}},
		Governance: v1alpha1.Governance{Spec: v1alpha1.GovernanceSpec{Features: []v1alpha1.Feature{{Name: "age", Reason: because}, {Name: "cea", Reason: because}}}},
	}
}

func TestEveryInputHasOneReason(t *testing.T) {
	for name, test := range map[string]struct {
		change                            func(*gates.Candidate)
		unjustified, repeated, undeclared string
	}{
		"a reason for each":       {func(*gates.Candidate) {}, "0", "0", "0"},
		"one without":             {func(c *gates.Candidate) { c.Governance.Spec.Features = c.Governance.Spec.Features[:1] }, "1", "0", "0"},
		"a reason that says none": {func(c *gates.Candidate) { c.Governance.Spec.Features[0].Reason = "needed" }, "1", "0", "0"},
		"a placeholder":           {func(c *gates.Candidate) { c.Governance.Spec.Features[0].Reason = "to be determined later" }, "1", "0", "0"},
		"spaces":                  {func(c *gates.Candidate) { c.Governance.Spec.Features[0].Reason = strings.Repeat(" ", 40) + "x" }, "1", "0", "0"},
		"a reason for what is not used any more": {func(c *gates.Candidate) {
			c.Governance.Spec.Features = append(c.Governance.Spec.Features, v1alpha1.Feature{Name: "race", Reason: because})
		}, "0", "0", "0"},
		"two reasons for one": {func(c *gates.Candidate) {
			c.Governance.Spec.Features = append(c.Governance.Spec.Features, v1alpha1.Feature{Name: "age", Reason: because})
		}, "0", "1", "0"},
		"an input that was not agreed": {func(c *gates.Candidate) { c.Dataset.Spec.Columns = c.Dataset.Spec.Columns[1:] }, "0", "0", "1"},
		"another input":                {func(c *gates.Candidate) { c.Model.Spec.Features[1] = "race" }, "1", "0", "0"},
	} {
		candidate := reasoned()
		test.change(&candidate)
		values := told(t, measureFeatures(candidate))
		if values["features_unjustified"] != test.unjustified || values["features_repeated"] != test.repeated || values["features_undeclared"] != test.undeclared || values["features"] != "2" {
			t.Errorf("%s: %v", name, values)
		}
	}
}

func TestOfManyThatLackAReasonAllAreCountedAndSomeNamed(t *testing.T) {
	var candidate gates.Candidate
	for i := range 3 * mostListed {
		candidate.Model.Spec.Features = append(candidate.Model.Spec.Features, fmt.Sprintf("gene%03d%s", i, strings.Repeat("\xff", 600)))
	}
	found := measureFeatures(candidate)
	values := told(t, found)
	if values["features_unjustified"] != fmt.Sprint(3*mostListed) || len(found) != 4+2*mostListed {
		t.Errorf("%s in %d measurements", values["features_unjustified"], len(found))
	}
}

func TestRetentionNamesEachLawOnce(t *testing.T) {
	candidate := gates.Candidate{Governance: v1alpha1.Governance{Spec: v1alpha1.GovernanceSpec{Retention: v1alpha1.Retention{
		Years: 10, Laws: []string{"hipaa", "ai_act", "hipaa"}, Immutable: true}}}}
	expect(t, told(t, measureRetention(candidate)), map[string]string{
		"retention_years": "10", "retention_immutable": "1", "retention_laws": "2", "retention_law ai_act": "1", "retention_law hipaa": "1"})
	expect(t, told(t, measureRetention(gates.Candidate{})), map[string]string{"retention_years": "0", "retention_immutable": "0", "retention_laws": "0"})
}

func TestAChangeOnRecord(t *testing.T) {
	whole := v1alpha1.ChangeRecord{Record: "CHG-7", RiskClass: "low", Tests: because, Rollback: because}
	for name, test := range map[string]struct {
		change func(*v1alpha1.ChangeRecord)
		want   map[string]string
	}{
		"planned": {func(*v1alpha1.ChangeRecord) {}, map[string]string{
			"change_record": "1", "change_risk_class": "1", "change_tests": "1", "change_rollback": "1", "emergency": "0"}},
		"without a record":        {func(c *v1alpha1.ChangeRecord) { c.Record = "-" }, map[string]string{"change_record": "0"}},
		"of a class nobody knows": {func(c *v1alpha1.ChangeRecord) { c.RiskClass = "tiny" }, map[string]string{"change_risk_class": "0"}},
		"untested":                {func(c *v1alpha1.ChangeRecord) { c.Tests = "yes" }, map[string]string{"change_tests": "0"}},
		"without a way back":      {func(c *v1alpha1.ChangeRecord) { c.Rollback = "" }, map[string]string{"change_rollback": "0"}},
		"an emergency": {func(c *v1alpha1.ChangeRecord) { c.Emergency.Declared = "2026-11-23" },
			map[string]string{"emergency": "1", "emergency_declared": "1795392000", "emergency_review": "0"}},
		"an emergency, reviewed": {func(c *v1alpha1.ChangeRecord) {
			c.Emergency = v1alpha1.Emergency{Declared: "2026-11-22", Reviewed: "2026-11-23"}
		}, map[string]string{"emergency": "1", "emergency_declared": "1795305600", "emergency_review": "1", "emergency_reviewed": "1795392000"}},
		"a review of nothing": {func(c *v1alpha1.ChangeRecord) { c.Emergency.Reviewed = "2026-11-23" },
			map[string]string{"emergency": "1", "emergency_declared": ""}},
		"days that are none": {func(c *v1alpha1.ChangeRecord) { c.Emergency = v1alpha1.Emergency{Declared: "today", Reviewed: "soon"} },
			map[string]string{"emergency": "1", "emergency_declared": "", "emergency_review": "1", "emergency_reviewed": ""}},
	} {
		record := whole
		test.change(&record)
		values := told(t, measureChange(gates.Candidate{Governance: v1alpha1.Governance{Spec: v1alpha1.GovernanceSpec{Change: record}}}))
		for measurement, want := range test.want {
			if got, there := values[measurement]; got != want || !there {
				t.Errorf("%s: %s is %q, want %q", name, measurement, got, want)
			}
		}
	}
}
