package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// A freeze is merged without a rule in its way, reaches the environment's branch,
// and from then on nothing new is proposed or delivered; what is there is not new,
// and a pull request that lifts the freeze does not pass by that.
func TestAFreezeInTheRepositoryHoldsAPromotionUp(t *testing.T) {
	t.Parallel()
	const model, recipe = "breast-malignancy", "models/breast-malignancy/model.yaml"
	bench := newBench(t, model)
	release := bench.merged(model).Release
	order := "apiVersion: assay.dev/v1alpha1\nkind: Freeze\nmetadata: {name: stop}\nspec: {environments: [development], reason: the ward moves}\n"
	bench.pushed("stop", func() error { return bench.write("freezes/stop.yaml", order) })
	if outcome := bench.mustCheck("stop"); !outcome.Allowed || len(outcome.Promotions) != 0 {
		t.Errorf("the check of the order: %+v", outcome)
	}
	bench.mustMerge("stop")
	if state := bench.merged(model); !state.Verdict.Allowed() || state.Release != release {
		t.Errorf("what is there already: %+v", state.Verdict.Denials())
	}
	shown := func() string {
		text, _ := harness.Git(t.Context(), bench.bare, "show", "env/development:freezes.yaml")
		return text
	}
	if text := shown(); !strings.Contains(text, "name: stop.development") || !strings.Contains(text, string(release.Digest)) {
		t.Errorf("the branch holds %s", text)
	}
	bench.pushed("new", func() error {
		return bench.replace(recipe, "penalty: 0.1", "penalty: 0.2")
	})
	bench.pushed("both", func() error {
		bench.must([]string{"rm", "--quiet", "freezes/stop.yaml"})
		return bench.replace(recipe, "penalty: 0.1", "penalty: 0.3")
	})
	for _, branch := range []string{"new", "both"} {
		if outcome := bench.mustCheck(branch); outcome.Allowed || !slices.Contains(rulesOf(outcome.Promotions[0].Verdict.Denials()), "change.freeze") {
			t.Errorf("the pull request %s: %+v", branch, outcome.Promotions)
		}
	}
	bench.must([]string{"rm", "--quiet", "freezes/stop.yaml"}, []string{"commit", "--quiet", "-m", "Lift"}, []string{"push", "--quiet", "origin", "main"})
	if state := bench.merged(model); !state.Verdict.Allowed() || shown() != "" {
		t.Errorf("lifted: %+v, the branch holds %q", state.Verdict.Denials(), shown())
	}
	if outcome := bench.mustCheck("new"); slices.Contains(rulesOf(outcome.Promotions[0].Verdict.Denials()), "change.freeze") {
		t.Errorf("the pull request when the freeze is lifted: %+v", outcome.Promotions)
	}
}
