package figure

import (
	"html/template"

	"gonum.org/v1/plot/plotter"
)

// ROC draws how the true positive rate is bought with false positives.
func ROC(caption Caption, points []ROCPoint) (template.HTML, error) {
	drawn := newChart("False positive rate (1 - specificity)", "True positive rate (sensitivity)")
	unit(&drawn.X)
	unit(&drawn.Y)
	line := make(plotter.XYs, len(points))
	for i, point := range points {
		line[i] = plotter.XY{X: point.FalsePositiveRate, Y: point.TruePositiveRate}
		if !drawable(line[i].X, line[i].Y) {
			return "", ErrRange
		}
	}
	drawn.join("a coin", compared, plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}})
	drawn.join("the model", pens[0], line)
	drawn.dots(pens[0], line)
	return drawn.svg(caption)
}

// Calibrated draws predicted against observed risk.
func Calibrated(caption Caption, bins []CalibrationBin) (template.HTML, error) {
	drawn := newChart("Predicted risk", "Observed share, 95 % interval")
	unit(&drawn.X)
	unit(&drawn.Y)
	points, intervals := make(plotter.XYs, len(bins)), make([][2]float64, len(bins))
	for i, bin := range bins {
		points[i], intervals[i] = plotter.XY{X: bin.Predicted, Y: bin.Observed}, [2]float64{bin.Low, bin.High}
		if !drawable(bin.Predicted, bin.Observed, bin.Low, bin.High) {
			return "", ErrRange
		}
	}
	drawn.Legend.Top, drawn.Legend.Left = true, true
	drawn.join("perfect", compared, plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}})
	drawn.join("the model", pens[0], points)
	drawn.whiskers(pens[0], points, intervals)
	drawn.dots(pens[0], points)
	return drawn.svg(caption)
}

// Benefit draws the net benefit of acting on the model, on all and on nobody.
// Far below 0 lies only harm: the axis ends a little below it.
func Benefit(caption Caption, points []DecisionPoint) (template.HTML, error) {
	top := 0.0
	for _, point := range points {
		if !drawable(point.Threshold, point.Model, point.Low, point.High, point.TreatAll) {
			return "", ErrRange
		}
		top = max(top, point.High, point.TreatAll)
	}
	drawn := newChart("Threshold probability", "Net benefit per patient, 95 % interval")
	unit(&drawn.X)
	drawn.Legend.Top = true
	drawn.Y.Min, drawn.Y.Max = -max(top/4, 0.01), max(top*1.35, 0.02)
	model, all, intervals := make(plotter.XYs, len(points)), plotter.XYs{}, make([][2]float64, len(points))
	for i, point := range points {
		model[i] = plotter.XY{X: point.Threshold, Y: max(point.Model, drawn.Y.Min)}
		intervals[i] = [2]float64{max(point.Low, drawn.Y.Min), max(point.High, drawn.Y.Min)}
		if point.TreatAll >= drawn.Y.Min {
			all = append(all, plotter.XY{X: point.Threshold, Y: point.TreatAll})
		}
	}
	drawn.join("treat all", pens[1], all)
	drawn.join("treat none", compared, plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 0}})
	drawn.join("the model", pens[0], model)
	drawn.whiskers(pens[0], model, intervals)
	drawn.dots(pens[0], model)
	return drawn.svg(caption)
}
