package figure_test

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/figure"
)

var caption = figure.Caption{ID: "p1", Title: "A <title>", Description: "what \"it\" shows & says"}

// drawings are one of each figure, of which one number is given.
var drawings = map[string]func(number float64) (template.HTML, error){
	"ROC": func(number float64) (template.HTML, error) {
		return figure.ROC(caption, []figure.ROCPoint{{}, {FalsePositiveRate: 0.2, TruePositiveRate: number}, {FalsePositiveRate: 1, TruePositiveRate: 1}})
	},
	"calibration": func(number float64) (template.HTML, error) {
		return figure.Calibrated(caption, []figure.CalibrationBin{{N: 20, Predicted: 0.1, Observed: 0.15, Low: 0.05, High: number}})
	},
	"decision": func(number float64) (template.HTML, error) {
		return figure.Benefit(caption, []figure.DecisionPoint{{Threshold: 0.1, Model: 0.2, Low: 0.1, High: 0.3, TreatAll: 0.2}, {Threshold: 0.5, Model: number, TreatAll: -2}})
	},
	"survival": func(number float64) (template.HTML, error) {
		return figure.Survived(caption, []figure.RiskGroup{{Name: "low risk", N: 40, Points: []figure.SurvivalPoint{{Survival: 1, Low: 1, High: 1}, {Time: number, Survival: 0.5, Low: 0.3, High: 0.7}}}}, "days")
	},
	"forest": func(number float64) (template.HTML, error) {
		return figure.Forest(caption, "Sensitivity", []figure.Interval{{Label: "sex=female", Value: 0.5, Low: number, High: 0.7}}, &figure.Interval{Value: 0.6})
	},
	"levels": func(number float64) (template.HTML, error) {
		return figure.Levels(caption, "Distance", []figure.Level{{Label: "age", Value: number}, {Label: "sex"}}, 0.1, 0.2)
	},
}

func TestEveryFigureIsOneCaptionedSVG(t *testing.T) {
	for name, draw := range drawings {
		drawn, err := draw(0.4)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, _ := draw(0.4)
		if drawn != again {
			t.Errorf("%s: the same numbers give other bytes", name)
		}
		texts, elements := parse(t, string(drawn))
		if elements[0] != "svg" || elements[1] != "title" || elements[2] != "desc" {
			t.Errorf("%s: begins with %v", name, elements[:3])
		}
		if texts[0] != caption.Title || texts[1] != caption.Description {
			t.Errorf("%s: captioned %q", name, texts[:2])
		}
		if !strings.HasPrefix(string(drawn), `<svg viewBox="0 0 320 `) || strings.Contains(string(drawn), "http") {
			t.Errorf("%s: it has a size of its own or points elsewhere: %.200s", name, drawn)
		}
	}
}

func TestWhatCannotBeDrawnIsAnError(t *testing.T) {
	for name, draw := range drawings {
		for _, number := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64} {
			if _, err := draw(number); !errors.Is(err, figure.ErrRange) {
				t.Errorf("%s of %v: got %v", name, number, err)
			}
		}
	}
}

func TestZeroAndNothingAreDrawn(t *testing.T) {
	for name, draw := range drawings {
		if _, err := draw(0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := figure.ROC(caption, nil); err != nil {
		t.Error(err)
	}
	if _, err := figure.Levels(caption, "", nil); err != nil {
		t.Error(err)
	}
}

// Whatever a data set calls its cohorts, the SVG is well formed, has the same
// elements, and shows the name as text.
func FuzzNamesStayText(f *testing.F) {
	plain, err := figure.Levels(caption, "Distance", []figure.Level{{Label: "age", Value: 0.1}})
	if err != nil {
		f.Fatal(err)
	}
	_, want := parse(f, string(plain))
	f.Add("<script>alert(1)</script>")
	f.Add("</text></svg><img src=x onerror=alert(1)>")
	f.Add("]]>&quot;\"'\x00\x1b[2J\u202e\xff")
	f.Add(strings.Repeat("long ", 100))
	f.Fuzz(func(t *testing.T, name string) {
		if strings.TrimSpace(figure.Printable(name)) == "" {
			return // nothing to be shown
		}
		drawn, err := figure.Levels(figure.Caption{ID: "x", Title: name, Description: name}, "Distance", []figure.Level{{Label: name, Value: 0.1}})
		if err != nil {
			t.Fatal(err)
		}
		if _, got := parse(t, string(drawn)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("the elements are %v, want %v", got, want)
		}
	})
}

// parse reads the SVG as strictly as XML is read.
func parse(t testing.TB, drawn string) (texts, elements []string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(drawn))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return texts, elements
		}
		if err != nil {
			t.Fatalf("%v in %s", err, drawn)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements = append(elements, token.Name.Local)
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				texts = append(texts, text)
			}
		}
	}
}
