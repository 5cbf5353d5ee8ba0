package report

import (
	"html/template"

	"github.com/mlops-clinical-trials/assay/internal/figure"
)

// charts are the figures of a promotion, in the order in which they are read.
func (p Promotion) charts(id string) ([]chart, error) {
	var all []chart
	for _, draw := range []func(string) ([]chart, error){p.discrimination, p.survival, p.forests, p.drift} {
		drawn, err := draw(id)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn...)
	}
	return all, nil
}

// with draws a chart; the reading is both its text and its description for
// those who do not see it.
func (c chart) with(id string, draw func(figure.Caption) (template.HTML, error)) (chart, error) {
	var err error
	c.SVG, err = draw(figure.Caption{ID: id, Title: c.Title, Description: c.Reading + " The numbers are in the table below."})
	return c, err
}

func (p Promotion) discrimination(id string) ([]chart, error) {
	var charts []chart
	if p.Curves == nil {
		return nil, nil
	}
	for _, one := range []struct {
		there bool
		draw  func(string) (chart, error)
	}{
		{len(p.Curves.ROC) > 0, p.roc}, {len(p.Curves.Calibration) > 0, p.calibration}, {len(p.Curves.Decision) > 0, p.decision},
	} {
		if !one.there {
			continue
		}
		drawn, err := one.draw(id)
		if err != nil {
			return nil, err
		}
		charts = append(charts, drawn)
	}
	return charts, nil
}

func (p Promotion) roc(id string) (chart, error) {
	shown := chart{
		Title: "ROC curve",
		Reading: "The further the solid line lies above the dashed diagonal, the better the model tells patients with the event from those without. " +
			"It is drawn through groups of at least 11 patients, so it may run below the true curve. " + p.told("auroc"),
		Columns: []string{"False positive rate", "True positive rate"},
	}
	for _, point := range p.Curves.ROC {
		shown.Rows = append(shown.Rows, []cell{drawn(point.FalsePositiveRate), drawn(point.TruePositiveRate)})
	}
	return shown.with(id+"-roc", func(caption figure.Caption) (template.HTML, error) { return figure.ROC(caption, p.Curves.ROC) })
}

func (p Promotion) calibration(id string) (chart, error) {
	shown := chart{
		Title: "Calibration",
		Reading: "Each dot is a group of patients with similar predictions; the bar is the 95 % interval of what was observed. " +
			"A bar that meets the dashed diagonal agrees with the prediction; dots below it say that risks are predicted too high. " +
			p.told("calibration_slope") + p.told("calibration_intercept") + p.told("oe_ratio_at_horizon") + p.told("calibration_slope_at_horizon"),
		Columns: []string{"Patients", "Predicted", "Observed", "Low", "High"},
	}
	for _, bin := range p.Curves.Calibration {
		shown.Rows = append(shown.Rows, []cell{said("%d", bin.N), drawn(bin.Predicted), drawn(bin.Observed), drawn(bin.Low), drawn(bin.High)})
	}
	return shown.with(id+"-calibration", func(caption figure.Caption) (template.HTML, error) {
		return figure.Calibrated(caption, p.Curves.Calibration)
	})
}

func (p Promotion) decision(id string) (chart, error) {
	shown := chart{
		Title: "Decision curve",
		Reading: "The threshold is the risk from which one would act. Where the solid line is the highest, acting on the model serves patients better " +
			"than acting on everybody or on nobody. Net benefit counts true positives per patient, less false ones at the rate that the threshold states. " +
			p.told("net_benefit"),
		Columns: []string{"Threshold", "Model", "Low", "High", "Treat all"},
	}
	for _, point := range p.Curves.Decision {
		shown.Rows = append(shown.Rows, []cell{drawn(point.Threshold), drawn(point.Model), drawn(point.Low), drawn(point.High), drawn(point.TreatAll)})
	}
	return shown.with(id+"-decision", func(caption figure.Caption) (template.HTML, error) {
		return figure.Benefit(caption, p.Curves.Decision)
	})
}

func (p Promotion) survival(id string) ([]chart, error) {
	if p.Curves == nil || len(p.Curves.Survival) == 0 {
		return nil, nil
	}
	shown := chart{
		Title: "Survival by predicted risk",
		Reading: "Kaplan-Meier estimates of groups of patients by predicted risk, with 95 % intervals. The further apart the lines, the better the model " +
			"orders patients; lines that touch are not told apart. Between two marks at least 11 patients had the event. " + p.told("c_index"),
		Columns: []string{"Group", "Patients", "Time", "Without the event", "Low", "High"},
	}
	for _, group := range p.Curves.Survival {
		for _, point := range group.Points {
			shown.Rows = append(shown.Rows, []cell{
				said("%s", group.Name), said("%d", group.N), drawn(point.Time), drawn(point.Survival), drawn(point.Low), drawn(point.High),
			})
		}
	}
	one, err := shown.with(id+"-survival", func(caption figure.Caption) (template.HTML, error) {
		return figure.Survived(caption, p.Curves.Survival, unitInWords(p.Curves.TimeUnit))
	})
	return []chart{one}, err
}

// unitInWords reads a UCUM unit of time.
func unitInWords(unit string) string {
	switch unit {
	case "d":
		return "days"
	case "wk":
		return "weeks"
	case "mo":
		return "months"
	case "a":
		return "years"
	}
	return unit
}
