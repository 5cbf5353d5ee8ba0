package bias_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// crossed is 160 patients with the event and one without, of two sexes and two
// races. Half of the black women and of the white men are missed: each sex and
// each race alone looks the same.
func crossed() (scores []float64, labels []bool, attributes []bias.Attribute) {
	sex, race := bias.Attribute{Column: "sex"}, bias.Attribute{Column: "race"}
	for i := range 161 {
		woman, black := i%2 == 0, i/2%2 == 0
		sex.Values = append(sex.Values, map[bool]string{true: "f", false: "m"}[woman])
		race.Values = append(race.Values, map[bool]string{true: "black", false: "white"}[black])
		score := .9
		if woman == black && i/4%2 == 0 {
			score = .1
		}
		scores, labels = append(scores, score), append(labels, i < 160)
	}
	return scores, labels, []bias.Attribute{sex, race}
}

func TestAnIntersectionIsSeenThatNeitherAttributeShows(t *testing.T) {
	scores, labels, attributes := crossed()
	measured, err := bias.Binary(scores, labels, .5, attributes)
	if err != nil {
		t.Fatal(err)
	}
	all, none := measurements(measured), 0.
	all.check(t, "equal_opportunity_difference", "sex", &none)
	all.check(t, "equal_opportunity_difference", "race", &none)
	gap := all.find(t, "intersectional_sensitivity_gap", "sex,race")
	if gap.Low.Float() < .15 || gap.Value.Float() > .5 || gap.N != 160 {
		t.Errorf("got %+v", gap)
	}
	missed, found := all.find(t, "sensitivity_shrunk", "sex=f,race=black"), all.find(t, "sensitivity_shrunk", "sex=m,race=black")
	if missed.High.Float() > found.Low.Float() || missed.Value.Float() <= .5 || found.Value.Float() >= 1 || missed.N != 40 {
		t.Errorf("got %+v and %+v", missed, found)
	}
}

func TestCellsOfFewerThanElevenAreNotTold(t *testing.T) {
	scores, labels, attributes := crossed()
	for i := range 10 {
		attributes[1].Values[i] = "other"
	}
	attributes[1].Values[10], attributes[0].Values[11] = "", "(missing)"
	measured, err := bias.Binary(scores, labels, .5, attributes)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{"sex=f,race=other", "sex=m,race=other"} {
		if cell := measurements(measured).find(t, "sensitivity_shrunk", group); cell.Value != "" || cell.N != 0 || !strings.HasPrefix(cell.Method, "not told: fewer than 11") {
			t.Errorf("got %+v", cell)
		}
	}
	for _, m := range measured {
		if m.Name == "sensitivity_shrunk" && (strings.HasSuffix(m.Group, "race=") || strings.Contains(m.Group, "missing")) {
			t.Errorf("no cell: %+v", m)
		}
	}
	if gap := measurements(measured).find(t, "intersectional_sensitivity_gap", "sex,race"); gap.High.Float() < .5 {
		t.Errorf("of small cells nothing is known: %+v", gap)
	}
}

// Eight sites by nine wards are 72 cells: too many to compare, and no reason
// not to measure the rest.
func TestWhatCannotBeCrossedSaysWhy(t *testing.T) {
	scores, labels, _ := crossed()
	many := []bias.Attribute{{Column: "site"}, {Column: "ward"}}
	long := []bias.Attribute{{Column: "site"}, {Column: "ward"}}
	for i := range scores {
		many[0].Values = append(many[0].Values, fmt.Sprint(i%8))
		many[1].Values = append(many[1].Values, fmt.Sprint(i%9))
		long[0].Values = append(long[0].Values, strings.Repeat("x", 150)+fmt.Sprint(i%2))
		long[1].Values = append(long[1].Values, strings.Repeat("y", 150)+fmt.Sprint(i%3))
	}
	for want, attributes := range map[string][]bias.Attribute{"72 cells, at most 64": many, "more than 200 bytes": long} {
		measured, err := bias.Binary(scores, labels, .5, attributes)
		if err != nil {
			t.Fatal(err)
		}
		gap := measurements(measured).find(t, "intersectional_sensitivity_gap", "site,ward")
		if gap.Value != "" || gap.High != "1" || !strings.Contains(gap.Method, want) {
			t.Errorf("got %+v, want %q", gap, want)
		}
	}
}
