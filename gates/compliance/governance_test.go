package compliance

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

const (
	said   = "The second cytologist looks at every case that the model marks."
	digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
)

func no() *bool { return new(bool) }

// governed is a candidate whose governance.yaml answers everything.
func governed() gates.Candidate {
	evidenced := []v1alpha1.Pointer{{Measurement: "performance.auroc", Min: number(0.8)}}
	var practices []v1alpha1.Practice
	for i := range principles {
		practices = append(practices, v1alpha1.Practice{Principle: i + 1, How: said, Evidence: evidenced})
	}
	return gates.Candidate{
		Model: v1alpha1.Model{Spec: v1alpha1.ModelSpec{Purpose: "detection", Dataset: "wdbc", Features: []string{"age", "texture"},
			Trainer: v1alpha1.Trainer{Kind: "logistic"}, DecisionThreshold: 0.2}},
		Dataset: v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{Digest: digest, Groups: []string{"sex"},
			Columns: []v1alpha1.Column{{Name: "age"}, {Name: "texture"}, {Name: "sex"}}}},
		Card: v1alpha1.ModelCard{Spec: v1alpha1.CardSpec{Uses: v1alpha1.Uses{DecisionRole: "informs"},
			ReleaseInfo: v1alpha1.ReleaseInfo{RegulatoryApproval: "not cleared or approved by any regulator"}}},
		Artifact:   evidence.Subject{Name: "breast", Digest: digest},
		ModelFiles: fstest.MapFS{"model.json": {Data: []byte("{}")}, "empty.json": {}},
		Governance: v1alpha1.Governance{Spec: v1alpha1.GovernanceSpec{
			Features:      []v1alpha1.Feature{{Name: "age", Reason: said, Protected: "age", Unmatched: said}, {Name: "texture", Reason: said}},
			Modifications: v1alpha1.Modifications{Reason: said},
			Practices:     practices,
			Risks:         []v1alpha1.Risk{{Hazard: said, Severity: "serious", Probability: "remote", Mitigation: said, Evidence: evidenced}},
			ResidualRisk:  v1alpha1.Acceptance{Reason: said, Name: "Quinn", Email: "quinn@example.org", Role: "quality", Date: "2026-11-01"},
			Data:          v1alpha1.DataGovernance{Origin: said, Preparation: said, BiasExamination: said, Gaps: said, SpecialCategory: said},
			TechnicalFile: v1alpha1.TechnicalFile{
				Documents:    []v1alpha1.Document{{Kind: "description", Title: "Description", Digest: digest}},
				Instructions: v1alpha1.Document{Title: "Instructions", Digest: digest},
				Logging:      said, Oversight: said, Stop: said, PostMarketPlan: said, Accuracy: evidenced,
			},
			Qualification: v1alpha1.Qualification{Version: "0123abcd", Digest: digest, Date: "2026-11-01"},
			Privacy:       v1alpha1.Privacy{ImpactAssessment: "DPIA-7", Basis: "j", SolelyAutomated: no()},
			Reporting:     v1alpha1.Reporting{Specification: "model.json"},
			Registration:  v1alpha1.Registration{Id: "NCT01234567", Version: "2.1"},
			Monitoring: v1alpha1.Monitoring{Metrics: evidenced, Every: "720h", Incidents: "incidents@example.org",
				SeriousDays: 15, CriticalDays: 2},
			Processors:   []v1alpha1.Processor{{Name: "Cloud", Agreement: "BAA-7", Expires: "2027-12-31"}},
			Software:     v1alpha1.Software{SafetyClass: "B", Components: digest},
			SubstanceUse: v1alpha1.SubstanceUse{Present: no()},
			ReviewBy:     "2027-06-30",
		}},
	}
}

// measured is what the gate says, by name and group.
func measured(t *testing.T, candidate gates.Candidate) map[string]string {
	t.Helper()
	found, err := Gate{}.Measure(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, m := range found {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		values[strings.TrimSuffix(m.Name+" "+m.Group, " ")] = string(m.Value)
	}
	return values
}

func expect(t *testing.T, values map[string]string, wanted map[string]string) {
	t.Helper()
	for name, want := range wanted {
		if got, there := values[name]; got != want || !there {
			t.Errorf("%s is %q (measured: %v), want %q", name, got, there, want)
		}
	}
}

func TestGovernanceThatAnswersEverything(t *testing.T) {
	expect(t, measured(t, governed()), map[string]string{
		"cleared": "0", "clearance_claimed": "0", "clearance_reason": "1",
		"practice_faults": "0", "practice_pointer principle 3[0]|performance.auroc||0.8|": "1",
		"risks": "1", "risk_fields_missing": "0", "risk_pointer risks[0].evidence[0]|performance.auroc||0.8|": "1",
		"acceptance_fields_missing": "0", "acceptance_role quality": "1", "acceptance_by_one_of_the_people": "1", "acceptance_date": "1793440800",
		"data_governance_fields_missing": "0", "technical_file_fields_missing": "0", "technical_document description": "1",
		"instructions_for_use": "1", "accuracy_pointers": "1", "accuracy_pointer technicalFile.accuracy[0]|performance.auroc||0.8|": "1",
		"lineage " + digest: "1", "qualification_version": "1", "qualification_report": "1", "qualification_date": "1793440800",
		"self_test_failures": "0", "impact_assessment": "1", "special_category_basis": "1", "solely_automated": "0", "person_decides": "1",
		"protected_features": "1", "protected_cohorts": "0", "protected_feature_faults": "0", "model_specification model.json": "2",
		"registration_given": "1", "registration_id": "1", "registration_version": "1", "registration_reason": "0",
		"monitoring_metrics": "1", "monitoring_metrics_unlimited": "0", "monitoring_interval": "2592000", "incident_route": "1",
		"serious_incident_days": "15", "critical_incident_days": "2", "monitoring_pointer monitoring.metrics[0]|performance.auroc||0.8|": "1",
		"processors_listed": "1", "processors": "1", "processor_fields_missing": "0", "processor_expires processors[0] Cloud": "1830297599",
		"safety_class B": "1", "reviewed_components " + digest: "1", "substance_use": "0", "substance_use_columns": "0", "review_by": "1814399999",
	})
}

// A field that is not there, or holds what people write to get past a form,
// answers nothing; and nothing else is said to be missing.
func TestGovernanceThatDoesNotAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*v1alpha1.GovernanceSpec)
		want  map[string]string
	}{
		"no reason why nothing was cleared": {func(g *v1alpha1.GovernanceSpec) { g.Modifications.Reason = "n/a" }, map[string]string{"clearance_reason": "0"}},
		"a principle forgotten":             {func(g *v1alpha1.GovernanceSpec) { g.Practices = g.Practices[1:] }, map[string]string{"practice_faults": "1", "practice_fault principle 1 is not there": "1"}},
		"a principle twice":                 {func(g *v1alpha1.GovernanceSpec) { g.Practices[0].Principle = 2 }, map[string]string{"practice_faults": "2", "practice_fault principle 2 is there more than once": "1"}},
		"a principle that says nothing":     {func(g *v1alpha1.GovernanceSpec) { g.Practices[4].How = "TBD" }, map[string]string{"practice_faults": "1", "practice_fault principle 5 does not say how it is kept": "1"}},
		"an eleventh principle": {func(g *v1alpha1.GovernanceSpec) {
			g.Practices = append(g.Practices, v1alpha1.Practice{Principle: 11, How: said})
		}, map[string]string{"practice_faults": "1", "practice_fault principle 11 is none": "1"}},
		"no risk":                          {func(g *v1alpha1.GovernanceSpec) { g.Risks = nil }, map[string]string{"risks": "0", "risk_fields_missing": "0"}},
		"a severity of no scale":           {func(g *v1alpha1.GovernanceSpec) { g.Risks[0].Severity = "Serious" }, map[string]string{"risk_fields_missing": "1", "risk_field_missing risks[0].severity": "1"}},
		"a probability of no scale":        {func(g *v1alpha1.GovernanceSpec) { g.Risks[0].Probability = "" }, map[string]string{"risk_field_missing risks[0].probability": "1"}},
		"a hazard without a name":          {func(g *v1alpha1.GovernanceSpec) { g.Risks[0].Hazard = "?" }, map[string]string{"risk_field_missing risks[0].hazard": "1"}},
		"a hazard that nothing mitigates":  {func(g *v1alpha1.GovernanceSpec) { g.Risks[0].Mitigation = "" }, map[string]string{"risk_field_missing risks[0].mitigation": "1"}},
		"a mitigation that is not shown":   {func(g *v1alpha1.GovernanceSpec) { g.Risks[0].Evidence = nil }, map[string]string{"risk_field_missing risks[0].evidence": "1"}},
		"a risk accepted by nobody":        {func(g *v1alpha1.GovernanceSpec) { g.ResidualRisk = v1alpha1.Acceptance{} }, map[string]string{"acceptance_fields_missing": "3", "acceptance_role": "0", "acceptance_date": ""}},
		"no origin of the data":            {func(g *v1alpha1.GovernanceSpec) { g.Data.Origin = "unknown" }, map[string]string{"data_governance_fields_missing": "1", "data_governance_field_missing data.origin": "1"}},
		"no stop":                          {func(g *v1alpha1.GovernanceSpec) { g.TechnicalFile.Stop = "" }, map[string]string{"technical_file_fields_missing": "1", "technical_file_field_missing technicalFile.stop": "1"}},
		"a document by its name alone":     {func(g *v1alpha1.GovernanceSpec) { g.TechnicalFile.Documents[0].Digest = "v2" }, map[string]string{"technical_document description": "0"}},
		"a document without a title":       {func(g *v1alpha1.GovernanceSpec) { g.TechnicalFile.Documents[0].Title = "" }, map[string]string{"technical_document description": "0"}},
		"no instructions":                  {func(g *v1alpha1.GovernanceSpec) { g.TechnicalFile.Instructions.Digest = "" }, map[string]string{"instructions_for_use": "0"}},
		"no accuracy":                      {func(g *v1alpha1.GovernanceSpec) { g.TechnicalFile.Accuracy = nil }, map[string]string{"accuracy_pointers": "0"}},
		"gates that were never qualified":  {func(g *v1alpha1.GovernanceSpec) { g.Qualification = v1alpha1.Qualification{} }, map[string]string{"qualification_version": "0", "qualification_report": "0", "qualification_date": ""}},
		"a basis of another article":       {func(g *v1alpha1.GovernanceSpec) { g.Privacy.Basis = "6(1)(f)" }, map[string]string{"special_category_basis": "0"}},
		"no impact assessment":             {func(g *v1alpha1.GovernanceSpec) { g.Privacy.ImpactAssessment = "none" }, map[string]string{"impact_assessment": "0"}},
		"nobody has said who decides":      {func(g *v1alpha1.GovernanceSpec) { g.Privacy.SolelyAutomated = nil }, map[string]string{"solely_automated": ""}},
		"a file that the release lacks":    {func(g *v1alpha1.GovernanceSpec) { g.Reporting.Specification = "weights.bin" }, map[string]string{"model_specification weights.bin": "0"}},
		"a file that is empty":             {func(g *v1alpha1.GovernanceSpec) { g.Reporting.Specification = "empty.json" }, map[string]string{"model_specification empty.json": "0"}},
		"a folder":                         {func(g *v1alpha1.GovernanceSpec) { g.Reporting.Specification = "." }, map[string]string{"model_specification .": "0"}},
		"a file outside":                   {func(g *v1alpha1.GovernanceSpec) { g.Reporting.Specification = "../model.json" }, map[string]string{"model_specification ../model.json": "0"}},
		"a registry of no name":            {func(g *v1alpha1.GovernanceSpec) { g.Registration.Id = "DRKS00001234" }, map[string]string{"registration_given": "1", "registration_id": "0"}},
		"a study that is not registered":   {func(g *v1alpha1.GovernanceSpec) { g.Registration = v1alpha1.Registration{Reason: said} }, map[string]string{"registration_given": "0", "registration_reason": "1"}},
		"an alarm without a limit":         {func(g *v1alpha1.GovernanceSpec) { g.Monitoring.Metrics[0].Min = nil }, map[string]string{"monitoring_metrics_unlimited": "1"}},
		"monitoring now and then":          {func(g *v1alpha1.GovernanceSpec) { g.Monitoring.Every = "monthly" }, map[string]string{"monitoring_interval": ""}},
		"an incident route that is a desk": {func(g *v1alpha1.GovernanceSpec) { g.Monitoring.Incidents = "the front desk" }, map[string]string{"incident_route": "0"}},
		"processors left out":              {func(g *v1alpha1.GovernanceSpec) { g.Processors = nil }, map[string]string{"processors_listed": "0", "processors": "0"}},
		"no processors":                    {func(g *v1alpha1.GovernanceSpec) { g.Processors = []v1alpha1.Processor{} }, map[string]string{"processors_listed": "1", "processors": "0"}},
		"a processor without an agreement": {func(g *v1alpha1.GovernanceSpec) { g.Processors[0].Agreement = "" }, map[string]string{"processor_fields_missing": "1", "processor_field_missing processors[0].agreement": "1"}},
		"an agreement without an end":      {func(g *v1alpha1.GovernanceSpec) { g.Processors[0].Expires = "" }, map[string]string{"processor_expires processors[0] Cloud": ""}},
		"a class of no standard":           {func(g *v1alpha1.GovernanceSpec) { g.Software.SafetyClass = "IIa" }, map[string]string{"safety_class IIa": "0"}},
		"components by their name alone":   {func(g *v1alpha1.GovernanceSpec) { g.Software.Components = "sbom.json" }, map[string]string{"reviewed_components sbom.json": "0"}},
		"nobody has said of substances":    {func(g *v1alpha1.GovernanceSpec) { g.SubstanceUse.Present = nil }, map[string]string{"substance_use": ""}},
		"no review":                        {func(g *v1alpha1.GovernanceSpec) { g.ReviewBy = "next year" }, map[string]string{"review_by": ""}},
		"age without cohorts":              {func(g *v1alpha1.GovernanceSpec) { g.Features[0].Unmatched = "" }, map[string]string{"protected_feature_faults": "1", "protected_feature_fault age: it names no cohorts, and not why": "1"}},
		"age not declared":                 {func(g *v1alpha1.GovernanceSpec) { g.Features[0].Protected = "" }, map[string]string{"protected_features": "0", "protected_feature_fault age: is age, and not declared": "1"}},
		"cohorts that are none":            {func(g *v1alpha1.GovernanceSpec) { g.Features[0].Cohorts = "decade" }, map[string]string{"protected_feature_fault age: decade is no group column of the data set": "1"}},
		"sex told apart":                   {func(g *v1alpha1.GovernanceSpec) { g.Features[0].Protected, g.Features[0].Cohorts = "sex", "sex" }, map[string]string{"protected_feature_faults": "0", "protected_cohorts": "1", "protected_cohort sex": "1"}},
		"two that are told apart by one column": {func(g *v1alpha1.GovernanceSpec) {
			for i := range g.Features {
				g.Features[i].Protected, g.Features[i].Cohorts = "sex", "sex"
			}
		}, map[string]string{"protected_features": "2", "protected_feature_faults": "0", "protected_cohorts": "1", "protected_cohort sex": "1"}},
		"sex, and why it is not told apart": {func(g *v1alpha1.GovernanceSpec) { g.Features[0].Protected = "sex" },
			map[string]string{"protected_feature_fault age: the data set has a group column for it": "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			candidate := governed()
			test.spoil(&candidate.Governance.Spec)
			expect(t, measured(t, candidate), test.want)
		})
	}
}

func TestNothingIsMeasuredOfARepositoryWithoutGovernance(t *testing.T) {
	expect(t, measured(t, gates.Candidate{}), map[string]string{
		"cleared": "0", "clearance_reason": "0", "practice_faults": "10", "risks": "0", "acceptance_fields_missing": "3", "acceptance_date": "",
		"data_governance_fields_missing": "5", "technical_file_fields_missing": "4", "instructions_for_use": "0", "lineage": "0",
		"qualification_report": "0", "impact_assessment": "0", "solely_automated": "", "model_specification": "0", "registration_reason": "0",
		"monitoring_interval": "", "incident_route": "0", "processors_listed": "0", "safety_class": "0", "reviewed_components": "0",
		"substance_use": "", "review_by": "",
	})
}

// The person who accepts a risk is one whom the platform knows, in a role that
// they have there.
func TestWhoAcceptsARisk(t *testing.T) {
	quinn := v1alpha1.Person{Name: "Quinn", Email: "Quinn@example.org", Roles: []string{"quality"}}
	for name, test := range map[string]struct {
		people []v1alpha1.Person
		want   string
	}{
		"nobody is known":     {nil, "1"},
		"one of the people":   {[]v1alpha1.Person{{Email: "x@example.org"}, quinn}, "1"},
		"somebody else":       {[]v1alpha1.Person{{Email: "x@example.org", Roles: quinn.Roles}}, "0"},
		"without such a role": {[]v1alpha1.Person{{Email: quinn.Email, Roles: []string{"clinical"}}}, "0"},
	} {
		candidate := governed()
		candidate.Platform.Spec.People = test.people
		if got := measured(t, candidate)["acceptance_by_one_of_the_people"]; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
