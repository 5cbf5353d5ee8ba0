package qualify

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

func TestADefectIsCaughtByTheRuleThatIsThereForIt(t *testing.T) {
	defect := &Defect{Gate: gates.Bias, Expected: biasRules("equal_opportunity", "discrimination_gap")}
	finding := func(rule string, state gates.State) gates.Finding { return gates.Finding{Rule: rule, State: state} }
	for name, test := range map[string]struct {
		seen examined
		want string
	}{
		"nothing":           {examined{}, missed},
		"another rule":      {examined{findings: []gates.Finding{finding("model.dataset.drift", gates.Failed)}}, missed},
		"it failed":         {examined{findings: []gates.Finding{finding("model.bias.equal_opportunity", gates.Failed)}}, failed},
		"it is missing":     {examined{findings: []gates.Finding{finding("model.bias.equal_opportunity", gates.Missing)}}, failed},
		"it is not settled": {examined{findings: []gates.Finding{finding("model.bias.discrimination_gap", gates.Inconclusive)}}, inconclusive},
		"one of two failed": {examined{findings: []gates.Finding{finding("model.bias.discrimination_gap", gates.Inconclusive), finding("model.bias.equal_opportunity", gates.Failed)}}, failed},
		"its gate refused":  {examined{answers: map[string]answer{gates.Bias: {refused: errors.New("one class")}}}, failed},
		"another refused":   {examined{answers: map[string]answer{gates.Dataset: {refused: errors.New("one class")}}}, missed},
	} {
		if got := defect.outcome(test.seen); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestFalseDenialsCountOnceForEachGate(t *testing.T) {
	counted := newTally()
	counted.add(breast, trial{}, examined{})
	counted.add(breast, trial{}, examined{
		findings: []gates.Finding{{Rule: "model.bias.discrimination_gap"}, {Rule: "model.bias.equal_opportunity"}, {Rule: "model.performance.calibration"}},
		answers:  map[string]answer{gates.Performance: {refused: errors.New("one class")}},
	})
	got := counted.clean[breast]
	if got.N != 2 || got.Gates[gates.Bias] != 1 || got.Gates[gates.Performance] != 1 || got.Gates[gates.Dataset] != 0 {
		t.Errorf("counted %+v", got)
	}
	if got.Denied["model.performance.calibration"] != 0 || got.Denied["performance"] != 1 {
		t.Errorf("a refusal is told as %v", got.Denied)
	}
}

func TestNothingTriedIsNothingReached(t *testing.T) {
	for _, test := range []struct {
		share   Share
		reached bool
	}{{newShare(0, 0), false}, {newShare(18, 20), false}, {newShare(19, 20), true}, {newShare(20, 20), true}} {
		if test.share.reached() != test.reached {
			t.Errorf("%+v", test.share)
		}
	}
}

func TestARuleThatNobodyHasWrittenIsNotExpected(t *testing.T) {
	err := known([]Defect{{Name: "drift", Expected: datasetRules("drfit")}}, []string{"model.dataset.drift"})
	if err == nil || !strings.Contains(err.Error(), `defect "drift" expects rule model.dataset.drfit`) {
		t.Errorf("error %v", err)
	}
}

func TestRunsAreBounded(t *testing.T) {
	for _, replicates := range []int{-1, 0, MostReplicates + 1} {
		if _, err := Run(t.Context(), Options{Replicates: replicates}); err == nil {
			t.Errorf("%d replicates were begun", replicates)
		}
	}
}

func TestAnInterruptedRunIsNoResult(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	options := Small(1)
	options.Progress = func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}
	if _, err := Run(ctx, options); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// The order in which workers finish leaves no trace.
func TestWorkersDoNotChangeTheAnswer(t *testing.T) {
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	pools := []*pool{population(t, lung)}
	var defects []Defect
	for _, defect := range Defects() {
		if defect.Name == "duplicated rows" || defect.Name == "drift" {
			defect.Data = []string{lung}
			defects = append(defects, defect)
		}
	}
	var answers []string
	for _, workers := range []int{1, 3} {
		r := &run{Options: Options{Seed: 3, Replicates: 1, Clean: 1, Workers: workers}, court: court, dir: t.TempDir(), defects: defects, tally: newTally()}
		if err := r.replicate(t.Context(), pools[0], 0); err != nil {
			t.Fatal(err)
		}
		result, err := r.qualification(t.Context(), pools)
		if err != nil {
			t.Fatal(err)
		}
		content, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, string(content))
	}
	if answers[0] != answers[1] {
		t.Errorf("one worker:\n%s\nthree:\n%s", answers[0], answers[1])
	}
}
