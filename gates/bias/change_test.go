package bias_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

func at(threshold float64, scores []float64) bias.Scored {
	return bias.Scored{Scores: scores, Threshold: threshold}
}

// twenty patients with the event, ten of each sex, and two without.
func twenty() (labels []bool, sex bias.Attribute) {
	labels = make([]bool, 22)
	sex = bias.Attribute{Column: "sex", Values: make([]string, 22), Unsuppressed: true}
	for i := range labels {
		labels[i] = i < 20
		sex.Values[i] = []string{"f", "m"}[i%2]
	}
	return labels, sex
}

// The candidate finds all men and six women, the champion eight men and all
// women: better by two of ten there, worse by four of ten here.
func TestACohortThatLosesIsSeenWhereTheWholeHardlyMoves(t *testing.T) {
	labels, sex := twenty()
	scores, champion := make([]float64, 22), make([]float64, 22)
	for i := range 20 {
		scores[i], champion[i] = .9, .9
	}
	scores[0], scores[2], scores[4], scores[6] = .1, .1, .1, .1
	champion[1], champion[3] = .1, .1
	measured, err := bias.Changes(at(.5, scores), at(.5, champion), labels, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	one, women, men := 1., -.4, .2
	all.check(t, "champions", "", &one)
	all.check(t, "sensitivity_change", "sex=f", &women)
	all.check(t, "sensitivity_change", "sex=m", &men)
	all.check(t, "worst_sensitivity_change", "sex", &women)
	lost, worst := all.find(t, "sensitivity_change", "sex=f"), all.find(t, "worst_sensitivity_change", "sex")
	if worst.Low != lost.Low || worst.High != lost.High || worst.N != 10 || worst.High.Float() >= 0 {
		t.Errorf("got %+v of %+v", worst, lost)
	}
}

func TestNoChangeIsKnownWhereNobodyHasTheEvent(t *testing.T) {
	labels, sex := twenty()
	sex.Values[20], sex.Values[21] = "x", ""
	scores, champion := make([]float64, 22), make([]float64, 22)
	champion[20] = .1
	measured, err := bias.Changes(at(.5, scores), at(.5, champion), labels, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	all, zero := measurements(measured), 0.
	all.check(t, "sensitivity_change", "sex=x", nil)
	all.check(t, "sensitivity_change", "sex=(missing)", nil)
	all.check(t, "sensitivity_change", "sex=f", &zero)
	if same := all.find(t, "sensitivity_change", "sex=f"); same.High != "0" || same.Method != "equal scores in every row" {
		t.Errorf("got %+v", same)
	}
	if worst := all.find(t, "worst_sensitivity_change", "sex"); worst.Value != "0" || worst.Low != "-1" {
		t.Errorf("got %+v", worst)
	}
	sex.Values = append(make([]string, 20), "x", "y")
	measured, err = bias.Changes(at(.5, scores), at(.5, champion), labels, []bias.Attribute{sex})
	if err != nil {
		t.Fatal(err)
	}
	measurements(measured).check(t, "worst_sensitivity_change", "sex", nil)
}

func TestHopelessChampions(t *testing.T) {
	labels, sex := twenty()
	scores := make([]float64, 22)
	short := sex
	short.Values = sex.Values[1:]
	for want, test := range map[string]struct {
		scores, champion []float64
		attribute        bias.Attribute
	}{
		"champion's scores: columns of different length": {scores, scores[1:], sex},
		"scores: columns of different length":            {scores[1:], scores, sex},
		"21 values for 22 rows":                          {scores, scores, short},
	} {
		if _, err := bias.Changes(at(.5, test.scores), at(.5, test.champion), labels, []bias.Attribute{test.attribute}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
