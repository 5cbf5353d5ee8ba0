package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// headline are the measurements that a reader wants first, by gate.
var headline = map[string][]string{
	gates.Dataset:     {"rows", "events", "non_events", "patient_overlap", "phi_columns"},
	gates.Performance: {"auroc", "auprc", "scaled_brier", "calibration_slope", "sensitivity", "specificity", "auroc_difference", "c_index", "uno_c", "c_index_difference"},
	gates.Bias:        {"equal_opportunity_difference", "false_positive_rate_difference", "auroc_gap", "c_index_gap"},
	gates.Compliance:  {"card_fields_missing", "approvals"},
	gates.Security:    {"packages_scanned", "vulnerabilities", "secrets", "misconfigurations"},
}

// lesser severities are in the JSON, not among the headlines.
var lesser = []string{"medium", "low", "unknown"}

// Text writes the report for a terminal and for a note in git.
func (r Report) Text(w io.Writer) error {
	var out strings.Builder
	if len(r.Promotions) == 0 && r.Error == "" {
		out.WriteString("assay: no promotion is affected by this change\n")
	}
	for _, promotion := range r.Promotions {
		promotion.text(&out)
	}
	if r.Error != "" {
		for line := range strings.SplitSeq(r.Error, "\n") {
			fmt.Fprintf(&out, "assay: %s\n", Line(line))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (p Promotion) text(out *strings.Builder) {
	fmt.Fprintf(out, "%s in %s: %s\n", Line(p.Model), Line(p.Environment), p.outcome())
	if p.Release != "" {
		fmt.Fprintf(out, "  release  %s\n", Line(p.Release))
	}
	if p.Champion != "" {
		fmt.Fprintf(out, "  champion %s\n", Line(p.Champion))
	}
	if p.Verdict.Policy != "" {
		fmt.Fprintf(out, "  policy   %s, %d rules evaluated\n", p.Verdict.Policy, len(p.Verdict.Evaluated))
	}
	for _, finding := range p.Verdict.Findings {
		fmt.Fprintf(out, "  %s %s (%s): %s\n", mark(finding), finding.Rule, finding.State, Line(finding.Message))
		fmt.Fprintf(out, "       remedy: %s\n", Line(finding.Remedy))
	}
	for _, measured := range p.Measured {
		numbers(out, measured)
	}
	out.WriteString("\n")
}

func (p Promotion) outcome() string {
	switch {
	case p.Error != "":
		return "could not be judged"
	case p.Allowed:
		return "allowed"
	}
	return "denied"
}

func mark(finding gates.Finding) string {
	if finding.Denies() {
		return "DENY"
	}
	return string(finding.Severity)
}

func numbers(out *strings.Builder, measured evidence.Measurements) {
	for _, name := range headline[measured.Gate] {
		for _, m := range measured.Measurements {
			if m.Name == name && !slices.Contains(lesser, m.Group) {
				fmt.Fprintf(out, "  %-12s %-32s %s\n", measured.Gate, title(m), shown(m))
			}
		}
	}
}

func title(m evidence.Measurement) string {
	if m.Group == "" {
		return m.Name
	}
	return m.Name + " [" + Line(m.Group) + "]"
}

func shown(m evidence.Measurement) string {
	switch {
	case m.Value == "":
		return "not measured: " + Line(m.Method)
	case m.Low == "" || m.High == "":
		return short(m.Value)
	}
	return fmt.Sprintf("%s (%s to %s), n = %d", short(m.Value), short(m.Low), short(m.High), m.N)
}

func short(d evidence.Decimal) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", d.Float()), "0"), ".")
}
