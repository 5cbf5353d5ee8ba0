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
		if !finite(line[i].X, line[i].Y) {
			return "", ErrNotFinite
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
		if !finite(bin.Predicted, bin.Observed, bin.Low, bin.High) {
			return "", ErrNotFinite
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
	drawn := newChart("Threshold probability", "Net benefit per patient")
	drawn.Legend.Top = true
	top := 0.0
	for _, point := range points {
		if !finite(point.Threshold, point.Model, point.Low, point.High, point.TreatAll) {
			return "", ErrNotFinite
		}
		top = max(top, point.High, point.TreatAll)
	}
	floor := -max(top/4, 0.01)
	model, all, intervals := make(plotter.XYs, len(points)), make(plotter.XYs, len(points)), make([][2]float64, len(points))
	for i, point := range points {
		model[i] = plotter.XY{X: point.Threshold, Y: max(point.Model, floor)}
		intervals[i] = [2]float64{max(point.Low, floor), max(point.High, floor)}
		all[i] = plotter.XY{X: point.Threshold, Y: max(point.TreatAll, floor)}
	}
	unit(&drawn.X)
	drawn.Y.Min, drawn.Y.Max = floor, max(top*1.35, 0.02)
	drawn.join("treat all", pens[1], all)
	drawn.join("treat none", compared, plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 0}})
	drawn.join("the model", pens[0], model)
	drawn.whiskers(pens[0], model, intervals)
	drawn.dots(pens[0], model)
	return drawn.svg(caption)
}
