package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// cell is a number as people read it and as it was signed, or a text.
type cell struct{ Text, Exact string }

// row is a measurement in a table.
type row struct {
	Name, Group, Method string
	Value, Low, High    cell
	N                   int
}

func newRow(m evidence.Measurement) row {
	return row{
		Name: inWords(m.Name), Group: m.Group, Method: m.Method, N: m.N,
		Value: number(m.Value, m.Unit), Low: number(m.Low, m.Unit), High: number(m.High, m.Unit),
	}
}

func mainRows(measured evidence.Measurements) []row {
	var rows []row
	for _, name := range headline[measured.Gate] {
		for _, m := range measured.Measurements {
			if m.Name == name && !slices.Contains(lesser, m.Group) {
				rows = append(rows, newRow(m))
			}
		}
	}
	return rows
}

// words are names that a clinician reads otherwise than a program writes them.
var words = map[string]string{
	"auroc": "AUROC (area under the ROC curve)", "auprc": "Average precision", "c_index": "C-index (Harrell)", "uno_c": "C-index (Uno)",
	"ppv": "Positive predictive value", "npv": "Negative predictive value", "mcc": "Matthews correlation", "f1": "F1",
	"oe_ratio": "Observed / expected events", "phi_columns": "Columns with patient identifiers", "ks": "Kolmogorov-Smirnov distance",
	"js_distance": "Jensen-Shannon distance", "psi": "Population stability index", "non_events": "Patients without the event", "events": "Patients with the event",
	"patient_overlap": "Patients in training and holdout", "equal_opportunity_difference": "Sensitivity gap between cohorts",
	"false_positive_rate_difference": "False positive rate gap between cohorts", "auroc_gap": "AUROC gap between cohorts", "c_index_gap": "C-index gap between cohorts",
	"auroc_difference": "AUROC, candidate less champion", "c_index_difference": "C-index, candidate less champion", "scaled_brier": "Scaled Brier score",
	"calibration_slope": "Calibration slope (ideal 1)", "calibration_intercept": "Calibration intercept (ideal 0)",
	"auroc_at_horizon": "AUROC at the horizon", "oe_ratio_at_horizon": "Observed / expected events by the horizon (ideal 1)",
	"calibration_slope_at_horizon": "Calibration slope at the horizon (ideal 1)", "scaled_brier_at_horizon": "Scaled Brier score at the horizon",
	"net_benefit_gain_least": "Net benefit where it is least, over the better of treating all and none",
	"predict_seconds_p95":    "Time in which 95 of 100 requests are answered", "load_seconds": "Median time to load",
}

func inWords(name string) string {
	if known, ok := words[name]; ok {
		return known
	}
	return sentence(strings.ReplaceAll(name, "_", " "))
}

// sentence begins text with a capital letter.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// number rounds a decimal for people, and keeps what was signed beside it.
func number(d evidence.Decimal, unit string) cell {
	if d == "" {
		return cell{}
	}
	text := rounded(d)
	switch {
	case unit == "unix seconds":
		text = time.Unix(int64(d.Float()), 0).UTC().Format(time.DateOnly)
	case unit != "" && unit != "1" && unit != "count":
		text += " " + unit
	}
	return cell{text, string(d)}
}

// rounded keeps four digits, but whole numbers whole; nothing small is shown
// as 0.
func rounded(d evidence.Decimal) string {
	if !strings.Contains(string(d), ".") {
		return string(d)
	}
	value := d.Float()
	size := math.Abs(value)
	switch {
	case size == 0:
		return "0"
	case size < 0.0001:
		return map[bool]string{false: "below 0.0001", true: "-0.0001 to 0"}[value < 0]
	}
	digits := max(0, min(4, 3-int(math.Floor(math.Log10(size)))))
	text := strconv.FormatFloat(value, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// drawn is a number of a curve, which nobody signed.
func drawn(value float64) cell { return number(evidence.Number(value), "") }

func said(format string, values ...any) cell { return cell{Text: fmt.Sprintf(format, values...)} }
