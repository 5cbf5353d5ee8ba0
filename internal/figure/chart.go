package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Ink of Okabe and Ito's palette, which the colour-blind tell apart and a grey
// printer keeps apart; the dashes say the same again.
var (
	ink    = color.NRGBA{0x22, 0x2b, 0x36, 0xff}
	faint  = color.NRGBA{0x6b, 0x75, 0x80, 0xff}
	ruled  = color.NRGBA{0xe3, 0xe7, 0xeb, 0xff}
	blue   = color.NRGBA{0x00, 0x5a, 0x9e, 0xff}
	orange = color.NRGBA{0xb3, 0x5c, 0x00, 0xff}
	green  = color.NRGBA{0x00, 0x6e, 0x52, 0xff}
)

// Points are typographic; a chart is about as wide as a phone.
const (
	width    = vg.Length(320)
	height   = vg.Length(270)
	rowSpace = vg.Length(20)
	small    = font.Length(9.5)
)

// pen draws one kind of line.
type pen struct {
	colour color.Color
	dashes []vg.Length
	shape  draw.GlyphDrawer
}

var (
	pens = []pen{
		{blue, nil, draw.CircleGlyph{}},
		{orange, []vg.Length{6, 3}, draw.SquareGlyph{}},
		{green, []vg.Length{2, 2}, draw.TriangleGlyph{}},
	}
	compared = pen{faint, []vg.Length{4, 3}, draw.CrossGlyph{}}
)

func (p pen) line(width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: p.colour, Width: width, Dashes: p.dashes}
}

// chart is a plot in the style of the report.
type chart struct {
	*plot.Plot
	height vg.Length
}

func newChart(x, y string) chart {
	drawn := chart{plot.New(), height}
	drawn.X.Label.Text, drawn.Y.Label.Text = x, y
	for _, axis := range []*plot.Axis{&drawn.X, &drawn.Y} {
		axis.Label.TextStyle = sans(axis.Label.TextStyle)
		axis.Tick.Label = sans(axis.Tick.Label)
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = faint, faint
		axis.Label.Padding = 4
		axis.Padding = 0
	}
	drawn.Legend.TextStyle = sans(drawn.Legend.TextStyle)
	drawn.Legend.ThumbnailWidth = 26
	drawn.Legend.Padding = 2
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = ruled, ruled
	drawn.Add(grid)
	return drawn
}

// sans has the widths of Arial, so the browser needs the space that was laid
// out for it.
func sans(style text.Style) text.Style {
	style.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: small}
	style.Color = ink
	return style
}

// unit makes an axis that runs from 0 to 1.
func unit(axis *plot.Axis) {
	axis.Min, axis.Max = 0, 1
	axis.Tick.Marker = plot.ConstantTicks{
		{Value: 0, Label: "0"}, {Value: .2, Label: "0.2"}, {Value: .4, Label: "0.4"},
		{Value: .6, Label: "0.6"}, {Value: .8, Label: "0.8"}, {Value: 1, Label: "1"},
	}
}

// join draws a line through points, and names it unless the name is empty.
func (c chart) join(name string, with pen, points plotter.XYs) {
	line := &plotter.Line{XYs: points, LineStyle: with.line(1.6)}
	c.Add(line)
	if name != "" {
		c.Legend.Add(name, line)
	}
}

func (c chart) dots(with pen, points plotter.XYs) {
	c.Add(&plotter.Scatter{XYs: points, GlyphStyle: draw.GlyphStyle{Color: with.colour, Radius: 2.6, Shape: with.shape}})
}

// whiskers draws an interval through each point, upright.
func (c chart) whiskers(with pen, points plotter.XYs, intervals [][2]float64) {
	for i, point := range points {
		c.Add(&plotter.Line{
			XYs:       plotter.XYs{{X: point.X, Y: intervals[i][0]}, {X: point.X, Y: intervals[i][1]}},
			LineStyle: draw.LineStyle{Color: with.colour, Width: 1},
		})
	}
}

// largest is what the library can still put ticks beside.
const largest = 1e12

// drawable holds for numbers that an axis can hold: the library panics on
// others.
func drawable(numbers ...float64) bool {
	for _, number := range numbers {
		if math.IsNaN(number) || math.Abs(number) > largest {
			return false
		}
	}
	return true
}
