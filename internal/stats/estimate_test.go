package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func TestBootstrapAndDeLongAgree(t *testing.T) {
	data := readPatients(t, "predictions_breast_rotterdam.csv")
	scores, labels := data.number(t, "score"), data.is("label", "1")
	resampled, err := stats.AUROCEstimate(scores, labels, [32]byte{1})
	value(t, resampled, err)
	normal := deLong(t, scores, labels).Interval(stats.Alpha)
	if math.Abs(resampled.Low-normal.Low) > .005 || math.Abs(resampled.High-normal.High) > .005 {
		t.Errorf("bootstrap %v, delong %v", resampled.Interval, normal)
	}
	perfect, err := stats.AUROCEstimate([]float64{.1, .2, .8, .9}, []bool{false, false, true, true}, [32]byte{})
	near(t, "two pairs, both ordered rightly", perfect.Low, math.Sqrt(.025), closed)
	value(t, perfect, err)
}

func TestCalibrationIndexDependsOnTheSeedAlone(t *testing.T) {
	data := readPatients(t, "predictions_tcga_coad.csv")
	scores, labels := data.number(t, "score"), data.is("label", "1")
	for _, smoother := range []stats.Smoother{stats.Loess, stats.Lowess} {
		first, err := stats.ICIEstimate(scores, labels, smoother, [32]byte{1})
		again, err2 := stats.ICIEstimate(scores, labels, smoother, [32]byte{1})
		if err != nil || err2 != nil || first != again || !(0 < first.Low && first.Low < first.High) {
			t.Errorf("%s: %+v and %+v (%v, %v)", smoother, first, again, err, err2)
		}
	}
}

// Half of four patients are gone from 2 until 3, so the median is between.
func TestMedianOfAFlatStretchIsItsMiddle(t *testing.T) {
	curve := must[stats.Curve](t)(stats.KaplanMeier([]float64{1, 2, 3, 4}, []bool{true, true, true, true}))
	if median := curve.Median(); median != (stats.Moment{Time: 2.5, Reached: true}) {
		t.Errorf("median %+v", median)
	}
	flat := must[stats.Curve](t)(stats.KaplanMeier([]float64{1, 2, 3, 4}, []bool{true, true, false, false}))
	if median := flat.Median(); median != (stats.Moment{Time: 2, Reached: true}) {
		t.Errorf("a curve that ends at a half has median %+v", median)
	}
	if _, high := flat.MedianInterval(stats.LogLogBand, stats.Alpha); high.Reached {
		t.Errorf("four patients tell an upper limit: %+v", high)
	}
}

func TestLabelsAreZeroOrOne(t *testing.T) {
	if labels, err := stats.Labels([]float64{0, 1}); err != nil || labels[0] || !labels[1] {
		t.Errorf("got %v, %v", labels, err)
	}
	for _, test := range []struct {
		value float64
		want  error
	}{{math.NaN(), stats.ErrNotFinite}, {2, stats.ErrRange}} {
		if _, err := stats.Labels([]float64{test.value}); !errors.Is(err, test.want) {
			t.Errorf("%v: %v", test.value, err)
		}
	}
}

func TestLargeSamplesTakeTheLimit(t *testing.T) {
	near(t, "just above the exact sizes", stats.KolmogorovTail(3001, .02), stats.KolmogorovTail(3000, .02), .03)
	for _, d := range []float64{math.NaN(), -1, 0} {
		if got := stats.KolmogorovTail(10, d); got != 1 {
			t.Errorf("distance %v has probability %v", d, got)
		}
	}
}
