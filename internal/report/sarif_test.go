package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// sarif is the part of a log that the tests look at.
type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Locations []struct {
				PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
			}
		}
	}
}

// log writes a report as SARIF, and demands that it keeps the schema of OASIS.
func log(t testing.TB, outcome report.Report) sarif {
	t.Helper()
	var content bytes.Buffer
	if err := outcome.SARIF(&content); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%v\n%s", err, content.Bytes())
	}
	var read sarif
	if err := json.Unmarshal(content.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestSARIFKeepsItsSchema(t *testing.T) {
	for name, outcome := range map[string]report.Report{
		"demo": demo(t), "attacked": attacked(), "nothing": report.New("c0ffee", nil, nil),
		"mistaken": report.New("c0ffee", nil, errors.New("models/x/model.yaml:3: spec.task: is required")),
	} {
		t.Run(name, func(t *testing.T) { log(t, outcome) })
	}
}

func TestEveryFindingIsAResultOfItsRule(t *testing.T) {
	outcome := demo(t)
	run := log(t, outcome).Runs[0]
	var want []string
	for _, promotion := range outcome.Promotions {
		for _, finding := range promotion.Verdict.Findings {
			want = append(want, finding.Rule+" "+map[gates.Severity]string{gates.Deny: "error", gates.Warn: "warning"}[finding.Severity])
		}
	}
	var got []string
	for _, result := range run.Results {
		got = append(got, result.RuleID+" "+result.Level)
		if run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("%s has the index of %s", result.RuleID, run.Tool.Driver.Rules[result.RuleIndex].ID)
		}
	}
	if !slices.Equal(got, want) || !run.Invocations[0].ExecutionSuccessful {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAFindingLiesOnTheFileThatItsAuthorEdits(t *testing.T) {
	for rule, want := range map[string]string{
		"model.compliance.card_complete": "models/lung/card.yaml",
		"model.compliance.approvals":     "environments/staging/lung.yaml",
		"model.compliance.ethics":        "datasets/ncctg/dataset.yaml",
		"model.compliance.retention":     "models/lung/governance.yaml",
		"model.compliance.encryption":    "assay.yaml",
		"model.dataset.leakage":          "datasets/ncctg/dataset.yaml",
		"model.bias.cohorts_declared":    "datasets/ncctg/dataset.yaml",
		"model.bias.equal_opportunity":   "models/lung/model.yaml",
		"model.security.vulnerabilities": "models/lung/model.yaml",
	} {
		if got := located(t, report.Promotion{Model: "lung", Environment: "staging", Dataset: "ncctg"}, rule); got != want {
			t.Errorf("%s lies on %s, want %s", rule, got, want)
		}
	}
	if got := located(t, report.Promotion{Model: "lung"}, "model.dataset.leakage"); got != "models/lung/model.yaml" {
		t.Errorf("without a data set: %s", got)
	}
	if got := located(t, report.Promotion{Model: ".."}, "model.bias.x"); got != "models/unnamed/model.yaml" {
		t.Errorf("a name that climbs: %s", got)
	}
	if got := located(t, report.Promotion{Model: "../../etc/a b"}, "model.bias.x"); got != "models/..%2F..%2Fetc%2Fa%20b/model.yaml" {
		t.Errorf("a name that climbs: %s", got)
	}
}

func located(t *testing.T, promotion report.Promotion, rule string) string {
	t.Helper()
	promotion.Verdict = gates.Verdict{Evaluated: []string{rule}, Findings: []gates.Finding{{Rule: rule, Title: "t", Message: "m", Remedy: "r"}}}
	return log(t, report.New("", []report.Promotion{promotion}, nil)).Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI
}

func TestWhatCouldNotBeJudgedIsNoSuccess(t *testing.T) {
	for name, outcome := range map[string]report.Report{
		"a promotion":  report.New("", []report.Promotion{{Model: "lung", Error: "the registry is gone"}}, nil),
		"the change":   report.New("", nil, errors.New("the registry is gone")),
		"without rule": report.New("", []report.Promotion{{Model: "lung"}}, nil),
	} {
		run := log(t, outcome).Runs[0].Invocations[0]
		if run.ExecutionSuccessful || len(run.ToolExecutionNotifications) != 1 {
			t.Errorf("%s: got %+v", name, run)
		}
	}
}
