package promotion

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// delivered is a bench on which the model serves in development.
func delivered(t *testing.T) (*bench, Tools, *State) {
	t.Helper()
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	return work, tools, run(t, tools, request(tree, "development"))
}

func TestAPinnedReleaseIsTheVeryArtifactThatWasJudged(t *testing.T) {
	work, tools, first := delivered(t)
	tree := repository(map[string]string{"environments/staging/tumour.yaml": pinned(first.Release.Digest)})
	tree["models/tumour/model.yaml"].Data = []byte(replace(t, tree, "models/tumour/model.yaml", "decisionThreshold: 0.5", "decisionThreshold: 0.9"))
	staged := run(t, tools, request(tree, "staging"))
	if staged.Release != first.Release || work.trained != 1 {
		t.Errorf("staging has %s after %d trainings", staged.Release, work.trained)
	}
	if staged.Recipe.DecisionThreshold != "0.5" {
		t.Errorf("it is measured at %s, by a recipe that came later", staged.Recipe.DecisionThreshold)
	}
	if string(staged.Provenance) != string(first.Provenance) || len(staged.Envelopes) != 3 {
		t.Errorf("%d envelopes, and another provenance than it came with", len(staged.Envelopes))
	}
}

// Whoever may write to the registry may not thereby say who trained a model.
func TestNobodySignsTheTrainingOfAReleaseThatCameFromElsewhere(t *testing.T) {
	work, tools, first := delivered(t)
	kept := work.registry[first.Release.Digest]
	foreign, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := evidence.NewSigner(foreign)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := stranger.Sign(t.Context(), provenance(tools, first))
	if err != nil {
		t.Fatal(err)
	}
	for name, envelopes := range map[string][]evidence.Envelope{"none": nil, "forged": {forged}, "garbage": {evidence.Envelope("{")}} {
		kept.envelopes = envelopes
		work.registry[first.Release.Digest] = kept
		tree := repository(map[string]string{"environments/development/tumour.yaml": pinned(first.Release.Digest)})
		state := run(t, tools, request(tree, "development"))
		for _, statement := range evidence.Open(t.Context(), tools.Trust, state.Release, state.Envelopes).Statements {
			if statement.Provenance != nil {
				t.Errorf("%s: the reconciler says that it trained %s", name, state.Release)
			}
		}
		if len(state.Envelopes) != 2 {
			t.Errorf("%s: %d envelopes", name, len(state.Envelopes))
		}
	}
}

func TestAPinnedReleaseMustBeOfTheModelAndReadable(t *testing.T) {
	work, tools, first := delivered(t)
	tree := repository(map[string]string{"environments/staging/tumour.yaml": pinned(first.Release.Digest)})
	for name, test := range map[string]struct{ recipe, want string }{
		"of another model": {strings.Replace(string(work.registry[first.Release.Digest].files[recipeFile]), `"name":"tumour"`, `"name":"lung"`, 1), "is a release of lung"},
		"garbage":          {"\x00", "reading the recipe of a release"},
	} {
		work.registry[first.Release.Digest].files[recipeFile] = []byte(test.recipe)
		tools.Ledger = Ledger(t.TempDir())
		if _, err := Run(t.Context(), tools, request(tree, "staging")); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDataIsBelievedByItsDigest(t *testing.T) {
	for name, change := range map[string]string{"changed": rowsText + "p3,3,1,train\n", "gone": ""} {
		work, tree := newBench(), repository(map[string]string{"datasets/ward/data.csv": change})
		tools := work.tools(t, tree)
		if _, err := Run(t.Context(), tools, request(tree, "development")); err == nil || !strings.Contains(err.Error(), "datasets/ward/data.csv") {
			t.Errorf("%s: %v", name, err)
		}
		if found, err := filepath.Glob(filepath.Join(string(tools.Ledger), "*", "*")); err != nil || len(found) != 0 {
			t.Errorf("%s left %v", name, found)
		}
	}
}

// The ledger holds the parts of a data file, not a second copy of the whole.
func TestOnlyThePartsOfADataFileAreKept(t *testing.T) {
	_, _, state := delivered(t)
	entries, err := os.ReadDir(filepath.Dir(state.Train.Path))
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
}

// A model is never compared with itself: the same promotion has the same
// champion before and after it was delivered.
func TestTheChampionIsWhatServedBefore(t *testing.T) {
	work, tools, first := delivered(t)
	if !first.Champion.Zero() {
		t.Errorf("the first model has the champion %s", first.Champion)
	}
	tree := repository(nil)
	tree["models/tumour/model.yaml"].Data = []byte(replace(t, tree, "models/tumour/model.yaml", "decisionThreshold: 0.5", "decisionThreshold: 0.4"))
	challenger := run(t, tools, request(tree, "development"))
	if challenger.Release == first.Release || challenger.Champion != first.Release {
		t.Errorf("%s challenges %s, want %s", challenger.Release, challenger.Champion, first.Release)
	}
	if own := work.candidate.Model.Spec.DecisionThreshold; own != 0.4 || work.candidate.ChampionThreshold != 0.5 {
		t.Errorf("decided at %v, the champion at %v", own, work.candidate.ChampionThreshold)
	}
	again := run(t, tools, request(tree, "development"))
	if again.Champion != first.Release || again.Measured[0].Input("champion") != first.Release.Digest {
		t.Errorf("once delivered, it is compared with %s", again.Champion)
	}
	rollback := run(t, tools, request(repository(nil), "development"))
	if rollback.Release != first.Release || !rollback.Champion.Zero() {
		t.Errorf("rolled back to %s, compared with %s", rollback.Release, rollback.Champion)
	}
	for i, output := range again.Outputs[:6] {
		if output.Output != challenger.Outputs[i].Output {
			t.Errorf("%s differs once it serves", output.Phase)
		}
	}
	if work.trained != 2 {
		t.Errorf("%d trainings", work.trained)
	}
}

func TestAChampionThatCannotBeScoredIsAnError(t *testing.T) {
	work, tools, first := delivered(t)
	tree := repository(nil)
	tree["models/tumour/model.yaml"].Data = []byte(replace(t, tree, "models/tumour/model.yaml", "decisionThreshold: 0.5", "decisionThreshold: 0.4"))
	tools.Ledger = Ledger(t.TempDir())
	delete(work.registry, first.Release.Digest)
	if _, err := Run(t.Context(), tools, request(tree, "development")); err == nil || !strings.Contains(err.Error(), "getting the champion") {
		t.Errorf("error is %v", err)
	}
}

func TestComparedWithBelievesOnlyTrustedEvidenceOfPerformance(t *testing.T) {
	_, tools, first := delivered(t)
	rival := evidence.Sum([]byte("rival"))
	sign := func(signer evidence.Signer, gate string, about evidence.Subject) evidence.Envelope {
		t.Helper()
		envelope, err := signer.Sign(t.Context(), evidence.Measured(about, evidence.Measurements{
			Gate: gate, Environment: "development", Inputs: []evidence.Subject{{Name: "champion", Digest: rival}}}))
		if err != nil {
			t.Fatal(err)
		}
		return envelope
	}
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	other := evidence.Subject{Name: "tumour", Digest: rival}
	for name, test := range map[string]struct {
		envelope evidence.Envelope
		want     evidence.Digest
	}{
		"performance":     {sign(tools.Signer, gates.Performance, first.Release), rival},
		"another gate":    {sign(tools.Signer, gates.Bias, first.Release), ""},
		"another release": {sign(tools.Signer, gates.Performance, other), ""},
		"a stranger":      {sign(stranger, gates.Performance, first.Release), ""},
		"garbage":         {evidence.Envelope("null"), ""},
	} {
		if got := comparedWith(t.Context(), tools, Served{first.Release, []evidence.Envelope{test.envelope}}); got.Digest != test.want {
			t.Errorf("%s: compared with %s", name, got)
		}
	}
}

func TestWhoseTurnItIs(t *testing.T) {
	release := evidence.Subject{Name: "tumour", Digest: evidence.Sum([]byte("release"))}
	held := map[string][]Served{"development": {{Release: release}, {Release: evidence.Subject{Name: "tumour", Digest: evidence.Sum(nil)}}}}
	rolledBack := map[string][]Served{"staging": {{Release: release}}}
	both := map[string][]Served{"development": held["development"], "staging": {{Release: release}}}
	for name, test := range map[string]struct {
		environment, after, release string
		branches                    map[string][]Served
		first, admitted             bool
	}{
		"the first environment":                 {"development", "", "", nil, true, false},
		"the first, after something":            {"development", "staging", "", nil, false, false},
		"the second, after nothing":             {"staging", "", string(release.Digest), held, false, false},
		"its turn has come":                     {"staging", "development", string(release.Digest), held, false, true},
		"its turn has not come":                 {"staging", "development", string(release.Digest), nil, false, false},
		"it served here before":                 {"staging", "development", string(release.Digest), rolledBack, false, true},
		"one of two before has held it":         {"production", "development staging", string(release.Digest), held, false, false},
		"both before have held it":              {"production", "development staging", string(release.Digest), both, false, true},
		"a later environment follows no recipe": {"staging", "development", "", held, false, false},
		"an environment nobody lists":           {"moon", "", "", nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			work := newBench()
			work.branches = test.branches
			tools := work.tools(t, repository(nil))
			state := &State{Request: Request{Environment: test.environment, Model: "tumour"}, Release: release,
				Objects: Objects{Environment: v1alpha1.Environment{Spec: v1alpha1.EnvironmentSpec{After: listed(test.after)}},
					Promotion: v1alpha1.Promotion{Spec: v1alpha1.PromotionSpec{Release: test.release}}}}
			change, err := changeOf(t.Context(), tools, state)
			if err != nil || change.First != test.first || change.Admitted != test.admitted || strings.Join(change.After, " ") != test.after || change.Release != test.release {
				t.Errorf("change is %+v, %v", change, err)
			}
			work.broken["recall"] = errors.New("no remote")
			if _, err := changeOf(t.Context(), tools, state); err == nil && test.after != "" && test.release != "" && test.branches == nil {
				t.Error("an unreadable branch was taken for an empty one")
			}
		})
	}
}

// listed reads a list from a story's table; nothing is no list.
func listed(text string) v1alpha1.Names { return strings.Fields(text) }

// The judge is asked what the cluster's door will ask, and whose turn it is.
func TestTheJudgeIsAskedOfModelAndChange(t *testing.T) {
	work, _, state := delivered(t)
	if len(work.questions) != 2 {
		t.Fatalf("%d questions", len(work.questions))
	}
	model, change := work.questions[0], work.questions[1]
	if model.Model == nil || model.Model.Release != state.Release || len(model.Model.Evidence.Statements) != 3 || len(model.Model.Evidence.Problems) != 0 || model.Change != nil {
		t.Errorf("asked %+v", model)
	}
	if change.Model != nil || change.Change == nil || !change.Change.First || change.Profile != "development" || !change.Time.Equal(state.Request.Time) {
		t.Errorf("asked %+v", change)
	}
}

func TestAGateThatNobodyDescribedMeasuresNothing(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	tools.Gates = []gates.Gate{gate{work, "horoscope"}}
	if _, err := Run(t.Context(), tools, request(tree, "development")); err == nil || !strings.Contains(err.Error(), "gate horoscope") {
		t.Errorf("error is %v", err)
	}
}
