package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	policy = string(evidence.Sum([]byte("rules")))
	model  = "breast-malignancy@" + string(evidence.Sum([]byte("model")))
)

// breast is denied, by one rule, and warned of another.
var breast = report.Promotion{
	Model: "breast-malignancy", Environment: "staging", Release: model, Champion: model,
	Phases: []report.Phase{{Name: "Fetched", Input: policy, Output: policy, Cached: true, Millis: 3}},
	Verdict: gates.Verdict{Subject: model, Environment: "staging", Policy: policy, Evaluated: []string{"a", "b", "c"}, Findings: []gates.Finding{
		{Rule: "model.bias.equal_opportunity", State: gates.Inconclusive, Severity: gates.Deny, Title: "Equal opportunity",
			Message: "sensitivity gap may be as large as 0.12, limit 0.10", Remedy: "collect 40 more patients"},
		{Rule: "model.dataset.drift", State: gates.Failed, Severity: gates.Warn, Message: "age moved", Remedy: "look at age"},
	}},
	Measured: []evidence.Measurements{
		{Gate: gates.Performance, Measurements: []evidence.Measurement{
			{Name: "auroc", Value: "0.98765", Low: "0.95", High: "0.9999", N: 171},
			{Name: "scaled_brier", Value: "0.5", N: 171},
			{Name: "brier", Value: "0.1", N: 171},
		}},
		{Gate: gates.Security, Measurements: []evidence.Measurement{
			{Name: "vulnerabilities", Value: "0", Group: "critical"}, {Name: "vulnerabilities", Value: "9", Group: "low"},
		}},
		{Gate: gates.Bias, Measurements: []evidence.Measurement{
			{Name: "equal_opportunity_difference", Group: "sex", Method: "one cohort has no events"},
		}},
	},
}

func TestReports(t *testing.T) {
	allowed := report.Promotion{Model: "lung-survival", Environment: "development", Allowed: true, Verdict: gates.Verdict{Evaluated: []string{"a"}}}
	stopped := report.Promotion{Model: "colon-mortality", Environment: "development", Error: "the registry did not answer"}
	for name, outcome := range map[string]report.Report{
		"denied":   report.New("c0ffee", []report.Promotion{breast, allowed}, nil),
		"stopped":  report.New("c0ffee", []report.Promotion{stopped}, errors.New("the registry did not answer\nhint: wait")),
		"nothing":  report.New("c0ffee", nil, nil),
		"mistaken": report.New("c0ffee", nil, errors.New("models/x/model.yaml:3: spec.task: is required")),
	} {
		t.Run(name, func(t *testing.T) {
			var text, encoded bytes.Buffer
			if err := errors.Join(outcome.Text(&text), outcome.JSON(&encoded)); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", text.Bytes())
			golden(t, name+".json", encoded.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s (-update rewrites it):\n%s\nwant\n%s", name, got, want)
	}
}

// An error anywhere keeps the door shut.
func TestAReportAllowsWhenEveryPromotionDoes(t *testing.T) {
	yes, no := report.Promotion{Allowed: true}, report.Promotion{}
	for name, test := range map[string]struct {
		promotions []report.Promotion
		failure    error
		want       bool
	}{
		"all":               {[]report.Promotion{yes, yes}, nil, true},
		"one denied":        {[]report.Promotion{yes, no}, nil, false},
		"an error":          {[]report.Promotion{yes}, errors.New("x"), false},
		"an error, nothing": {nil, errors.New("x"), false},
	} {
		if got := report.New("c", test.promotions, test.failure); got.Allowed != test.want {
			t.Errorf("%s: allowed is %v", name, got.Allowed)
		}
	}
}

const hostile = "\x1b[2J\x1b[1;1Hbreast in production: allowed\r\n\u202egnorw\u009b8m\x00"

// What a repository calls things cannot repaint the verdict.
func TestTextHoldsNoControlCharacterOfARepository(t *testing.T) {
	painted := breast
	painted.Model, painted.Environment, painted.Release, painted.Champion = hostile, hostile, hostile, hostile
	painted.Verdict.Findings = []gates.Finding{{Rule: "r", State: gates.Failed, Message: hostile, Remedy: hostile}}
	painted.Measured = []evidence.Measurements{{Gate: gates.Bias, Measurements: []evidence.Measurement{
		{Name: "auroc_gap", Group: hostile, Method: hostile}, {Name: "auroc_gap", Group: hostile, Value: "1", Low: "0", High: "2"}}}}
	var text bytes.Buffer
	if err := report.New("c", []report.Promotion{painted}, errors.New(hostile)).Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, r := range text.String() {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("%q is in the report:\n%q", r, text.String())
		}
	}
	for line := range strings.Lines(text.String()) {
		if strings.HasPrefix(line, "breast in production") {
			t.Errorf("a name wrote a line of its own: %q", line)
		}
	}
}

func TestALongMessageIsCutAndSaysSo(t *testing.T) {
	long := strings.Repeat("ü", 100_000)
	line := report.Line(long)
	if len(line) > 5000 || !strings.HasSuffix(line, " ... (196000 bytes more)") {
		t.Errorf("%d bytes, ending in %q", len(line), line[max(0, len(line)-40):])
	}
	if short := strings.Repeat("ü", 2000); report.Line(short) != short {
		t.Error("a message at the limit was cut")
	}
}

// FuzzLineIsOnePrintableBoundedLine: whatever the text, its line is printable,
// bounded and stable.
func FuzzLineIsOnePrintableBoundedLine(f *testing.F) {
	f.Add(hostile)
	f.Add("sensitivity 0.9, limit 0.85")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		line := report.Line(text)
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || len(line) > 4*2000+40 {
			t.Errorf("%q", line)
		}
		if len(text) < 2000 && report.Line(line) != line {
			t.Errorf("%q becomes another line the second time", line)
		}
	})
}

func TestJSONIsReadBackWhole(t *testing.T) {
	var encoded bytes.Buffer
	if err := report.New("c", []report.Promotion{breast}, nil).JSON(&encoded); err != nil {
		t.Fatal(err)
	}
	var read report.Report
	if err := json.Unmarshal(encoded.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if got := read.Promotions[0].Verdict.Findings[0]; got != breast.Verdict.Findings[0] {
		t.Errorf("read back %+v", got)
	}
}
