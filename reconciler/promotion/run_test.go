package promotion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

func phasesOf(state *State) []string {
	var names []string
	for _, output := range state.Outputs {
		names = append(names, output.Phase)
	}
	return names
}

func TestAnAllowedPromotionIsDeliveredPhaseByPhase(t *testing.T) {
	work, tree := newBench(), repository(nil)
	state := run(t, work.tools(t, tree), request(tree, "development"))
	want := []string{"Fetched", "Trained", "Measured", "Attested", "Packed", "Judged", "Logged", "Rendered", "Delivered"}
	if got := phasesOf(state); !slices.Equal(got, want) || !slices.Equal(Phases(), want) {
		t.Errorf("phases are %v", got)
	}
	var told []string
	for _, phase := range want {
		told = append(told, phase+" false false", phase+" true false")
	}
	if !slices.Equal(work.events, told) {
		t.Errorf("events are %v", work.events)
	}
	served, err := work.Serving(t.Context(), "development", "tumour")
	if err != nil || served.Release != state.Release || len(served.Envelopes) != 3 {
		t.Errorf("the branch serves %v with %d envelopes (%v)", served.Release, len(served.Envelopes), err)
	}
}

// A restart costs nothing: what is in the ledger is neither trained nor
// measured again, and every digest is the same.
func TestTheSecondRunTrainsAndMeasuresNothing(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	first, second := run(t, tools, request(tree, "development")), run(t, tools, request(tree, "development"))
	if work.trained != 1 || work.measured["development"] != 1 {
		t.Errorf("%d trainings, %d measurements", work.trained, work.measured["development"])
	}
	for i, output := range second.Outputs {
		if output.Output != first.Outputs[i].Output && output.Phase != "Delivered" { // the bench commits each time
			t.Errorf("%s made another output the second time", output.Phase)
		}
	}
	for _, phase := range second.Outputs[:3] {
		if !phase.Cached {
			t.Errorf("%s was not found in the ledger", phase.Phase)
		}
	}
	tools.Ledger = Ledger(t.TempDir())
	if again := run(t, tools, request(tree, "development")); again.Release != first.Release || work.trained != 2 {
		t.Errorf("after the ledger was lost the release is %s, was %s", again.Release, first.Release)
	}
}

func TestADenialIsAValueAndNothingIsDelivered(t *testing.T) {
	work, tree := newBench(), repository(nil)
	work.deny["development"] = gates.Finding{Rule: "a.rule", Severity: gates.Deny}
	state := run(t, work.tools(t, tree), request(tree, "development"))
	if got := phasesOf(state); got[len(got)-1] != "Logged" || state.Verdict.Allowed() || len(work.branches) != 0 {
		t.Errorf("phases %v, allowed %v, branches %v", got, state.Verdict.Allowed(), work.branches)
	}
	if len(work.registry) != 1 {
		t.Error("the evidence of a denied model is not in the registry")
	}
}

func TestUntilIsTheLastPhase(t *testing.T) {
	for _, until := range Phases() {
		work, tree := newBench(), repository(nil)
		asked := request(tree, "development")
		asked.Until = until
		if got := phasesOf(run(t, work.tools(t, tree), asked)); got[len(got)-1] != until {
			t.Errorf("until %s: %v", until, got)
		}
	}
}

// Whatever fails, the error names promotion and phase, the state is what was
// reached, and no branch was written.
func TestAnErrorLeavesThePromotionWhereItWas(t *testing.T) {
	for verb, phase := range map[string]string{
		"split": "Fetched", "train": "Trained", "predict": "Measured", "recall": "Measured", gates.Performance: "Measured",
		"pack": "Packed", "judge": "Judged", "log": "Logged", "deliver": "Delivered",
	} {
		t.Run(verb, func(t *testing.T) {
			work, tree := newBench(), repository(nil)
			tools := work.tools(t, tree)
			trouble := errors.New("no luck")
			work.broken[verb] = errors.Join(trouble) // as a library joins its errors
			state, err := Run(t.Context(), tools, request(tree, "development"))
			stopped := FailureOf(errors.Join(nil, err), Pair{"development", "tumour"})
			if stopped == nil || stopped.Phase != phase || !errors.Is(stopped, trouble) || !strings.HasPrefix(stopped.Error(), "tumour in development: ") {
				t.Fatalf("stopped by %v: %v", stopped, err)
			}
			if got := len(state.Outputs); got != slices.Index(Phases(), phase) {
				t.Errorf("%d phases were taken before %s", got, phase)
			}
			if last := work.events[len(work.events)-1]; last != phase+" true true" || len(work.branches) != 0 {
				t.Errorf("last event %q, branches %v", last, work.branches)
			}
			delete(work.broken, verb)
			run(t, tools, request(tree, "development"))
		})
	}
}

// A gate that cannot measure hides nothing of what the others found, and opens
// nothing either.
func TestAGateThatCannotMeasureDoesNotSilenceTheOthers(t *testing.T) {
	work, tree := newBench(), repository(nil)
	work.broken[gates.Performance] = errors.New("row 3: NaN")
	work.deny["development"] = gates.Finding{Rule: "model.bias.equal_opportunity", Severity: gates.Deny}
	state, err := Run(t.Context(), work.tools(t, tree), request(tree, "development"))
	if err == nil || !strings.Contains(err.Error(), "gate performance: row 3: NaN") {
		t.Fatalf("stopped by %v", err)
	}
	if len(state.Measured) != 1 || len(state.Verdict.Findings) != 1 || state.Verdict.Allowed() || len(work.kept) != 0 {
		t.Errorf("measured %v, found %v, kept %v", state.Measured, state.Verdict.Findings, work.kept)
	}
	work.deny["development"] = gates.Finding{Rule: "model.performance.discrimination", Severity: gates.Deny}
	state, err = Run(t.Context(), work.tools(t, tree), request(tree, "development"))
	if err == nil || len(state.Verdict.Findings) != 0 || state.Verdict.Allowed() {
		t.Errorf("of the gate that is silent: %v, found %v", err, state.Verdict.Findings)
	}
}

func TestRunAllGoesOnAndTellsEachFailureApart(t *testing.T) {
	work := newBench()
	tree := repository(map[string]string{"environments/staging/tumour.yaml": pinned(evidence.Sum([]byte("lost")))})
	tools := work.tools(t, tree)
	pairs, err := Pairs(tree)
	if err != nil || len(pairs) != 2 {
		t.Fatalf("pairs %v, %v", pairs, err)
	}
	states, err := RunAll(t.Context(), tools, pairs, request(tree, ""))
	if len(states) != 2 || len(states[0].Outputs) != len(Phases()) || len(states[1].Outputs) != 0 {
		t.Fatalf("states %v", states)
	}
	if FailureOf(err, pairs[0]) != nil || FailureOf(err, pairs[1]) == nil || FailureOf(fmt.Errorf("other"), pairs[1]) != nil || FailureOf(nil, pairs[0]) != nil {
		t.Errorf("the failure is not told apart: %v", err)
	}
	nested := errors.Join(err, errors.New("withdrawing"))
	if got := FailureOf(nested, pairs[1]); got == nil || got.Phase != "Fetched" {
		t.Errorf("the failure is lost among others: %v", got)
	}
}

func TestCheckStopsAtTheJudge(t *testing.T) {
	work, tree := newBench(), repository(nil)
	change := Change{Tree: tree, Changed: []string{"models/tumour/card.yaml"}, Time: request(tree, "").Time}
	states, err := Check(t.Context(), work.tools(t, tree), change)
	if err != nil || len(states) != 1 || states[0].Outputs[len(states[0].Outputs)-1].Phase != "Judged" || len(work.branches)+len(work.kept) != 0 {
		t.Errorf("states %v, error %v", states, err)
	}
	change.Tree = repository(map[string]string{"models/tumour/model.yaml": "kind: Nonsense\n"})
	if states, err := Check(t.Context(), work.tools(t, tree), change); err == nil || states != nil {
		t.Errorf("a broken repository was checked: %v", states)
	}
}

// The trainer is never given the outcome of the rows it scores.
func TestTheModelScoresABlindFile(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	blind := &reader{bench: work}
	tools.Trainer = blind
	state := run(t, tools, request(tree, "development"))
	if blind.read == "" || blind.read == state.Holdout.Path {
		t.Errorf("the trainer read %q", blind.read)
	}
}

// A gate can ask the very release that is to serve, from its own files.
func TestTheCandidateCanBeAskedOneRequestAtATime(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	state := run(t, tools, request(tree, "development"))
	session, err := work.candidate.Runner.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if score, err := session.Predict(t.Context(), nil); err != nil || score != float64(len("tumour marker")) {
		t.Errorf("another model was loaded: %v, %v", score, err)
	}
	if !slices.Equal(work.candidate.Risks, work.scores) || !slices.Equal(state.Risks, work.scores) {
		t.Errorf("risks are %v, kept as %v", work.candidate.Risks, state.Risks)
	}
}

// reader notes which file it is asked to score.
type reader struct {
	*bench
	read string
}

func (r *reader) Predict(ctx context.Context, recipe Recipe, model, blind string) (Prediction, error) {
	r.read = blind
	return r.bench.Predict(ctx, recipe, model, blind)
}
