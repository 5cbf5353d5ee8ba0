package promotion

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// branch is what an environment's branch has held, the newest first, and for
// how long the newest served healthily in the environments before.
type branch struct {
	held    []evidence.Digest
	healthy map[string]time.Duration
	err     error
}

func (b branch) Admissions(context.Context, string, string) ([]Admission, error) {
	var past []Admission
	for _, release := range b.held {
		past = append(past, Admission{Release: release})
	}
	return past, b.err
}

func (b branch) Healthy(environment string, _ evidence.Subject) (time.Duration, bool) {
	healthy, watched := b.healthy[environment]
	return healthy, watched
}

var one, two, three = evidence.Sum([]byte("one")), evidence.Sum([]byte("two")), evidence.Sum([]byte("three"))

// asking is the change that would bring release two to production.
func asking(t *testing.T, spec v1alpha1.EnvironmentSpec, known branch, change func(*Tools, *State)) (*judge.Change, error) {
	t.Helper()
	tools := newBench().tools(t, repository(nil))
	tools.Admitted, tools.Exposed = known, known
	state := &State{Request: Request{Environment: "production", Model: "tumour"}, Release: evidence.Subject{Name: "tumour", Digest: two},
		Objects: Objects{Environment: v1alpha1.Environment{Spec: spec}, Promotion: v1alpha1.Promotion{Spec: v1alpha1.PromotionSpec{Release: string(two)}}}}
	if change != nil {
		change(&tools, state)
	}
	return changeOf(t.Context(), tools, state)
}

func TestTheBranchTellsWhatIsAWayBack(t *testing.T) {
	for name, test := range map[string]struct {
		held            []evidence.Digest
		holds, rollback bool
	}{
		"a branch that held nothing":          {nil, false, false},
		"a release that never was here":       {[]evidence.Digest{one}, false, false},
		"the release that is here":            {[]evidence.Digest{two, one}, true, false},
		"the one before":                      {[]evidence.Digest{three, two, one}, false, true},
		"what a rollback left":                {[]evidence.Digest{one, two, one}, false, false},
		"further back, after a rollback":      {[]evidence.Digest{three, one, three, two}, false, true},
		"the model was taken away":            {[]evidence.Digest{"", two}, false, false},
		"back to where a rollback had led to": {[]evidence.Digest{three, two, three, two, one}, false, true},
	} {
		change, err := asking(t, v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging"}}, branch{held: test.held}, nil)
		if err != nil || change.Holds != test.holds || change.Rollback != test.rollback {
			t.Errorf("%s: %+v, %v", name, change, err)
		}
	}
	if _, err := asking(t, v1alpha1.EnvironmentSpec{}, branch{err: errors.New("no remote")}, nil); err == nil {
		t.Error("a branch that could not be read was taken for an empty one")
	}
	change, err := asking(t, v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging"}}, branch{}, func(tools *Tools, _ *State) { tools.Admitted = nil })
	if err != nil || change.Holds || change.Rollback {
		t.Errorf("without a branch: %+v, %v", change, err)
	}
}

func TestASoakIsToldOfEachEnvironmentBefore(t *testing.T) {
	spec := v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging", "canary"}, Soak: v1alpha1.Soak{Duration: 72 * time.Hour}}
	known := branch{healthy: map[string]time.Duration{"staging": 72*time.Hour - time.Nanosecond}}
	change, err := asking(t, spec, known, nil)
	want := []judge.Soak{{Environment: "staging", Healthy: "259199"}, {Environment: "canary"}}
	if err != nil || change.Soak != "259200" || !slices.Equal(change.Soaks, want) {
		t.Errorf("asked for %s s, told %+v, %v", change.Soak, change.Soaks, err)
	}
	change, err = asking(t, spec, known, func(tools *Tools, _ *State) { tools.Exposed = nil })
	if err != nil || change.Soaks[0].Healthy != "" {
		t.Errorf("nobody watched: told %+v, %v", change.Soaks, err)
	}
}

// What a change has to pass is what it leaves, and what was there before it.
func TestAChangeCannotLiftWhatItHasToPass(t *testing.T) {
	merged := fstest.MapFS{"environments/production/environment.yaml": {Data: []byte(`apiVersion: assay.dev/v1alpha1
kind: Environment
metadata: {name: production}
spec: {profile: production, namespace: n, after: [staging, canary], soak: {duration: 72h}, approvals: [clinical]}
`)}}
	lax := v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging"}, Approvals: []string{"quality"}}
	change, err := asking(t, lax, branch{}, func(tools *Tools, _ *State) { tools.Base = merged })
	if err != nil {
		t.Fatal(err)
	}
	if change.Soak != "259200" || !slices.Equal(change.After, []string{"staging", "canary"}) || !slices.Equal(change.Required, []string{"quality", "clinical"}) {
		t.Errorf("it has to pass %+v", change)
	}
	change, err = asking(t, lax, branch{}, func(tools *Tools, _ *State) { tools.Base = fstest.MapFS{} })
	if err != nil || change.Soak != "0" || len(change.After) != 1 || len(change.Required) != 1 {
		t.Errorf("a new environment has to pass %+v, %v", change, err)
	}
	merged["environments/production/environment.yaml"].Data = []byte("spec: [")
	if _, err := asking(t, lax, branch{}, func(tools *Tools, _ *State) { tools.Base = merged }); err == nil {
		t.Error("what could not be read asked for nothing")
	}
}

func TestRolesAreThoseThatTheGateCounted(t *testing.T) {
	said := func(gate, name string) evidence.Measurements {
		return evidence.Measurements{Gate: gate, Measurements: []evidence.Measurement{{Name: name, Group: "clinical", Value: "1"}}}
	}
	for name, test := range map[string]struct {
		measured evidence.Measurements
		want     []string
	}{
		"the gate counted":  {said(gates.Compliance, "approved_in"), []string{"clinical"}},
		"another gate":      {said(gates.Bias, "approved_in"), nil},
		"something else":    {said(gates.Compliance, "signature"), nil},
		"nothing was asked": {evidence.Measurements{}, nil},
	} {
		change, err := asking(t, v1alpha1.EnvironmentSpec{}, branch{}, func(_ *Tools, state *State) { state.Measured = []evidence.Measurements{test.measured} })
		if err != nil || change.Approved == nil || change.Required == nil || !slices.Equal(change.Approved, test.want) {
			t.Errorf("%s: %+v, %v", name, change, err)
		}
	}
}

func TestAnEditedBranchStopsItsEnvironment(t *testing.T) {
	for environment, whole := range map[string]bool{"production": false, "staging": true} {
		change, err := asking(t, v1alpha1.EnvironmentSpec{}, branch{}, func(tools *Tools, _ *State) {
			tools.Edited = map[string][]string{environment: {"branch main was edited"}}
		})
		if err != nil || change.Whole != whole || change.Edited == nil || len(change.Edited) == 1 == whole {
			t.Errorf("%s was edited: %+v, %v", environment, change, err)
		}
	}
}
