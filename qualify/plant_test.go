package qualify

import (
	"context"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// populations are opened once for all tests.
var populations = sync.OnceValues(func() ([]*pool, error) {
	dir, err := os.MkdirTemp("", "assay-qualify-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	return openPools(context.Background(), dir)
})

func population(t *testing.T, name string) *pool {
	t.Helper()
	pools, err := populations()
	if err != nil {
		t.Fatal(err)
	}
	return pools[slices.IndexFunc(pools, func(p *pool) bool { return p.name == name })]
}

func clean(t *testing.T, name string) *specimen {
	t.Helper()
	return population(t, name).draw(stream(1, t.Name()))
}

// afflicted is a clean specimen with one defect.
func afflicted(t *testing.T, data, defect string, strength float64) *specimen {
	t.Helper()
	made := clean(t, data)
	for _, listed := range Defects() {
		if listed.Name == defect {
			listed.plant(made, stream(1, t.Name(), defect), strength)
			return made
		}
	}
	t.Fatalf("there is no defect %q", defect)
	return nil
}

func (s *specimen) measured(of func(one patient) bool) (scores []float64, labels []bool) {
	for _, one := range s.holdout {
		if of(one) {
			scores, labels = append(scores, one.score), append(labels, s.hadEvent(one))
		}
	}
	return scores, labels
}

// numbers of a column of the holdout, where there are any.
func (s *specimen) numbers(column string) []float64 {
	var numbers []float64
	for _, one := range s.holdout {
		if value, err := strconv.ParseFloat(one.values[s.at(column)], 64); err == nil {
			numbers = append(numbers, value)
		}
	}
	return numbers
}

func (s *specimen) prevalence() stats.Proportion {
	found := stats.Proportion{Trials: len(s.holdout)}
	for _, one := range s.holdout {
		if s.hadEvent(one) {
			found.Successes++
		}
	}
	return found
}

func all(patient) bool { return true }

func holds(t *testing.T, what string, interval stats.Interval, want float64) {
	t.Helper()
	slack := (interval.High - interval.Low) / 2 // twice the width: about four standard errors
	if !(interval.Low-slack <= want && want <= interval.High+slack) {
		t.Errorf("%s is %.4f to %.4f, want %.4f", what, interval.Low, interval.High, want)
	}
}

// What a clean specimen promises is what a defect changes.
func TestCleanSpecimensAreCalibratedAndFair(t *testing.T) {
	for _, name := range probabilities {
		s := clean(t, name)
		scores, labels := s.measured(all)
		calibration, err := stats.Calibrate(scores, labels)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, name+": slope", calibration.Slope.Interval, 1)
		holds(t, name+": intercept", calibration.Intercept.Interval, 0)
		for _, cohort := range []string{"a", "b"} {
			holds(t, name+": sensitivity of "+cohort, s.sensitivity(t, cohort), 1-missedInPopulation)
		}
	}
}

func (s *specimen) confusion(t *testing.T, cohort string) stats.Confusion {
	t.Helper()
	scores, labels := s.measured(func(one patient) bool { return s.inCohort(one, cohort) })
	confusion, err := stats.Confuse(scores, labels, s.recipe.DecisionThreshold)
	if err != nil {
		t.Fatal(err)
	}
	return confusion
}

func (s *specimen) sensitivity(t *testing.T, cohort string) stats.Interval {
	t.Helper()
	return s.confusion(t, cohort).Sensitivity().Wilson(stats.Alpha)
}

// A strength is worth what it says: the defect is as large, in the patients
// that are drawn, as sampling lets it be.
func TestDefectsHaveTheStrengthThatTheySay(t *testing.T) {
	for _, data := range probabilities {
		for _, slope := range []float64{0.5, 2} {
			scores, labels := afflicted(t, data, "miscalibration", slope).measured(all)
			calibration, err := stats.Calibrate(scores, labels)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, data+": slope", calibration.Slope.Interval, slope)
		}
		for _, ratio := range []float64{0.5, 2} {
			observed, err := stats.OERatio(afflicted(t, data, "shifted risks", ratio).measured(all))
			if err != nil {
				t.Fatal(err)
			}
			holds(t, data+": observed over expected", observed.Interval, ratio)
		}
		s := afflicted(t, data, "biased subgroup", 0.25)
		holds(t, data+": sensitivity of b", s.sensitivity(t, "b"), 1-missedInPopulation-0.25)
		holds(t, data+": sensitivity of a", s.sensitivity(t, "a"), 1-missedInPopulation)
		for _, auroc := range []float64{0.99, 0.97} {
			s := afflicted(t, data, "leakage", auroc)
			_, labels := s.measured(all)
			ranking, err := stats.DeLong(s.numbers("late_marker"), labels)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, data+": AUROC of the marker", ranking.Interval(stats.Alpha), auroc)
		}
	}
	s := afflicted(t, breast, "false alarms in a subgroup", 0.25)
	a, b := s.confusion(t, "a").FalsePositiveRate(), s.confusion(t, "b").FalsePositiveRate()
	holds(t, "false alarms", stats.Newcombe(b, a, stats.Alpha), 0.25)
}

func TestAnOverfittedModelLosesWhatTheStrengthSays(t *testing.T) {
	for _, data := range everything {
		s := afflicted(t, data, "overfitted model", 0.1)
		scores, events := s.measured(all)
		ranking, err := stats.DeLong(scores, events)
		if data == lung {
			ranking, err = stats.Harrell(scores, s.numbers(s.contract.Time), events)
		}
		if err != nil {
			t.Fatal(err)
		}
		holds(t, data+": discrimination on the holdout", ranking.Interval(stats.Alpha), s.discrimination-0.1)
	}
}

func TestDefectsInDataHaveTheStrengthThatTheySay(t *testing.T) {
	for _, data := range everything {
		honest := clean(t, data)
		column := shiftedColumn[data]
		before, shifted := honest.numbers(column), afflicted(t, data, "drift", 1)
		moved := stat.Mean(shifted.numbers(column), nil) - stat.Mean(before, nil)
		if deviation := stat.StdDev(before, nil); math.Abs(moved/deviation-1) > 1e-3 {
			t.Errorf("%s: %s moved by %.4f standard deviations", data, column, moved/deviation)
		}
		sign := 1.0
		if data == lung {
			sign = -1
		}
		holds(t, data+": prevalence", stats.Newcombe(afflicted(t, data, "prevalence shift", 0.25).prevalence(), honest.prevalence(), stats.Alpha), sign*0.25)
	}
}

func TestOneCohortIsLeftWithTheEventsThatTheStrengthNames(t *testing.T) {
	for _, events := range []int{0, 5, 60} {
		if got := afflicted(t, colon, "shrunk subgroup", float64(events)).confusion(t, "b").Positives(); got != events {
			t.Errorf("%d events are left, want %d", got, events)
		}
	}
}

func TestPatientsOnBothSidesKeepOrLoseTheirKey(t *testing.T) {
	for defect, shared := range map[string]int{"patient overlap": 5, "patient overlap, new key": 0} {
		s := afflicted(t, lung, defect, 5)
		trained := map[string]bool{}
		for _, one := range s.train {
			trained[one.values[s.at(s.contract.Key)]] = true
		}
		both := 0
		for _, one := range s.holdout {
			if trained[one.values[s.at(s.contract.Key)]] {
				both++
			}
		}
		if both != shared {
			t.Errorf("%s: %d keys stand on both sides, want %d", defect, both, shared)
		}
	}
}

func TestADrawIsAFunctionOfItsWords(t *testing.T) {
	from := population(t, lung)
	one, same, other := from.draw(stream(1, "a", 2)), from.draw(stream(1, "a", 2)), from.draw(stream(2, "a", 2))
	bytes := func(s *specimen) string {
		return string(s.csv(s.train, s.columns)) + string(s.csv(s.holdout, s.columns))
	}
	if bytes(one) != bytes(same) || !slices.Equal(one.champion, same.champion) {
		t.Error("the same words gave two specimens")
	}
	if bytes(one) == bytes(other) {
		t.Error("two seeds gave one specimen")
	}
	if stream(1, "ab").Uint64() == stream(1, "a", "b").Uint64() {
		t.Error("two purposes share their draws")
	}
}

// Specimens of one replicate share a clean one: no defect may spoil it.
func TestPlantingLeavesTheCleanSpecimenAlone(t *testing.T) {
	for _, defect := range Defects() {
		data := defect.Data[0]
		honest := clean(t, data)
		before, err := honest.inputs()
		if err != nil {
			t.Fatal(err)
		}
		defect.plant(honest.copy(), stream(1, defect.Name), defect.Strengths[0].Value)
		if after, err := honest.inputs(); err != nil || !maps.Equal(before, after) {
			t.Errorf("%s changed the specimen that it was not planted into", defect.Name)
		}
	}
}
