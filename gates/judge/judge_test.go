package judge_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

var (
	now     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	release = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("model"))}
)

func newJudge(t testing.TB) *judge.Judge {
	t.Helper()
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return court
}

func number(name string, value float64) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Number(value), N: 100}
}

func interval(name string, low, value, high float64) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Number(value), Low: evidence.Number(low), High: evidence.Number(high), N: 100}
}

func about(group string, m evidence.Measurement) evidence.Measurement {
	m.Group = group
	return m
}

// pointing is a pointer of that name and place, at the AUROC.
func pointing(name, place string) evidence.Measurement {
	return about(place+"|performance.auroc|||", number(name, 1))
}

// bill is the bill of materials of the serving image, which was reviewed.
var bill = evidence.Sum([]byte("bill"))

// passing is the evidence of a model that meets every rule of development.
func passing() map[string][]evidence.Measurement {
	year, yesterday := float64(now.AddDate(1, 0, 0).Unix()), float64(now.AddDate(0, 0, -1).Unix())
	return map[string][]evidence.Measurement{
		"dataset": {
			number("columns_missing", 0), number("columns_unexpected", 0), about("radius", number("type_violations", 0)), number("duplicate_rows", 0),
			number("duplicate_keys", 0), number("patient_overlap", 0), number("row_overlap", 0),
			number("phi_columns", 0), number("events", 120), number("non_events", 150),
			number("label_missing", 0), number("label_invalid", 0), number("cells_under_11", 0),
			about("radius", number("leakage_auroc", 0.93)), about("radius", number("missing_fraction", 0)),
			about("radius", number("ks", 0.05)), about("radius", number("ks_p_holm", 0.8)),
			about("radius", number("drift_power", 0.9)), interval("domain_classifier_auroc", 0.45, 0.5, 0.55), interval("prevalence_difference", -0.05, 0, 0.05),
			number("conflicting_labels", 0), number("near_duplicate_rows", 0), number("missing_differences", 0), number("soft_limits_declared", 0),
			number("units_compared", 1), about("radius", number("median_ratio", 1)),
			number("number_features", 1), about("radius", interval("outlier_fraction", 0, 0, 0.02)),
			number("constant_features", 0), number("collinear_features", 0), number("development_n_required", 90), number("cohorts_absent", 0),
			number("temporal_split", 0), number("index_date_declared", 0), number("external_split", 0), number("horizon_declared", 0),
			number("adjudication_stated", 1), number("raters", 0), number("uniform_cells", 0),
			number("extracted_declared", 1), number("extracted", float64(now.AddDate(-1, 0, 0).Unix())),
		},
		"performance": {
			interval("auroc", 0.95, 0.98, 0.99), interval("sensitivity", 0.9, 0.95, 0.98),
			interval("calibration_slope", 0.8, 1, 1.2), interval("scaled_brier", 0.5, 0.6, 0.7), number("champions", 0), interval("optimism", -0.01, 0.01, 0.03), number("unstable_scores", 0),
			interval("calibration_in_the_large", -0.2, 0, 0.2), interval("oe_ratio", 0.8, 1, 1.2), interval("net_benefit_gain", 0.1, 0.2, 0.3),
			number("decision_thresholds", 0), number("requests", 500), number("inconsistent_scores", 0), number("invalid_answers", 0),
			number("garbage_input_answered", 0),
			interval("load_seconds", 0, 0.1, 0.1), interval("predict_seconds_p95", 0, 0.1, 0.1),
		},
		"bias": {
			number("group_columns", 1),
			about("sex", interval("equal_opportunity_difference", 0, 0.02, 0.08)),
			about("sex", interval("false_positive_rate_difference", 0, 0.02, 0.08)),
			about("sex", interval("auroc_gap", 0, 0.01, 0.03)),
			about("sex", interval("worst_sensitivity", 0.9, 0.93, 0.97)), number("champions", 0),
			about("sex", interval("lowest_oe_ratio", 0.8, 0.9, 1)), about("sex", interval("highest_oe_ratio", 1, 1.1, 1.2)),
			about("sex", interval("lowest_calibration_slope", 0.8, 0.9, 1)), about("sex", interval("highest_calibration_slope", 1, 1.1, 1.2)),
			about("sex", interval("equalized_odds_difference", 0, 0.02, 0.08)), about("sex", interval("demographic_parity_ratio", 0.85, 0.9, 1)),
			about("sex", interval("ppv_ratio", 0.85, 0.9, 1)), about("sex", interval("npv_ratio", 0.85, 0.9, 1)),
			about("sex", number("fewest_positives", 120)),
		},
		"compliance": {
			number("card_fields_missing", 0), number("card_numbers_typed", 0), number("card_pointers", 1),
			about("keyMetrics.usefulness.results[0]|performance.auroc|||", number("card_pointer", 1)),
			number("use_fields_missing", 0), number("scope_fields_missing", 0), number("unbounded_features", 0),
			number("approvals", 3), number("approval_roles", 3),
			number("signatures_incomplete", 0), number("approvals_void", 0), number("signers_unfit", 0), number("signatures_withdrawn", 0),
			number("data_use_agreement", 1), number("data_use_purpose", 1), number("data_use_covers", 1), number("data_use_expires", year),
			number("ethics_decision", 1), number("ethics_covers", 1), number("ethics_approved", yesterday), number("ethics_expires", year),
			about("safe_harbor", number("deidentification", 1)), about(string(data), number("data", 1)),
			number("features", 1), number("features_unjustified", 0), number("features_repeated", 0), number("features_undeclared", 0),
			number("retention_years", 6), number("retention_immutable", 1), number("retention_laws", 1), about("hipaa", number("retention_law", 1)),
			number("audit_log_key", 1), number("audit_log_written", 1), number("audit_log_signed", 1),
			number("change_record", 1), number("change_risk_class", 1), number("change_tests", 1), number("change_rollback", 1), number("emergency", 0),
			number("excess_rights", 0), number("access_reviewer", 1), number("access_reviewed", yesterday),
			number("encryption_key", 1), number("encryption_tls", 1.2), number("registry_protected", 1),
			number("builders_allowed", 1), about(builder, number("builder_allowed", 1)),
			about("author@example.org", number("change_author", 1)),
			number("cleared", 0), number("clearance_reason", 1), number("clearance_claimed", 0),
			number("practice_faults", 0), number("practice_pointers", 5), pointing("practice_pointer", "principle 2[0]"), pointing("practice_pointer", "principle 3[0]"),
			pointing("practice_pointer", "principle 4[0]"), pointing("practice_pointer", "principle 5[0]"), pointing("practice_pointer", "principle 8[0]"),
			number("risks", 1), number("risk_fields_missing", 0), number("risk_pointers", 1), pointing("risk_pointer", "risks[0].evidence[0]"),
			number("acceptance_fields_missing", 0), about("quality", number("acceptance_role", 1)),
			number("acceptance_by_one_of_the_people", 1), number("acceptance_date", yesterday), number("data_governance_fields_missing", 0),
			number("technical_file_fields_missing", 0), number("instructions_for_use", 1), number("accuracy_pointers", 1), pointing("accuracy_pointer", "technicalFile.accuracy[0]"),
			about("description", number("technical_document", 1)), about("development", number("technical_document", 1)),
			about("monitoring", number("technical_document", 1)), about("risk_management", number("technical_document", 1)),
			about("changes", number("technical_document", 1)), about("standards", number("technical_document", 1)),
			about("declaration", number("technical_document", 1)), about("post_market", number("technical_document", 1)),
			about(string(release.Digest), number("lineage", 1)),
			number("qualification_version", 1), number("qualification_report", 1), number("qualification_date", yesterday),
			number("self_test_vectors", 20), number("self_test_failures", 0),
			number("impact_assessment", 1), number("special_category_basis", 1), number("solely_automated", 0),
			number("protected_feature_faults", 0), number("protected_cohorts", 1), about("sex", number("protected_cohort", 1)),
			about("model.json", number("model_specification", 812)), number("registration_given", 0), number("registration_reason", 1),
			number("monitoring_metrics", 1), number("monitoring_metrics_unlimited", 0), pointing("monitoring_pointer", "monitoring.metrics[0]"),
			number("monitoring_interval", 2592000), number("incident_route", 1), number("serious_incident_days", 15), number("critical_incident_days", 2),
			number("processors_listed", 1), number("processor_fields_missing", 0), number("processors", 0),
			about("B", number("safety_class", 1)), about(string(bill), number("reviewed_components", 1)),
			number("substance_use", 0), number("substance_use_columns", 0), number("review_by", year),
		},
		"security": {
			about(string(bill), number("sbom", 40)),
			number("packages_scanned", 40), number("operating_system_supported", 1), number("manifests_scanned", 5), number("secrets", 0), number("code_carrying_files", 0),
			number("model_files", 1), about("json", number("model_format", 1)), number("model_file_findings", 0),
			about("critical", number("vulnerabilities", 0)), about("high", number("vulnerabilities", 0)),
			about("critical", number("misconfigurations", 0)), about("high", number("misconfigurations", 0)),
			number("vulnerability_database_updated", float64(now.Add(-time.Hour).Unix())),
			{Name: "training_images", Value: "0", Method: "the logistic trainer is a part of this program"}, number("exploitability_documents", 0),
			number("secrets_in_change", 0), number("change_files_unread", 0), number("sources_not_examined", 0), number("scanners", 0),
			about("dockerfile critical", number("source_misconfigurations", 0)), about("dockerfile high", number("source_misconfigurations", 0)),
			about("terraform critical", number("source_misconfigurations", 0)), about("terraform high", number("source_misconfigurations", 0)),
			number("packages_with_licence", 40), about("forbidden", number("licences", 0)), about("unknown", number("licences", 0)),
		},
	}
}

// What the model was trained on, by whom, and what each gate looked at.
const builder = "https://example.org/builder"

var (
	data     = evidence.Sum([]byte("data"))
	rows     = []evidence.Subject{{Name: "train", Digest: evidence.Sum([]byte("train"))}, {Name: "holdout", Digest: evidence.Sum([]byte("holdout"))}}
	contract = evidence.Subject{Name: "contract", Digest: evidence.Sum([]byte("contract"))}
	inputs   = map[string][]evidence.Subject{
		"dataset": append([]evidence.Subject{contract}, rows...), "performance": rows, "bias": rows, "compliance": {contract},
	}
)

func trained() evidence.Provenance {
	return evidence.Provenance{
		BuildDefinition: evidence.BuildDefinition{ResolvedDependencies: []evidence.ResourceDescriptor{
			{Name: "data", Digest: map[string]string{"sha256": data.Hex()}},
			{Name: "train", Digest: map[string]string{"sha256": rows[0].Digest.Hex()}},
		}},
		RunDetails: evidence.RunDetails{Builder: evidence.Builder{ID: builder}},
	}
}

func statements(measured map[string][]evidence.Measurement) []evidence.Statement {
	facts := evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"}
	all := []evidence.Statement{evidence.Trained(release, trained())}
	for _, gate := range gates.Names() {
		if measurements, spoke := measured[gate]; spoke {
			all = append(all, evidence.Measured(release, evidence.Measurements{
				Gate: gate, Environment: "development", Model: facts, Inputs: inputs[gate], Measurements: measurements,
			}))
		}
	}
	return all
}

func ask(measured map[string][]evidence.Measurement) judge.Question {
	return judge.Question{
		Environment: "development", Profile: "development", Time: now,
		Model: &judge.Model{Release: release, Evidence: evidence.Opened{Statements: statements(measured)}},
	}
}

func answer(t *testing.T, question judge.Question) gates.Verdict {
	t.Helper()
	verdict, err := newJudge(t).Judge(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

func TestAModelThatMeetsEveryRuleIsAllowed(t *testing.T) {
	verdict := answer(t, ask(passing()))
	if !verdict.Allowed() || len(verdict.Findings) != 0 {
		t.Fatalf("denied: %+v", verdict.Findings)
	}
	if len(verdict.Evaluated) < 25 {
		t.Errorf("only %d rules took part", len(verdict.Evaluated))
	}
}

// Each rule must depend on the evidence it speaks of: taking one measurement
// away, or making its text garbage, must never be allowed.
func TestMissingOrGarbledEvidenceIsNeverAllowed(t *testing.T) {
	court := newJudge(t)
	optional := map[string]bool{"ks": true, "leakage_auroc": true, "missing_fraction": true, "type_violations": true, "label_missing": true,
		"label_invalid": true, "equal_opportunity_difference": true, "false_positive_rate_difference": true, "auroc_gap": true}
	for _, gate := range gates.Names() {
		for i, taken := range passing()[gate] {
			for name, spoil := range map[string]func(evidence.Measurement) []evidence.Measurement{
				"taken away": func(evidence.Measurement) []evidence.Measurement { return nil },
				"twice":      func(m evidence.Measurement) []evidence.Measurement { return []evidence.Measurement{m, m} },
				"garbage": func(m evidence.Measurement) []evidence.Measurement {
					m.Value, m.Low, m.High = "garbage", "null", "1e9"
					return []evidence.Measurement{m}
				},
			} {
				if optional[taken.Name] && name != "garbage" {
					continue // one per column or cohort: fewer of them is fewer columns
				}
				if taken.Name == "ks_p_holm" {
					continue // read only where the distance is large
				}
				measured := passing()
				measured[gate] = append(append(append([]evidence.Measurement{}, measured[gate][:i]...), spoil(taken)...), measured[gate][i+1:]...)
				verdict, err := court.Judge(t.Context(), ask(measured))
				if err != nil {
					t.Fatal(err)
				}
				if verdict.Allowed() {
					t.Errorf("%s %s %s: allowed", gate, taken.Name, name)
				}
			}
		}
	}
}

func TestInconclusiveWarnsOnlyWhereNoPatientIsServed(t *testing.T) {
	measured := passing()
	measured["bias"][1] = about("sex", interval("equal_opportunity_difference", 0, 0.05, 0.3))
	question := ask(measured)
	verdict := answer(t, question)
	if !verdict.Allowed() || len(verdict.Findings) != 1 || verdict.Findings[0].State != gates.Inconclusive {
		t.Errorf("development: %+v", verdict.Findings)
	}
	if !strings.Contains(verdict.Findings[0].Message, "as large as 0.3 between cohorts of sex, limit 0.1") {
		t.Errorf("the message does not give the number: %s", verdict.Findings[0].Message)
	}
	question.Profile = "staging"
	verdict = answer(t, question)
	if verdict.Allowed() {
		t.Error("staging allowed what is not settled")
	}
}

func TestOutsideTheLimitFailsEverywhere(t *testing.T) {
	measured := passing()
	measured["bias"][1] = about("sex", interval("equal_opportunity_difference", 0.2, 0.4, 0.6))
	verdict := answer(t, ask(measured))
	if verdict.Allowed() || verdict.Findings[0].Rule != "model.bias.equal_opportunity" || verdict.Findings[0].State != gates.Failed {
		t.Errorf("%+v", verdict.Findings)
	}
}

func TestDoubtDenies(t *testing.T) {
	for name, spoil := range map[string]func(*judge.Question){
		"unknown profile":              func(q *judge.Question) { q.Profile = "productoin" },
		"evidence of another place":    func(q *judge.Question) { q.Environment = "staging" },
		"no evidence":                  func(q *judge.Question) { q.Model.Evidence.Statements = nil },
		"an envelope that is not true": func(q *judge.Question) { q.Model.Evidence.Problems = []string{"envelope x: no trusted signature"} },
		"another model's evidence":     func(q *judge.Question) { q.Model.Release.Digest = evidence.Sum([]byte("another")) },
		"facts that disagree":          func(q *judge.Question) { q.Model.Evidence.Statements[2].Measurements.Model.Task = "survival" },
		"a year later":                 func(q *judge.Question) { q.Time = now.AddDate(2, 0, 0) },
	} {
		question := ask(passing())
		spoil(&question)
		if verdict := answer(t, question); verdict.Allowed() {
			t.Errorf("%s: allowed", name)
		}
	}
	if (gates.Verdict{}).Allowed() {
		t.Error("the zero verdict allows")
	}
}

func TestTheSameQuestionGivesTheSameBytes(t *testing.T) {
	measured := passing()
	measured["security"] = measured["security"][1:]
	measured["dataset"][5] = number("row_overlap", 3)
	var first []byte
	for range 5 {
		text, err := json.Marshal(answer(t, ask(measured)))
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && string(first) != string(text) {
			t.Fatalf("%s\n%s", first, text)
		}
		first = text
	}
}

func TestWorkloads(t *testing.T) {
	digest := string(release.Digest)
	image := string(evidence.Sum([]byte("image")))
	good := judge.Workload{Operation: "create", Kind: "Pod", Namespace: "models", Name: "a",
		Images: []judge.Image{{Container: "predictor", Reference: "r/p@" + image, Digest: image, Clear: true}},
		Models: []judge.ModelUse{{Reference: "r/models/m@" + digest, Where: "spec.volumes[0].image", How: "image_volume",
			Name: "m", Digest: digest, Released: true, Admitted: true, Image: image, Clear: true, Thawed: true}},
	}
	for name, test := range map[string]struct {
		change func(*judge.Workload)
		rule   string
	}{
		"by digest, promoted, scanned": {func(*judge.Workload) {}, ""},
		"no model at all":              {func(w *judge.Workload) { w.Models = nil }, ""},
		"a tag":                        {func(w *judge.Workload) { w.Models[0].Digest = "" }, "workload.pinned"},
		"never promoted":               {func(w *judge.Workload) { w.Models[0].Released = false }, "workload.released"},
		"denied evidence":              {func(w *judge.Workload) { w.Models[0].Admitted = false }, "workload.admissible"},
		"by environment variable":      {func(w *judge.Workload) { w.Models[0].How = "environment" }, "workload.mounted"},
		"an image nobody scanned":      {func(w *judge.Workload) { w.Images[0].Digest = digest }, "workload.serving_image"},
		"storage nobody judged":        {func(w *judge.Workload) { w.Volumes = []judge.Volume{{Kind: "nfs"}} }, "workload.storage"},
		"storage the operator named":   {func(w *judge.Workload) { w.Volumes = []judge.Volume{{Kind: "nfs", Allowed: true}} }, ""},
		"a model under quarantine":     {func(w *judge.Workload) { w.Models[0].Clear = false }, "workload.quarantine"},
		"an image under quarantine":    {func(w *judge.Workload) { w.Images[0].Clear = false }, "workload.quarantine"},
		"a model that a freeze meets":  {func(w *judge.Workload) { w.Models[0].Thawed = false }, "workload.freeze"},
		"an exec":                      {func(w *judge.Workload) { w.Operation = "connect" }, "workload.sealed"},
		"nobody knows what":            {func(w *judge.Workload) { w.Operation = "" }, "workload.sealed"},
	} {
		workload := good
		workload.Models = append([]judge.ModelUse{}, good.Models...)
		workload.Images = append([]judge.Image{}, good.Images...)
		test.change(&workload)
		verdict := answer(t, judge.Question{Environment: "development", Profile: "development", Time: now, Workload: &workload})
		if test.rule == "" {
			if !verdict.Allowed() {
				t.Errorf("%s: %+v", name, verdict.Findings)
			}
			continue
		}
		if verdict.Allowed() || verdict.Findings[0].Rule != test.rule {
			t.Errorf("%s: %+v", name, verdict.Findings)
		}
	}
}

func TestARepositoryTightensAndNeverLoosens(t *testing.T) {
	overlay := func(text string) error {
		_, err := judge.New(t.Context(), policies.FS, fstest.MapFS{"thresholds/data.yaml": {Data: []byte(text)}})
		return err
	}
	if err := overlay("thresholds: {profiles: {staging: {bias: {equal_opportunity_max: 0.05}}}}"); err != nil {
		t.Errorf("a tighter limit: %v", err)
	}
	if err := overlay("thresholds: {profiles: {production: {security: {scanners_required: [semgrep, gitleaks], scanners_age_days_max: 7}}}}"); err != nil {
		t.Errorf("scanners that are required: %v", err)
	}
	for _, text := range []string{
		"thresholds: {profiles: {staging: {bias: {equal_opportunity_max: 0.5}}}}",
		"thresholds: {profiles: {staging: {bias: {equal_oportunity_max: 0.05}}}}",
		"thresholds: {profiles: {staging: {on_inconclusive: warn}}}",
		"thresholds: {profiles: {staging: {performance: {sensitivity_min: 0.1}}}}",
		"thresholds: {profiles: {staging: 3}}",
		"thresholds: {profiles: {staging: {security: {scanners_age_days_max: 31}}}}",
		"thresholds: {profiles: {staging: {compliance: {technical_documents_required: []}}}}",
	} {
		if err := overlay(text); err == nil {
			t.Errorf("accepted %s", text)
		}
	}
}

func BenchmarkModel(b *testing.B) {
	court, question := newJudge(b), ask(passing())
	for b.Loop() {
		if _, err := court.Judge(b.Context(), question); err != nil {
			b.Fatal(err)
		}
	}
}
