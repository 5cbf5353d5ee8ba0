package performance_test

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// R: survival::concordance(Surv(time, status) ~ age, lung, reverse = TRUE).
func TestSurvivalAgreesWithR(t *testing.T) {
	age, time, event := column(t, "lung.csv", "age"), column(t, "lung.csv", "time"), equal(column(t, "lung.csv", "status"), 2)
	sex := column(t, "lung.csv", "sex")
	score := make([]float64, len(age))
	for i := range age {
		score[i] = age[i] - 30*sex[i]
	}
	measured, err := performance.Survival(age, time, event, score, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "c_index", .5502398, 1e-7)
	near(t, measured, "events", 165, 0)
	near(t, measured, "champions", 1, 0)
	champion := find(t, measured, "champion_c_index").Value.Float()
	near(t, measured, "c_index_difference", .5502398-champion, 1e-7)
	if difference := find(t, measured, "c_index_difference"); difference.N != 228 || !strings.Contains(difference.Method, "bootstrap") {
		t.Errorf("got %+v", difference)
	}
	if index := find(t, measured, "c_index"); index.High.Float()-index.Low.Float() > .1001 || index.Method != "infinitesimal jackknife" {
		t.Errorf("got %+v", index)
	}
}

// Age's hazard ratio in the lung data is exp(0.018720), s.e. 0.009199, as in
// R's coxph; the reverse Kaplan-Meier curve reaches one half on day 588.
func TestFollowUpAndTheSlopeOfAHazard(t *testing.T) {
	age, time, event := column(t, "lung.csv", "age"), column(t, "lung.csv", "time"), equal(column(t, "lung.csv", "status"), 2)
	measured, err := performance.Survival(age, time, event, nil, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "hazard_slope", .018720, 1e-6)
	near(t, measured, "censored_fraction", 63./228, 1e-12)
	near(t, measured, "median_follow_up", 588, 0)
	if followed := find(t, measured, "median_follow_up"); followed.Low != "511" || followed.High != "1010" {
		t.Errorf("got %+v", followed)
	}
	for name, censored := range map[string][]bool{"everybody dies": {true, true, true, true}, "the first leaves": {false, true, true, true}} {
		measured, err := performance.Survival([]float64{4, 3, 1, 2}, []float64{1, 2, 3, 4}, censored, nil, [32]byte{})
		if followed := find(t, measured, "median_follow_up"); err != nil || followed.Value != "" || followed.Method == "" {
			t.Errorf("%s: got %+v, %v", name, followed, err)
		}
	}
}

func TestHopelessSurvivalInput(t *testing.T) {
	scores, time := []float64{1, 2}, []float64{1, 2}
	for name, test := range map[string]struct {
		champion []float64
		event    []bool
		want     string
	}{
		"no events":     {nil, []bool{false, false}, "no events"},
		"no pairs":      {nil, []bool{false, true}, "nobody outlived"},
		"fewer events":  {nil, []bool{true}, "1 and 2 rows"},
		"champion of 1": {[]float64{1}, []bool{true, true}, "champion's scores"},
	} {
		_, err := performance.Survival(scores, time, test.event, test.champion, [32]byte{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, test.want)
		}
	}
}
