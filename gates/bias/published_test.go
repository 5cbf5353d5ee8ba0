package bias_test

import (
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// printed compares with a number as it was printed, to its last digit.
func (all measurements) printed(t *testing.T, name, group string, want float64) {
	t.Helper()
	if got := all.find(t, name, group).Value.Float(); !(math.Abs(got-want) <= 5e-8) {
		t.Errorf("%s of %s: got %v, want %v", name, group, got, want)
	}
}

// The example of Fairlearn's user guide, "Common fairness metrics" and
// "Intersecting groups" (fairlearn.org, MIT licence): labels, decisions and two
// attributes of 18 rows, and the numbers that are printed of them.
func TestFairlearnsExample(t *testing.T) {
	labels := flags("0 1 1 1 1 0 1 0 1 0 0 0 1 1 1 1 1 1")
	var scores []float64
	for _, selected := range flags("0 0 1 0 1 1 1 0 0 1 1 1 1 0 0 1 1 0") {
		scores = append(scores, map[bool]float64{true: .9, false: .1}[selected])
	}
	first := strings.Fields("b b a b b c c c a a c a b c c b c c")
	second := strings.Fields("8 6 8 8 8 8 6 6 6 8 6 6 6 6 8 6 6 6")
	whole, both := make([]string, 18), make([]string, 18)
	for row := range first {
		whole[row], both[row] = "all", first[row]+second[row]
	}
	measured, err := bias.Binary(scores, labels, .5, []bias.Attribute{
		{Column: "sf", Values: first, Unsuppressed: true},
		{Column: "cell", Values: both, Unsuppressed: true},
		{Column: "whole", Values: whole, Unsuppressed: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	all.printed(t, "demographic_parity_difference", "sf", .25)
	all.printed(t, "demographic_parity_ratio", "sf", 2./3)
	all.printed(t, "equalized_odds_difference", "sf", 1)
	for group, want := range map[string][4]float64{"sf=a": {.5, 1, .75, 4}, "sf=b": {.6, 0, .5, 6}, "sf=c": {.4, 2. / 3, .5, 8}, "whole=all": {.5, 2. / 3, 5. / 9, 18}} {
		for i, name := range []string{"sensitivity", "false_positive_rate", "selection_rate", "group_size"} {
			all.printed(t, name, group, want[i])
		}
	}
	for cell, recall := range map[string]float64{"a6": 0, "a8": 1, "b6": 2. / 3, "b8": .5, "c6": .5, "c8": 0} {
		all.printed(t, "sensitivity", "cell="+cell, recall)
	}
	// Equalized odds as a ratio is the smaller of both rates' ratios: here that
	// of the false positive rates, 0 of b over 1 of a.
	if none, most := all.find(t, "false_positive_rate", "sf=b"), all.find(t, "false_positive_rate", "sf=a"); none.Value.Float()/most.Value.Float() != 0 {
		t.Errorf("got %+v over %+v", none, most)
	}
}

// COMPAS, two-year recidivism, as counted by ProPublica and audited in the
// documentation of Aequitas: 3696 African-American and 2454 Caucasian
// defendants, "high or medium risk" being the decision.
func TestCompasAsAequitasPrintsIt(t *testing.T) {
	race := bias.Attribute{Column: "race"}
	var scores []float64
	var labels []bool
	add := func(of string, label bool, score float64, n int) {
		for range n {
			race.Values, labels, scores = append(race.Values, of), append(labels, label), append(scores, score)
		}
	}
	for of, counts := range map[string][4]int{"African-American": {1369, 805, 990, 532}, "Caucasian": {505, 349, 1139, 461}} {
		add(of, true, .9, counts[0])
		add(of, false, .9, counts[1])
		add(of, false, .1, counts[2])
		add(of, true, .1, counts[3])
	}
	measured, err := bias.Binary(scores, labels, .5, []bias.Attribute{race})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	for group, want := range map[string]struct{ fpr, fnr, selected, fdr float64 }{
		"race=African-American": {.448468, .279853, .588203, .370285},
		"race=Caucasian":        {.234543, .477226, .348003, .408665},
	} {
		for name, printed := range map[string]float64{"false_positive_rate": want.fpr, "sensitivity": 1 - want.fnr, "selection_rate": want.selected, "ppv": 1 - want.fdr} {
			if got := all.find(t, name, group).Value.Float(); math.Abs(got-printed) > 1e-6 {
				t.Errorf("%s of %s: got %v, want %v", name, group, got, printed)
			}
		}
	}
	black, white := all.find(t, "false_positive_rate", "race=African-American"), all.find(t, "false_positive_rate", "race=Caucasian")
	if ratio := black.Value.Float() / white.Value.Float(); math.Abs(ratio-1.9121) > 5e-5 {
		t.Errorf("false alarms are %v times as frequent, want 1.9121", ratio)
	}
	// It is no accident of so many, and no equivalence can be shown.
	if gap := all.find(t, "false_positive_rate_difference", "race"); gap.Low.Float() < .15 || gap.Value.Float() < .2139 || gap.Value.Float() > .2140 {
		t.Errorf("got %+v", gap)
	}
	if p := all.find(t, "equivalence_p_holm", "false_positive_rate race"); p.Value != "1" {
		t.Errorf("got %+v", p)
	}
}
