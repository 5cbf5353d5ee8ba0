package figure

import (
	"html/template"

	"gonum.org/v1/plot/plotter"
)

// Survived draws the share without the event by predicted risk. The points are
// joined by straight lines: a step would show the day on which one patient
// died.
func Survived(caption Caption, groups []RiskGroup, timeUnit string) (template.HTML, error) {
	axis := "Time"
	if timeUnit != "" {
		axis += " (" + label(timeUnit) + ")"
	}
	drawn := newChart(axis, "Share without the event, 95 % interval")
	unit(&drawn.Y)
	drawn.Legend.Top = true
	last := 0.0
	for i, group := range groups {
		points, intervals := make(plotter.XYs, len(group.Points)), make([][2]float64, len(group.Points))
		for j, point := range group.Points {
			if !drawable(point.Time, point.Survival, point.Low, point.High) {
				return "", ErrRange
			}
			points[j], intervals[j] = plotter.XY{X: point.Time, Y: point.Survival}, [2]float64{point.Low, point.High}
			last = max(last, point.Time)
		}
		with := pens[i%len(pens)]
		drawn.join(label(group.Name), with, points)
		drawn.whiskers(with, points, intervals)
		drawn.dots(with, points)
	}
	drawn.X.Min, drawn.X.Max = 0, last*1.25
	if last == 0 {
		drawn.X.Max = 1
	}
	return drawn.svg(caption)
}
