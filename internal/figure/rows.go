package figure

import (
	"html/template"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Forest draws numbers with their intervals, one a row, from top to bottom.
// The whole, when it is there, is the line that the rows are compared with.
func Forest(caption Caption, axis string, rows []Interval, whole *Interval) (template.HTML, error) {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Label
		if !drawable(row.Value, row.Low, row.High) {
			return "", ErrRange
		}
	}
	drawn := newRows(axis, names)
	unit(&drawn.X)
	if whole != nil {
		if !drawable(whole.Value) {
			return "", ErrRange
		}
		drawn.upright(compared, whole.Value)
	}
	for i, row := range rows {
		y := float64(len(rows) - 1 - i)
		drawn.Add(&plotter.Line{XYs: plotter.XYs{{X: row.Low, Y: y}, {X: row.High, Y: y}}, LineStyle: draw.LineStyle{Color: blue, Width: 1.4}})
		drawn.dots(pen{colour: blue, shape: draw.BoxGlyph{}}, plotter.XYs{{X: row.Value, Y: y}})
	}
	return drawn.svg(caption)
}

// Levels draws one stem a row, beside the marks it is compared with.
func Levels(caption Caption, axis string, rows []Level, marks ...float64) (template.HTML, error) {
	names := make([]string, len(rows))
	top := 0.0
	for i, row := range rows {
		names[i] = row.Label
		top = max(top, row.Value)
		if !drawable(row.Value) {
			return "", ErrRange
		}
	}
	drawn := newRows(axis, names)
	for i, mark := range marks {
		drawn.upright(pens[(i+1)%len(pens)], mark)
		top = max(top, mark)
	}
	drawn.X.Min, drawn.X.Max = 0, top*1.1
	if top == 0 {
		drawn.X.Max = 1
	}
	for i, row := range rows {
		y := float64(len(rows) - 1 - i)
		drawn.Add(&plotter.Line{XYs: plotter.XYs{{X: 0, Y: y}, {X: row.Value, Y: y}}, LineStyle: draw.LineStyle{Color: blue, Width: 1.4}})
		drawn.dots(pen{colour: blue, shape: draw.CircleGlyph{}}, plotter.XYs{{X: row.Value, Y: y}})
	}
	return drawn.svg(caption)
}

// newRows is a chart with a name before each row.
func newRows(axis string, names []string) chart {
	drawn := newChart(axis, "")
	ticks := make(plot.ConstantTicks, len(names))
	for i, name := range names {
		ticks[i] = plot.Tick{Value: float64(len(names) - 1 - i), Label: label(name)}
	}
	drawn.Y.Tick.Marker = ticks
	drawn.Y.Tick.LineStyle.Width = 0
	drawn.Y.Min, drawn.Y.Max = -0.7, float64(len(names))-0.3
	drawn.height = 48 + rowSpace*vg.Length(len(names))
	return drawn
}

// upright draws a line over all rows.
func (c chart) upright(with pen, x float64) {
	c.Add(&plotter.Line{XYs: plotter.XYs{{X: x, Y: c.Y.Min}, {X: x, Y: c.Y.Max}}, LineStyle: with.line(1)})
}
