package stats_test

import (
	"errors"
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// cohort is one of the oracle's Cox regressions, rows with a missing value
// dropped.
type cohort struct {
	x     [][]float64
	time  []float64
	event []bool
}

func (c *cohort) design(columns ...[]float64) {
	var time []float64
	var event []bool
	for i := range c.time {
		row := make([]float64, len(columns))
		whole := true
		for j, column := range columns {
			row[j] = column[i]
			whole = whole && !math.IsNaN(column[i])
		}
		if whole {
			c.x, time, event = append(c.x, row), append(time, c.time[i]), append(event, c.event[i])
		}
	}
	c.time, c.event = time, event
}

func dummy(flags []bool) []float64 {
	column := make([]float64, len(flags))
	for i, flag := range flags {
		if flag {
			column[i] = 1
		}
	}
	return column
}

func readCohort(t *testing.T, id string) cohort {
	t.Helper()
	var c cohort
	switch id {
	case "lung":
		d := readPatients(t, "lung_ncctg.csv")
		c = cohort{time: d.number(t, "time"), event: d.is("status", "2")}
		c.design(d.number(t, "age"), dummy(d.is("sex", "2")), d.number(t, "ph_ecog"))
	case "veteran":
		d := readPatients(t, "lung_veteran.csv")
		c = cohort{time: d.number(t, "time"), event: d.is("status", "1")}
		c.design(dummy(d.is("trt", "2")), d.number(t, "karno"), d.number(t, "diagtime"), d.number(t, "age"), dummy(d.is("prior", "10")),
			dummy(d.is("celltype", "smallcell")), dummy(d.is("celltype", "adeno")), dummy(d.is("celltype", "large")))
	case "gbsg":
		d := readPatients(t, "breast_gbsg.csv")
		c = cohort{time: d.number(t, "rfstime"), event: d.is("status", "1")}
		c.design(d.number(t, "age"), d.number(t, "meno"), d.number(t, "size"), d.number(t, "grade"),
			d.number(t, "nodes"), d.number(t, "pgr"), d.number(t, "er"), d.number(t, "hormon"))
	case "ovarian":
		d := readPatients(t, "ovarian_mayo.csv")
		c = cohort{time: d.number(t, "futime"), event: d.is("fustat", "1")}
		c.design(d.number(t, "age"), dummy(d.is("resid_ds", "2")), dummy(d.is("rx", "2")), dummy(d.is("ecog_ps", "2")))
	case "melanoma":
		d := readPatients(t, "melanoma_odense.csv")
		c = cohort{time: d.number(t, "time"), event: d.is("status", "1")}
		c.design(d.number(t, "thick"), dummy(d.is("ulcer", "present")), dummy(d.is("sex", "Male")), d.number(t, "age"))
	default:
		t.Fatalf("no cohort %q", id)
	}
	return c
}

func (c cohort) risk(coef []float64) []float64 {
	scores := make([]float64, len(c.x))
	for i, row := range c.x {
		for j, value := range row {
			scores[i] += value * coef[j]
		}
	}
	return scores
}

func TestCoxAgreesWithR(t *testing.T) {
	for _, want := range readOracle(t).Cox {
		c := readCohort(t, want.ID)
		got, err := stats.Cox(c.x, c.time, c.event, 0)
		if err != nil {
			t.Fatalf("%s: %v", want.ID, err)
		}
		near(t, want.ID+" log-likelihood", got.LogLikelihood, want.Efron.LogLik, iterated)
		for _, coef := range want.Efron.Coef {
			at := closest(got.Coef, coef)
			near(t, want.ID+" coefficient", got.Coef[at], coef, iterated)
		}
		for _, se := range want.Efron.SE {
			near(t, want.ID+" standard error", got.SE[closest(got.SE, se)], se, iterated)
		}
	}
}

// closest finds a coefficient whatever the order of the dummy columns.
func closest(values []float64, wanted float64) int {
	best := 0
	for i, value := range values {
		if math.Abs(value-wanted) < math.Abs(values[best]-wanted) {
			best = i
		}
	}
	return best
}

func TestConcordanceAgreesWithR(t *testing.T) {
	for _, want := range readOracle(t).Cox {
		c := readCohort(t, want.ID)
		fit, err := stats.Cox(c.x, c.time, c.event, 0)
		if err != nil {
			t.Fatal(err)
		}
		scores := c.risk(fit.Coef)
		harrell, err := stats.Harrell(scores, c.time, c.event)
		if err != nil {
			t.Fatal(err)
		}
		near(t, want.ID+" harrell", harrell.Value, want.Harrell.Concordance, closed)
		near(t, want.ID+" harrell se", math.Sqrt(harrell.Variance), want.Harrell.SE, closed)
		uno, err := stats.Uno(scores, c.time, c.event)
		if err != nil {
			t.Fatal(err)
		}
		near(t, want.ID+" uno", uno.Value, want.Uno, closed)
		if want.ID == "lung" {
			near(t, "lung uno se", math.Sqrt(uno.Variance), .02356243, printed)
		}
	}
}

func TestConcordanceOfAgeAlone(t *testing.T) {
	data := readPatients(t, "lung_ncctg.csv")
	got, err := stats.Harrell(data.number(t, "age"), data.number(t, "time"), data.is("status", "2"))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "concordance", got.Value, .5502398, printed)
	near(t, "se", math.Sqrt(got.Variance), .02514211, printed)
}

func TestKaplanMeierAgreesWithR(t *testing.T) {
	for _, want := range readOracle(t).KaplanMeier {
		file, timeColumn, eventColumn, eventValue, groupColumn := "lung_ncctg.csv", "time", "status", "2", "sex"
		if want.ID == "ovarian_by_rx" {
			file, timeColumn, eventColumn, eventValue, groupColumn = "ovarian_mayo.csv", "futime", "fustat", "1", "rx"
		}
		data := readPatients(t, file)
		allTimes, allEvents := data.number(t, timeColumn), data.is(eventColumn, eventValue)
		for _, group := range want.Groups {
			var time []float64
			var event []bool
			for i := range allTimes {
				if group.Group == "all" || data[groupColumn][i] == group.Group {
					time, event = append(time, allTimes[i]), append(event, allEvents[i])
				}
			}
			curve, err := stats.KaplanMeier(time, event)
			if err != nil {
				t.Fatal(err)
			}
			for i, at := range group.Times {
				near(t, want.ID+" survival", curve.At(at).Survival, group.Surv[i], closed)
				near(t, want.ID+" se", curve.At(at).SE, group.SE[i], closed)
			}
		}
	}
}

func TestNobodyIsLostBeforeTheFirstEvent(t *testing.T) {
	curve, err := stats.KaplanMeier([]float64{5, 9}, []bool{true, false})
	if err != nil {
		t.Fatal(err)
	}
	if start := curve.At(1); start.Survival != 1 || start.AtRisk != 2 {
		t.Errorf("got %+v", start)
	}
}

func TestDifferenceOfTwoSurvivalModels(t *testing.T) {
	c := readCohort(t, "lung")
	fit, err := stats.Cox(c.x, c.time, c.event, 0)
	if err != nil {
		t.Fatal(err)
	}
	full, age := c.risk(fit.Coef), c.risk([]float64{1, 0, 0})
	first, err := stats.HarrellDifference(full, age, c.time, c.event, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := stats.HarrellDifference(full, age, c.time, c.event, [32]byte{1})
	if err != nil || first != again {
		t.Errorf("the same seed gave %+v and %+v (%v)", first, again, err)
	}
	if !(0 < first.Low && first.Low < first.Value && first.Value < first.High) {
		t.Errorf("the full model is better than age alone: %+v", first)
	}
	none, err := stats.HarrellDifference(full, full, c.time, c.event, [32]byte{1})
	if err != nil || none.Value != 0 || none.Interval != (stats.Interval{}) {
		t.Errorf("a model less itself: %+v, %v", none, err)
	}
}

func TestPerfectConcordanceStaysUncertain(t *testing.T) {
	time, event := []float64{1, 2, 3, 4}, []bool{true, true, true, true}
	got, err := stats.Harrell([]float64{4, 3, 2, 1}, time, event)
	if err != nil || got.Value != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	near(t, "low", got.Interval(stats.Alpha).Low, math.Sqrt(.025), closed)
}

func TestSurvivalOfHopelessInput(t *testing.T) {
	scores := []float64{1, 2}
	for name, test := range map[string]struct {
		time  []float64
		event []bool
		want  error
	}{
		"no events":          {[]float64{1, 2}, []bool{false, false}, stats.ErrOneClass},
		"negative time":      {[]float64{-1, 2}, []bool{true, true}, stats.ErrRange},
		"missing time":       {[]float64{math.NaN(), 2}, []bool{true, true}, stats.ErrNotFinite},
		"all at one time":    {[]float64{2, 2}, []bool{true, true}, stats.ErrNoPairs},
		"event after censor": {[]float64{2, 1}, []bool{true, false}, stats.ErrNoPairs},
	} {
		for _, index := range []func(a, b []float64, c []bool) (stats.Ranking, error){stats.Harrell, stats.Uno} {
			if _, err := index(scores, test.time, test.event); !errors.Is(err, test.want) {
				t.Errorf("%s: got %v, want %v", name, err, test.want)
			}
		}
	}
}
