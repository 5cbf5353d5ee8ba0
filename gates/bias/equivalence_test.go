package bias

import (
	"math"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func sensitivities(pairs ...[2]int) []stats.Proportion {
	found := make([]stats.Proportion, len(pairs))
	for i, pair := range pairs {
		found[i] = stats.Proportion{Successes: pair[0], Trials: pair[1]}
	}
	return found
}

func about(column string, found []stats.Proportion) primary {
	return primary{"sensitivity", column, marginRate, func(alpha float64) gap { return rateGap(found, alpha) }}
}

// At the p-value the interval ends at the margin, and 0.05 divides as the gate's
// own interval does.
func TestThePValueInvertsTheInterval(t *testing.T) {
	for name, found := range map[string][]stats.Proportion{
		"alike and many":       sensitivities([2]int{900, 1000}, [2]int{905, 1000}),
		"alike and fewer":      sensitivities([2]int{180, 200}, [2]int{181, 200}),
		"three":                sensitivities([2]int{900, 1000}, [2]int{905, 1000}, [2]int{380, 400}),
		"apart":                sensitivities([2]int{900, 1000}, [2]int{700, 1000}),
		"nobody has the event": sensitivities([2]int{900, 1000}, [2]int{0, 0}),
	} {
		question := about("sex", found)
		p, high := question.p(), question.of(stats.Alpha).High
		if (p <= stats.Alpha) != (high <= marginRate) {
			t.Errorf("%s: p is %v, and the interval ends at %v", name, p, high)
		}
		if at := question.of(p).High; p > surest && p < 1 && math.Abs(at-marginRate) > 1e-6 {
			t.Errorf("%s: at p = %v the interval ends at %v", name, p, at)
		}
		if gapless := name == "apart" || name == "nobody has the event"; gapless != (p == 1) {
			t.Errorf("%s: p is %v", name, p)
		}
	}
}

// Patients without any true difference above the margin are shown to be alike
// more surely, the more they are.
func TestMorePatientsAreSurer(t *testing.T) {
	last := 2.0
	for _, n := range []int{100, 200, 400, 800} {
		p := about("sex", sensitivities([2]int{n * 9 / 10, n}, [2]int{n * 9 / 10, n})).p()
		if p >= last {
			t.Errorf("%d patients: p is %v, and with fewer %v", n, p, last)
		}
		last = p
	}
}

func TestHolmAdjustsOverTheFamily(t *testing.T) {
	family := []primary{
		about("sex", sensitivities([2]int{900, 1000}, [2]int{905, 1000})),
		about("site", sensitivities([2]int{180, 200}, [2]int{181, 200})),
		about("race", sensitivities([2]int{180, 200})),
	}
	measured, err := equivalence(family)
	if err != nil {
		t.Fatal(err)
	}
	sure, unsure := family[0].p(), family[1].p()
	for group, want := range map[string][2]float64{"sensitivity sex": {sure, 3 * sure}, "sensitivity site": {unsure, min(1, 2*unsure)}} {
		alone, adjusted := valued(measured, "equivalence_p", group), valued(measured, "equivalence_p_holm", group)
		if math.Abs(alone-want[0]) > 1e-12 || math.Abs(adjusted-want[1]) > 1e-12 {
			t.Errorf("%s: got %v and %v, want %v", group, alone, adjusted, want)
		}
	}
	if !math.IsNaN(valued(measured, "equivalence_p_holm", "sensitivity race")) {
		t.Error("one cohort was compared with itself")
	}
	if none, err := equivalence(nil); err != nil || len(none) != 0 {
		t.Errorf("no column: got %v, %v", none, err)
	}
}

func valued(measured []evidence.Measurement, name, group string) float64 {
	for _, m := range measured {
		if m.Name == name && m.Group == group {
			return m.Value.Float()
		}
	}
	return math.Inf(1)
}
