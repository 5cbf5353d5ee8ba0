package bias_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

func TestConcordanceGapOfTwoCohorts(t *testing.T) {
	// In cohort a the score orders all six pairs, in b five of six.
	scores := []float64{4, 3, 2, 1, 4, 3, 1, 2}
	time := []float64{1, 2, 3, 4, 1, 2, 3, 4}
	event := flags("1 1 1 1 1 1 1 1")
	measured, err := bias.Survival(scores, time, event, []bias.Attribute{sexes("a", "a", "a", "a", "b", "b", "b", "b")})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	one, five, sixth := 1., 5./6, 1./6
	four := 4.
	all.check(t, "c_index", "sex=a", &one)
	all.check(t, "c_index", "sex=b", &five)
	all.check(t, "c_index_gap", "sex", &sixth)
	all.check(t, "group_events", "sex=a", &four)
	all.check(t, "group_size", "sex=b", &four)
}

func TestCohortWithoutEventsMayHideAnything(t *testing.T) {
	scores := []float64{4, 3, 2, 1, 2, 1}
	time := []float64{1, 2, 1, 2, 5, 6}
	measured, err := bias.Survival(scores, time, flags("1 1 1 1 0 0"), []bias.Attribute{sexes("a", "a", "b", "b", "c", "c")})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	if gap := all.find(t, "c_index_gap", "sex"); gap.High != "1" {
		t.Errorf("got %+v", gap)
	}
	all.check(t, "c_index", "sex=c", nil)
	if _, err := bias.Survival(scores, time, flags("0 0 0 0 0 0"), nil); err == nil || !strings.Contains(err.Error(), "no events") {
		t.Errorf("got %v", err)
	}
}
