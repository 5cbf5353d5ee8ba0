package report_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// challenger is a candidate that meets a champion.
func challenger() report.Promotion {
	holdout := []evidence.Subject{{Name: "holdout", Digest: evidence.Sum([]byte("patients"))}}
	numbers := func(auroc, female evidence.Decimal) []evidence.Measurements {
		return []evidence.Measurements{
			{Gate: gates.Performance, Inputs: holdout, Measurements: []evidence.Measurement{{Name: "auroc", Value: auroc, Low: "0.7", High: "0.9", N: 229}}},
			{Gate: gates.Bias, Inputs: holdout, Measurements: []evidence.Measurement{
				{Name: "sensitivity", Group: "sex=female", Value: female, Low: "0.5", High: "0.8", N: 26},
				{Name: "sensitivity", Group: "race=other", Value: "1", Low: "0.1", High: "1", N: 3},
			}},
		}
	}
	one := report.Promotion{Model: "colon", Environment: "staging", Dataset: "tcga", Champion: "colon@sha256:c0ffee", Measured: numbers("0.81", "0.66"), Serving: numbers("0.79", "0.61")}
	one.Measured[0].Measurements = append(one.Measured[0].Measurements, evidence.Measurement{Name: "auroc_difference", Value: "0.02", Low: "-0.01", High: "0.05", N: 229})
	return one
}

func rowsOf(t *testing.T, promotion report.Promotion) (rows []string, standard string) {
	t.Helper()
	content := string(comment(t, report.New("c0ffee", []report.Promotion{promotion}, nil)))
	_, section, _ := strings.Cut(content, "what was measured\n\n")
	section, _, _ = strings.Cut(section, "\n<details>")
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| ") {
			rows = append(rows, strings.TrimSpace(line))
		} else if standard == "" {
			standard = strings.TrimSpace(line)
		}
	}
	return rows, standard
}

func TestACandidateStandsBesideWhatServes(t *testing.T) {
	rows, standard := rowsOf(t, challenger())
	want := []string{
		"| Measure | Patients | Serving | This change | n |",
		"| AUROC (area under the ROC curve) | all | 0.79 (0.7 to 0.9) | 0.81 (0.7 to 0.9) | 229 |",
		"| Sensitivity | sex=female | 0.61 (0.5 to 0.8) | 0.66 (0.5 to 0.8) | 26 |",
		"| Sensitivity | race=other | too few patients | too few patients | below 11 |",
		"| AUROC, candidate less champion | all |  | 0.02 (-0.01 to 0.05) | 229 |",
	}
	if !slices.Equal(rows, want) || !strings.Contains(standard, "measured on the same patients") {
		t.Errorf("%s\n%s", standard, strings.Join(rows, "\n"))
	}
}

func TestOtherPatientsAreToldOf(t *testing.T) {
	other := challenger()
	other.Serving[0].Inputs = []evidence.Subject{{Name: "holdout", Digest: evidence.Sum([]byte("others"))}}
	if _, standard := rowsOf(t, other); !strings.Contains(standard, "**It was measured on other patients**") {
		t.Errorf("got %s", standard)
	}
	other.Serving = nil
	if _, standard := rowsOf(t, other); !strings.Contains(standard, "its own evidence cannot be read") {
		t.Errorf("got %s", standard)
	}
	other.Champion = ""
	if rows, standard := rowsOf(t, other); !strings.Contains(standard, "Nothing serves there yet") || strings.Contains(rows[0], "Serving") {
		t.Errorf("got %s, %s", standard, rows[0])
	}
}

func TestAFindingIsAboutALine(t *testing.T) {
	tree := fstest.MapFS{
		"models/colon/model.yaml":         {Data: []byte("kind: Model\nspec:\n  task: binary\n  decisionThreshold: 0.2\n  trainer:\n    kind: logistic\n")},
		"datasets/tcga/dataset.yaml":      {Data: []byte("spec:\n  columns:\n    - {name: a}\n  groups: [sex]\n")},
		"environments/staging/colon.yaml": {Data: []byte("spec:\n  model: colon\n  release: sha256:c0ffee\n")},
		"models/colon/governance.yaml":    {Data: []byte("\tno yaml: [")},
	}
	for _, test := range []struct {
		rule, file string
		line       int
		pinned     bool
	}{
		{"model.performance.sensitivity", "models/colon/model.yaml", 4, false},
		{"model.performance.discrimination", "models/colon/model.yaml", 5, false},
		{"model.bias.cohorts_declared", "datasets/tcga/dataset.yaml", 4, false},
		{"model.dataset.events", "datasets/tcga/dataset.yaml", 1, false},
		{"change.order", "environments/staging/colon.yaml", 3, false},
		{"model.performance.sensitivity", "environments/staging/colon.yaml", 3, true},
		{"model.dataset.events", "environments/staging/colon.yaml", 3, true},
		{"model.compliance.retention", "models/colon/governance.yaml", 0, false},
		{"model.compliance.card_complete", "models/colon/card.yaml", 0, false},
	} {
		promotion := report.Promotion{Model: "colon", Environment: "staging", Dataset: "tcga", Pinned: test.pinned, Verdict: gates.Verdict{Findings: []gates.Finding{{Rule: test.rule}}}}
		promotion.Locate(tree)
		if file, line := promotion.File(test.rule); file != test.file || line != test.line {
			t.Errorf("%s lies at %s:%d, want %s:%d", test.rule, file, line, test.file, test.line)
		}
	}
}

func TestAGateIsMetWhereItsRulesWereAsked(t *testing.T) {
	asked := report.Promotion{Verdict: gates.Verdict{Evaluated: []string{"model.bias.a", "model.bias.b", "model.dataset.c"}, Findings: []gates.Finding{
		{Rule: "model.bias.a", Severity: gates.Deny}, {Rule: "model.bias.b", Severity: gates.Warn}, {Rule: "model.dataset.c", Severity: gates.Warn},
	}}}
	stopped := asked
	stopped.Error = "the disk is full"
	for _, test := range []struct {
		gate      string
		promotion report.Promotion
		want      string
	}{
		{gates.Bias, asked, "**1 not met**"}, {gates.Dataset, asked, "met, 1 note"}, {gates.Security, asked, "not judged"},
		{gates.Dataset, stopped, "not judged"}, {gates.Bias, stopped, "**1 not met**"},
	} {
		if got := (report.Report{Promotions: []report.Promotion{test.promotion}}).Tally(test.gate).String(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.gate, got, test.want)
		}
	}
	if text := (report.Report{Promotions: []report.Promotion{asked}}).Findings(gates.Bias, 10_000); strings.Count(text, "Required:") != 2 || strings.Contains(text, "model.dataset") {
		t.Errorf("got %s", text)
	}
}
