package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/figure"
)

const (
	fewest = 11 // patients in a cohort that is drawn: CMS cell size policy
	most   = 24 // rows of a chart; the tables hold all
)

// of gives the measurements of a gate that have a name.
func (p Promotion) of(gate, name string) []evidence.Measurement {
	var found []evidence.Measurement
	for _, measured := range p.Measured {
		for _, m := range measured.Measurements {
			if measured.Gate == gate && m.Name == name {
				found = append(found, m)
			}
		}
	}
	return found
}

// told is what performance measured, as a sentence.
func (p Promotion) told(name string) string {
	for _, m := range p.of(gates.Performance, name) {
		if m.Group == "" && m.Value != "" && m.Low != "" && m.High != "" {
			return fmt.Sprintf("%s: %s (95 %% interval %s to %s, n = %d). ", inWords(name), rounded(m.Value), rounded(m.Low), rounded(m.High), m.N)
		}
	}
	return ""
}

// forests show how the model does in each cohort.
func (p Promotion) forests(id string) ([]chart, error) {
	var charts []chart
	for _, name := range []string{"sensitivity", "false_positive_rate", "auroc", "c_index"} {
		cohorts := p.of(gates.Bias, name)
		if len(cohorts) == 0 {
			continue
		}
		shown, err := p.forest(id, name, cohorts)
		if err != nil {
			return nil, err
		}
		charts = append(charts, shown)
	}
	return charts, nil
}

func (p Promotion) forest(id, name string, cohorts []evidence.Measurement) (chart, error) {
	shown := chart{
		Title: inWords(name) + " by cohort",
		Reading: "One row a cohort: the square is what was measured, the bar its 95 % interval. A wide bar says that there are few patients. " +
			fmt.Sprintf("Cohorts of fewer than %d patients are not drawn.", fewest),
		Columns: []string{"Cohort", "Value", "Low", "High", "n"},
	}
	var rows []figure.Interval
	for _, m := range cohorts {
		if m.N < fewest {
			shown.Rows = append(shown.Rows, []cell{said("%s", m.Group), said("too few patients"), {}, {}, said("below %d", fewest)})
			continue
		}
		if m.Value == "" || m.Low == "" || m.High == "" {
			shown.Rows = append(shown.Rows, []cell{said("%s", m.Group), said("not measured: %s", m.Method), {}, {}, said("%d", m.N)})
			continue
		}
		value := newRow(m)
		shown.Rows = append(shown.Rows, []cell{said("%s", m.Group), value.Value, value.Low, value.High, said("%d", m.N)})
		rows = append(rows, figure.Interval{Label: m.Group, Value: m.Value.Float(), Low: m.Low.Float(), High: m.High.Float()})
	}
	if len(rows) == 0 {
		return shown, nil
	}
	var whole *figure.Interval
	for _, m := range p.of(gates.Performance, name) {
		if m.Group == "" && m.Value != "" {
			whole = &figure.Interval{Label: "all patients", Value: m.Value.Float()}
			shown.Reading += " The dashed line is the value for all patients, " + rounded(m.Value) + "."
		}
	}
	return shown.with(id+"-cohorts-"+name, func(caption figure.Caption) (template.HTML, error) {
		return figure.Forest(caption, inWords(name), rows[:min(most, len(rows))], whole)
	})
}

// Customary marks of drift, those of policies/thresholds/data.yaml. A
// repository may tighten them: the limit that was judged stands in the finding.
const (
	moderateDrift = 0.1
	majorDrift    = 0.2
)

// drift shows how far each column of the holdout lies from training.
func (p Promotion) drift(id string) ([]chart, error) {
	var charts []chart
	for _, kind := range []struct{ name, of, adjusted, title string }{
		{"ks", "ks", "ks_p_holm", "Drift of numeric columns"},
		{"js_distance", "chi_square", "chi_square_p_holm", "Drift of text columns"},
	} {
		var columns []evidence.Measurement
		for _, m := range p.of(gates.Dataset, kind.name) {
			tested := slices.ContainsFunc(p.of(gates.Dataset, kind.of), func(test evidence.Measurement) bool { return test.Group == m.Group })
			if tested && m.Value != "" {
				columns = append(columns, m)
			}
		}
		if len(columns) == 0 {
			continue
		}
		slices.SortStableFunc(columns, func(a, b evidence.Measurement) int {
			return cmp.Compare(b.Value.Float(), a.Value.Float())
		})
		shown, err := p.drifted(id+"-"+kind.name, kind.title, kind.adjusted, columns)
		if err != nil {
			return nil, err
		}
		charts = append(charts, shown)
	}
	return charts, nil
}

func (p Promotion) drifted(id, title, adjusted string, columns []evidence.Measurement) (chart, error) {
	name := inWords(columns[0].Name)
	shown := chart{
		Title: title,
		Reading: fmt.Sprintf("How far the rows differ from the reference (the training rows, unless another was named), the largest first (%s; 0 is the same distribution). "+
			"By custom, %g (dashed line) is called moderate and %g (dotted line) major. A small sample drifts by chance: "+
			"the adjusted p says how often so much would come by chance alone.", name, moderateDrift, majorDrift),
		Columns: []string{"Column", "Distance", "Adjusted p", "n"},
	}
	if len(columns) > most {
		shown.Reading += fmt.Sprintf(" Drawn are %d of %d columns.", most, len(columns))
	}
	var rows []figure.Level
	for _, m := range columns {
		chance := cell{}
		for _, test := range p.of(gates.Dataset, adjusted) {
			if test.Group == m.Group {
				chance = number(test.Value, "")
			}
		}
		shown.Rows = append(shown.Rows, []cell{said("%s", m.Group), number(m.Value, ""), chance, said("%d", m.N)})
		rows = append(rows, figure.Level{Label: m.Group, Value: m.Value.Float()})
	}
	return shown.with(id, func(caption figure.Caption) (template.HTML, error) {
		return figure.Levels(caption, name, rows[:min(most, len(rows))], moderateDrift, majorDrift)
	})
}
