package performance_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

func haemorrhages(t *testing.T, declared *v1alpha1.Range) gates.Candidate {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "asah.csv"))
	if err != nil {
		t.Fatal(err)
	}
	scores, _ := asah(t)
	c := candidate(t, string(content), v1alpha1.Binary, scores...)
	c.Dataset.Spec.Label, c.Model.Spec.DecisionRange = "y", declared
	return c
}

// Net benefit at .1, .2, .3, .4 and .5 is .2480, .1786, .1173, .0298 and .0179,
// and of treating all .2460, .1518, .0306, less than 0 and less than 0: the
// least gain of these five is .0020, at .1.
func TestTheLeastGainOfARangeIsMeasured(t *testing.T) {
	measured, err := performance.Gate{}.Measure(context.Background(), haemorrhages(t, &v1alpha1.Range{From: .1, To: .5}))
	if err != nil {
		t.Fatal(err)
	}
	near(t, measured, "decision_thresholds", 9, 0)
	least := find(t, measured, "net_benefit_gain_least")
	at := find(t, measured, "net_benefit_gain_least_at").Value.Float()
	if least.Value.Float() > .0020 || at < .1 || at > .5 || !strings.Contains(least.Method, "least of 9 thresholds from 0.1 to 0.5") {
		t.Errorf("%+v at %v", least, at)
	}
	scores, labels := asah(t)
	for i := range 9 {
		there, err := performance.Binary(scores, labels, .1+float64(i)*.05, performance.Champion{}, [32]byte{})
		if err != nil {
			t.Fatal(err)
		}
		one := find(t, there, "net_benefit_gain")
		if one.Value.Float() < least.Value.Float()-1e-12 || one.Low.Float() < least.Low.Float()-1e-12 {
			t.Errorf("at %v less is gained: %+v, least is %+v", .1+float64(i)*.05, one, least)
		}
		if near := one.Value.Float() - least.Value.Float(); near < 1e-9 && one.High.Float() > least.High.Float() {
			t.Errorf("nine looks are surer than one: %+v, %+v", least, one)
		}
	}
}

func TestARangeIsOfThresholds(t *testing.T) {
	undeclared, err := performance.Gate{}.Measure(context.Background(), haemorrhages(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	near(t, undeclared, "decision_thresholds", 0, 0)
	for _, wrong := range []v1alpha1.Range{{From: .5, To: .1}, {From: 0, To: .5}, {From: .5, To: 1}, {From: .3, To: .3}} {
		if _, err := (performance.Gate{}).Measure(context.Background(), haemorrhages(t, &wrong)); err == nil || !strings.Contains(err.Error(), "is no range of thresholds") {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	odds := haemorrhages(t, &v1alpha1.Range{From: .1, To: .5})
	odds.Scores[0] = 3
	measured, err := performance.Gate{}.Measure(context.Background(), odds)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"net_benefit_gain_least", "net_benefit_gain_least_at"} {
		if m := find(t, measured, name); m.Value != evidence.Decimal("") || !strings.Contains(m.Method, "is not a probability") {
			t.Errorf("got %+v", m)
		}
	}
}
