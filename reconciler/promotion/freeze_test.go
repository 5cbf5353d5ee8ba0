package promotion

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// court lets the bench judge models, and the rules judge changes.
type court struct {
	*bench
	rules *judge.Judge
}

func (c court) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	verdict, err := c.bench.Judge(ctx, question)
	if question.Change != nil && err == nil {
		return c.rules.Judge(ctx, question)
	}
	return verdict, err
}

var rulebook = sync.OnceValues(func() (*judge.Judge, error) { return judge.New(context.Background(), policies.FS) })

// frozen is a bench whose changes are judged by the rules.
func frozen(t *testing.T, tree fstest.MapFS) (*bench, Tools) {
	t.Helper()
	rules, err := rulebook()
	if err != nil {
		t.Fatal(err)
	}
	work := newBench()
	tools := work.tools(t, tree)
	tools.Judge, tools.Base = court{work, rules}, tree
	return work, tools
}

func freezing(name, more string) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: Freeze\nmetadata: {name: " + name + "}\nspec: {reason: nobody is there" + more + "}\n"
}

// The request of the tests is made at 2027-01-15T08:00:00Z.
const holidays = `, from: "2027-01-15T07:00:00Z", until: "2027-01-15T09:00:00Z"`

// What is merged in a freeze is judged, and not delivered until it is over.
func TestWhatIsMergedInAFreezeWaits(t *testing.T) {
	tree := repository(map[string]string{"freezes/holidays.yaml": freezing("holidays", holidays+", environments: [development]")})
	if err := Validate(tree); err != nil {
		t.Fatal(err)
	}
	work, tools := frozen(t, tree)
	state := run(t, tools, request(tree, "development"))
	finding, is := state.Frozen()
	if !is || state.Verdict.Allowed() || len(work.branches["development"]) != 0 {
		t.Fatalf("it was delivered: %+v", state.Verdict)
	}
	if want := "development is frozen by holidays (nobody says by whom) until 2027-01-15T09:00:00Z: nobody is there"; finding.Message != want {
		t.Errorf("it says %q", finding.Message)
	}
	if ends := time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC); !Resumes([]*State{state, {}, {Turns: ends.Add(1)}}).Equal(ends) {
		t.Errorf("to be looked at again at %s", Resumes([]*State{state}))
	}
	later := request(tree, "development")
	later.Time = later.Time.Add(time.Hour)
	state = run(t, tools, later)
	if _, is := state.Frozen(); is || !state.Verdict.Allowed() || len(work.branches["development"]) != 1 || !Resumes([]*State{state}).IsZero() {
		t.Errorf("when it is over: %+v", state.Verdict)
	}
	if work.trained != 1 {
		t.Errorf("it was trained %d times", work.trained)
	}
}

// A freeze concerns what is new here, in the environments that it names.
func TestWhatAFreezeConcerns(t *testing.T) {
	for name, story := range map[string]struct {
		more    string
		held    func(release evidence.Digest) []evidence.Digest
		allowed bool
	}{
		"everywhere":                    {"", nil, false},
		"a kill switch here":            {", environments: [development]", nil, false},
		"somewhere else":                {", environments: [staging]", nil, true},
		"it is over":                    {`, from: "2027-01-14T07:00:00Z", until: "2027-01-15T08:00:00Z"`, nil, true},
		"a night in Paris":              {", schedule: 30 8 * * *, duration: 1h, zone: Europe/Paris", nil, false},
		"what is here is not new":       {"", func(r evidence.Digest) []evidence.Digest { return []evidence.Digest{r, one} }, true},
		"what was here comes back":      {"", func(r evidence.Digest) []evidence.Digest { return []evidence.Digest{one, r} }, true},
		"what a rollback left does not": {"", func(r evidence.Digest) []evidence.Digest { return []evidence.Digest{one, r, one} }, false},
	} {
		tree := repository(map[string]string{"freezes/stop.yaml": freezing("stop", story.more)})
		_, tools := frozen(t, tree)
		if story.held != nil {
			release := run(t, tools, request(repository(nil), "development")).Release.Digest
			tools.Admitted = branch{held: story.held(release)}
		}
		if state := run(t, tools, request(tree, "development")); state.Verdict.Allowed() != story.allowed {
			t.Errorf("%s: %+v", name, state.Verdict.Denials())
		}
	}
}

// Nobody lifts a freeze, or a quarantine, by the change that it keeps out.
func TestAChangeLiftsNoOrderThatItHasToPass(t *testing.T) {
	base := repository(map[string]string{"freezes/stop.yaml": freezing("stop", "")})
	for name, tree := range map[string]fstest.MapFS{
		"it takes the file away":     repository(nil),
		"it makes it end":            repository(map[string]string{"freezes/stop.yaml": freezing("stop", `, from: "2027-01-14T07:00:00Z", until: "2027-01-15T07:00:00Z"`)}),
		"it makes it hold elsewhere": repository(map[string]string{"freezes/stop.yaml": freezing("stop", ", environments: [staging]")}),
		"it leaves it as it was":     base,
		"it brings another freeze":   repository(map[string]string{"freezes/other.yaml": freezing("other", "")}),
	} {
		_, tools := frozen(t, base)
		state := run(t, tools, request(tree, "development"))
		if finding, is := state.Frozen(); !is || !strings.Contains(finding.Message, "frozen by stop") {
			t.Errorf("%s: %+v", name, state.Verdict.Denials())
		}
	}
	work, tools := frozen(t, repository(nil))
	release := string(run(t, tools, request(repository(nil), "development")).Release.Digest)
	tools.Base = repository(map[string]string{"quarantines/drift.yaml": ordering("drift", release, "")})
	run(t, tools, request(repository(nil), "development"))
	if change := work.asked(t); change.Clear || len(change.Quarantines) != 1 {
		t.Errorf("a quarantine that the change lifts: %+v", change)
	}
	tools.Base = fstest.MapFS{"freezes/stop.yaml": {Data: []byte("kind: [")}}
	if _, err := Run(t.Context(), tools, request(repository(nil), "development")); err == nil {
		t.Error("a freeze that cannot be read was taken for none")
	}
}

// A training may take longer than it is until a freeze begins.
func TestAFreezeOvertakesWhatWasJudgedBefore(t *testing.T) {
	tree := repository(map[string]string{"freezes/noon.yaml": freezing("noon", `, from: "2027-01-15T12:00:00Z", until: "2027-01-15T13:00:00Z"`)})
	work, tools := frozen(t, tree)
	asked := 0
	tools.Clock = func() time.Time { // the freeze begins when the model has been judged
		asked++
		return time.Date(2027, 1, 15, 11, 59, 59, 0, time.UTC).Add(time.Duration(asked-1) * time.Second)
	}
	states, err := RunAll(t.Context(), tools, []Pair{{"development", "tumour"}}, request(tree, "development"))
	if err != nil {
		t.Fatal(err)
	}
	state := states[0]
	if _, is := state.Frozen(); !is || len(work.branches["development"]) != 0 {
		t.Errorf("it was delivered into the freeze: %+v", state.Verdict)
	}
	if got := len(state.Outputs); got != 7 || state.Outputs[got-1].Phase != isLogged {
		t.Errorf("it went through %d phases: %+v", got, state.Outputs)
	}
	if len(work.kept) != 2 || !work.kept[0].Verdict.Allowed() || work.kept[1].Verdict.Allowed() {
		t.Errorf("the log holds %d verdicts", len(work.kept))
	}
}

func TestAFreezeThatIsMisspeltIsAnError(t *testing.T) {
	for want, changes := range map[string]map[string]string{
		"metadata.name":                    {"freezes/a.yaml": freezing("b", "")},
		`assay.yaml does not list "prod"`:  {"freezes/a.yaml": freezing("a", ", environments: [prod]")},
		`unknown field "environment"`:      {"freezes/a.yaml": freezing("a", ", environment: staging")},
		"spec.schedule":                    {"freezes/a.yaml": freezing("a", ", schedule: soon, duration: 1h")},
		"freezes/a.yaml:4: spec.duration:": {"freezes/a.yaml": freezing("a", ", schedule: 0 0 * * *, duration: forever")},
	} {
		if err := Validate(repository(changes)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
