package report

import (
	"fmt"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// compared are the measurements that are set beside those of what serves, by
// gate: of all patients, and of each cohort.
var compared = []struct {
	gate  string
	names []string
}{
	{gates.Performance, []string{"auroc", "c_index", "auroc_at_horizon", "sensitivity", "specificity", "ppv", "npv", "calibration_slope", "calibration_slope_at_horizon", "net_benefit"}},
	{gates.Bias, []string{"sensitivity", "false_positive_rate", "auroc", "c_index"}},
}

// paired are measured on the same patients, one by one, so their intervals
// say more than two intervals side by side.
var paired = []string{"auroc_difference", "c_index_difference", "sensitivity_difference"}

// comparedAsMarkdown sets the candidate beside what serves there.
func (p Promotion) comparedAsMarkdown() string {
	rows := p.comparison()
	if len(rows) == 0 {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "\n### %s in %s: what was measured\n\n%s\n\n", Plain(p.Model), Plain(p.Environment), p.standard())
	if p.Champion == "" {
		text.WriteString("| Measure | Patients | This change | n |\n|---|---|---:|---:|\n")
	} else {
		text.WriteString("| Measure | Patients | Serving | This change | n |\n|---|---|---:|---:|---:|\n")
	}
	for _, row := range rows[:min(len(rows), maxRows)] {
		text.WriteString(row)
	}
	if left := len(rows) - maxRows; left > 0 {
		fmt.Fprintf(&text, "\n%d more are in the report.\n", left)
	}
	return text.String()
}

const maxRows = 40

// standard says what it is compared with.
func (p Promotion) standard() string {
	const intervals = "Brackets are 95 % intervals."
	switch {
	case p.Champion == "":
		return "Nothing serves there yet. " + intervals
	case len(p.Serving) == 0:
		return fmt.Sprintf("%s serves there; its own evidence cannot be read. %s", Plain(p.Champion), intervals)
	case p.holdout(p.Measured) == "" || p.holdout(p.Measured) != p.holdout(p.Serving):
		return fmt.Sprintf("%s serves there. **It was measured on other patients**: the two columns are about different people. %s", Plain(p.Champion), intervals)
	}
	return fmt.Sprintf("%s serves there, and was measured on the same patients. %s", Plain(p.Champion), intervals)
}

// holdout names the rows on which a model was measured.
func (p Promotion) holdout(measured []evidence.Measurements) evidence.Digest {
	for _, one := range measured {
		if one.Gate == gates.Performance {
			return one.Input("holdout")
		}
	}
	return ""
}

func (p Promotion) comparison() []string {
	var rows []string
	for _, kind := range compared {
		for _, name := range kind.names {
			for _, m := range p.of(kind.gate, name) {
				if m.Value != "" && (kind.gate == gates.Performance) == (m.Group == "") {
					rows = append(rows, p.beside(kind.gate, m))
				}
			}
		}
	}
	for _, name := range paired {
		for _, m := range p.of(gates.Performance, name) {
			if m.Group == "" && m.Value != "" {
				rows = append(rows, fmt.Sprintf("| %s | all |  | %s | %d |\n", Plain(inWords(name)), Plain(withInterval(m)), m.N))
			}
		}
	}
	return rows
}

// beside is one row. What is said of few patients could be said of one of them.
func (p Promotion) beside(gate string, m evidence.Measurement) string {
	patients, n := "all", fmt.Sprint(m.N)
	if m.Group != "" {
		patients = Plain(m.Group)
	}
	if m.N < fewest {
		n = fmt.Sprintf("below %d", fewest)
	}
	row := fmt.Sprintf("| %s | %s |", Plain(inWords(m.Name)), patients)
	if p.Champion != "" {
		row += " " + Plain(p.serves(gate, m)) + " |"
	}
	return fmt.Sprintf("%s %s | %s |\n", row, Plain(sparing(m)), n)
}

// serves is what was measured of the release that serves.
func (p Promotion) serves(gate string, m evidence.Measurement) string {
	for _, other := range (Promotion{Measured: p.Serving}).of(gate, m.Name) {
		if other.Group == m.Group && other.Value != "" {
			return sparing(other)
		}
	}
	return ""
}

func sparing(m evidence.Measurement) string {
	if m.N < fewest {
		return "too few patients"
	}
	return withInterval(m)
}

func withInterval(m evidence.Measurement) string {
	if m.Low == "" || m.High == "" {
		return rounded(m.Value)
	}
	return fmt.Sprintf("%s (%s to %s)", rounded(m.Value), rounded(m.Low), rounded(m.High))
}
