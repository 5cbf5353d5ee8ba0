package compliance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// cleared is what a regulator saw: the candidate of governed.
func cleared() v1alpha1.Modifications {
	return v1alpha1.Modifications{
		Cleared: &v1alpha1.Cleared{Submission: "K213721", Trainer: "logistic", Features: []string{"age", "texture"},
			Dataset: "wdbc", Data: digest, DecisionThreshold: 0.2, Purpose: "detection"},
		Bounds: v1alpha1.Bounds{Trainers: []string{"cox"}, FeaturesAdded: []string{"area"}, FeaturesRemoved: []string{"texture"},
			Datasets: []string{"site-b"}, DecisionThreshold: &v1alpha1.Range{From: 0.1, To: 0.3}},
		Protocol: []v1alpha1.Pointer{{Measurement: "performance.auroc", Min: number(0.9)}},
		Impact:   said,
	}
}

const otherData = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestDifferencesFromWhatWasCleared(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*gates.Candidate, *v1alpha1.Modifications)
		inside  []string
		outside []string
	}{
		"nothing":                 {func(*gates.Candidate, *v1alpha1.Modifications) {}, nil, nil},
		"features in other order": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { slices.Reverse(c.Model.Spec.Features) }, nil, nil},
		"another trainer, foreseen": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.Trainer.Kind = "cox" },
			[]string{"trainer cox instead of logistic"}, nil},
		"another trainer": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.Trainer.Kind = "command" },
			nil, []string{"trainer command instead of logistic"}},
		"a feature more, foreseen": {func(c *gates.Candidate, _ *v1alpha1.Modifications) {
			c.Model.Spec.Features = append(c.Model.Spec.Features, "area")
		}, []string{"feature area added"}, nil},
		"a feature more": {func(c *gates.Candidate, _ *v1alpha1.Modifications) {
			c.Model.Spec.Features = append(c.Model.Spec.Features, "race")
		}, nil, []string{"feature race added"}},
		"a feature less, foreseen": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.Features = []string{"age"} },
			[]string{"feature texture removed"}, nil},
		"a feature less": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.Features = []string{"texture"} },
			nil, []string{"feature age removed"}},
		"one that may be added is taken away": {func(_ *gates.Candidate, m *v1alpha1.Modifications) {
			m.Cleared.Features = append(m.Cleared.Features, "area")
		}, nil, []string{"feature area removed"}},
		"another data set, foreseen, with its own rows": {func(c *gates.Candidate, _ *v1alpha1.Modifications) {
			c.Model.Spec.Dataset, c.Dataset.Spec.Digest = "site-b", otherData
		}, []string{"data " + otherData + " instead of " + digest, "data set site-b instead of wdbc"}, nil},
		"another data set": {func(c *gates.Candidate, m *v1alpha1.Modifications) {
			m.Bounds.NewData = true
			c.Model.Spec.Dataset, c.Dataset.Spec.Digest = "site-c", otherData
		}, []string{"data " + otherData + " instead of " + digest}, []string{"data set site-c instead of wdbc"}},
		"other rows": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Dataset.Spec.Digest = otherData },
			nil, []string{"data " + otherData + " instead of " + digest}},
		"other rows, foreseen": {func(c *gates.Candidate, m *v1alpha1.Modifications) {
			m.Bounds.NewData = true
			c.Dataset.Spec.Digest = otherData
		}, []string{"data " + otherData + " instead of " + digest}, nil},
		"a threshold in the range": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.DecisionThreshold = 0.3 },
			[]string{"decision threshold 0.3 instead of 0.2"}, nil},
		"a threshold beyond the range": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.DecisionThreshold = 0.31 },
			nil, []string{"decision threshold 0.31 instead of 0.2"}},
		"a threshold without a range": {func(c *gates.Candidate, m *v1alpha1.Modifications) {
			m.Bounds.DecisionThreshold = nil
			c.Model.Spec.DecisionThreshold = 0.25
		}, nil, []string{"decision threshold 0.25 instead of 0.2"}},
		"a threshold that is no number": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.DecisionThreshold = math.NaN() },
			nil, []string{"decision threshold NaN instead of 0.2"}},
		"another purpose is never foreseen": {func(c *gates.Candidate, _ *v1alpha1.Modifications) { c.Model.Spec.Purpose = "prognosis" },
			nil, []string{"purpose prognosis instead of detection"}},
		"nothing said of what was cleared": {func(_ *gates.Candidate, m *v1alpha1.Modifications) {
			m.Cleared = &v1alpha1.Cleared{}
		}, nil, []string{"data " + digest + " instead of ", "data set wdbc instead of ", "feature age added", "feature texture added", "purpose detection instead of ", "trainer logistic instead of "}},
	} {
		t.Run(name, func(t *testing.T) {
			candidate, plan := governed(), cleared()
			test.change(&candidate, &plan)
			if name == "nothing said of what was cleared" {
				plan.Cleared.DecisionThreshold = candidate.Model.Spec.DecisionThreshold
			}
			candidate.Governance.Spec.Modifications = plan
			values := measured(t, candidate)
			expect(t, values, map[string]string{
				"cleared": "1", "modifications": fmt.Sprint(len(test.inside) + len(test.outside)), "modifications_outside": fmt.Sprint(len(test.outside)),
			})
			for verdict, differences := range map[string][]string{"1": test.inside, "0": test.outside} {
				for _, one := range differences {
					expect(t, values, map[string]string{strings.TrimSpace("modification " + one): verdict})
				}
			}
		})
	}
}

func TestAPlanSaysMoreThanItsBounds(t *testing.T) {
	candidate := governed()
	candidate.Governance.Spec.Modifications = cleared()
	expect(t, measured(t, candidate), map[string]string{
		"clearance_submission": "1", "modification_impact": "1", "protocol_criteria": "1", "protocol_criteria_unlimited": "0",
		"protocol_pointer modifications.protocol[0]|performance.auroc||0.9|": "1",
	})
	plan := &candidate.Governance.Spec.Modifications
	plan.Cleared.Submission, plan.Impact, plan.Protocol[0].Min = "510(k)", "", nil
	expect(t, measured(t, candidate), map[string]string{"clearance_submission": "0", "modification_impact": "0", "protocol_criteria_unlimited": "1"})
	plan.Protocol = nil
	expect(t, measured(t, candidate), map[string]string{"protocol_criteria": "0"})
}

// Whatever is changed, what the plan does not foresee is never counted inside.
// The oracle asks the opposite question of each part by itself.
func TestNoChangeOutsideTheBoundsCountsInside(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 1))
	pick := func(names ...string) string { return names[random.IntN(len(names))] }
	some := func(names ...string) []string {
		return slices.DeleteFunc(names, func(string) bool { return random.IntN(2) == 0 })
	}
	for range 20_000 {
		candidate := governed()
		was := v1alpha1.Cleared{Submission: "K213721", Trainer: pick("logistic", "cox"), Features: some("a", "b", "c"), Dataset: pick("x", "y"),
			Data: pick(digest, otherData), DecisionThreshold: float64(random.IntN(4)) / 10, Purpose: pick("risk", "detection")}
		bounds := v1alpha1.Bounds{Trainers: some("logistic", "cox"), FeaturesAdded: some("a", "b", "c"), FeaturesRemoved: some("a", "b", "c"),
			Datasets: some("x", "y"), NewData: random.IntN(2) == 0}
		if random.IntN(2) == 0 {
			bounds.DecisionThreshold = &v1alpha1.Range{From: float64(random.IntN(3)) / 10, To: float64(random.IntN(4)) / 10}
		}
		is := &candidate.Model.Spec
		is.Trainer.Kind, is.Features, is.Dataset = pick("logistic", "cox", "command"), some("a", "b", "c", "d"), pick("x", "y", "z")
		is.DecisionThreshold, is.Purpose = float64(random.IntN(4))/10, pick("risk", "detection")
		candidate.Dataset.Spec.Digest = pick(digest, otherData)
		candidate.Governance.Spec.Modifications = v1alpha1.Modifications{Cleared: &was, Bounds: bounds}
		found := measureModifications(candidate)
		got := found[slices.IndexFunc(found, isOutside)].Value.Float()
		if want := unforeseen(candidate, was, bounds); got != float64(want) {
			t.Fatalf("%v count as outside, %d are\ncleared %+v\nbounds %+v\nnow %+v", got, want, was, bounds, candidate.Model.Spec)
		}
	}
}

func isOutside(m evidence.Measurement) bool { return m.Name == "modifications_outside" }

func unforeseen(candidate gates.Candidate, was v1alpha1.Cleared, bounds v1alpha1.Bounds) int {
	is, outside := candidate.Model.Spec, 0
	refuse := func(forbidden bool) {
		if forbidden {
			outside++
		}
	}
	refuse(is.Purpose != was.Purpose)
	refuse(is.Trainer.Kind != was.Trainer && !slices.Contains(bounds.Trainers, is.Trainer.Kind))
	refuse(is.Dataset != was.Dataset && !slices.Contains(bounds.Datasets, is.Dataset))
	known := is.Dataset == was.Dataset || !slices.Contains(bounds.Datasets, is.Dataset)
	refuse(candidate.Dataset.Spec.Digest != was.Data && known && !bounds.NewData)
	for _, feature := range []string{"a", "b", "c", "d"} {
		had, has := slices.Contains(was.Features, feature), slices.Contains(is.Features, feature)
		refuse(has && !had && !slices.Contains(bounds.FeaturesAdded, feature))
		refuse(had && !has && !slices.Contains(bounds.FeaturesRemoved, feature))
	}
	if is.DecisionThreshold != was.DecisionThreshold {
		within := bounds.DecisionThreshold
		refuse(within == nil || is.DecisionThreshold < within.From || is.DecisionThreshold > within.To)
	}
	return outside
}

func TestWhatACardClaimsOfItsClearance(t *testing.T) {
	for text, want := range map[string]bool{
		"not cleared or approved by any regulator; for research and demonstration only": false,
		"No regulator has approved this model.":                                         false,
		"never submitted":                                                               false, "unapproved": false, "": false, "for research use only": false,
		"FDA cleared (K213721)": true, "cleared by the FDA in 2025": true, "CE marked under the MDR": true, "510(k)": true, "no 510(k) was submitted": false,
		"not approved in Europe, but cleared in the United States": true,
		"not approved in Europe; FDA-authorized":                   true,
		"not cleared under K213721":                                true, // it names a submission of the regulator's all the same
		"De Novo DEN200069":                                        true, "approved: P160009/S012": true, "Certified by TÜV": true,
	} {
		if got := claimsClearance(text); got != want {
			t.Errorf("%q claims a clearance: %v", text, got)
		}
	}
}

// Whatever stands around it, the number of a submission is a claim; and no text
// can silence another clause.
func FuzzAClaimCannotBeTalkedAway(f *testing.F) {
	f.Add("no", "not")
	f.Add("", "(")
	f.Add("not cleared but ", "; never")
	f.Fuzz(func(t *testing.T, before, after string) {
		if !claimsClearance(before + " K213721 " + after) {
			t.Errorf("%q and %q hide the submission", before, after)
		}
		if !claimsClearance(before + "; cleared by the FDA; " + after) {
			t.Errorf("%q and %q hide the claim", before, after)
		}
	})
}
