package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// A quarantine is merged without a rule in its way, reaches the environment's
// branch with the next reconciliation, and from then on the release is neither
// proposed nor delivered; lifted, it is.
func TestAQuarantineInTheRepositoryStopsAPromotion(t *testing.T) {
	t.Parallel()
	const model = "breast-malignancy"
	bench := newBench(t, model)
	release := bench.merged(model).Release
	order := "apiVersion: assay.dev/v1alpha1\nkind: Quarantine\nmetadata: {name: recall}\nspec: {digest: \"" + string(release.Digest) + "\", reason: wrong for patients under 18}\n"
	bench.pushed("recall", func() error { return bench.write("quarantines/recall.yaml", order) })
	if outcome := bench.mustCheck("recall"); !outcome.Allowed || len(outcome.Promotions) != 0 {
		t.Errorf("the check of the order: %+v", outcome)
	}
	bench.mustMerge("recall")
	state := bench.merged(model)
	denials := state.Verdict.Denials()
	if len(denials) != 1 || denials[0].Rule != "change.quarantine" || !strings.Contains(denials[0].Message, "is under quarantine recall (nobody says by whom): wrong for patients under 18") {
		t.Errorf("merged, it is judged %+v", denials)
	}
	shown := func() string {
		text, _ := harness.Git(t.Context(), bench.bare, "show", "env/development:quarantines.yaml")
		return text
	}
	if text := shown(); !strings.Contains(text, string(release.Digest)) || !strings.Contains(text, "name: recall.development") {
		t.Errorf("the branch holds %s", text)
	}
	bench.pushed("recalled", func() error {
		return bench.replace("environments/development/"+model+".yaml", "replicas: 1", "replicas: 2")
	})
	if outcome := bench.mustCheck("recalled"); outcome.Allowed || !slices.Contains(rulesOf(outcome.Promotions[0].Verdict.Denials()), "change.quarantine") {
		t.Errorf("a pull request that keeps the release: %+v", outcome.Promotions)
	}
	bench.must([]string{"rm", "--quiet", "quarantines/recall.yaml"}, []string{"commit", "--quiet", "-m", "Lift"}, []string{"push", "--quiet", "origin", "main"})
	if state := bench.merged(model); !state.Verdict.Allowed() || state.Release != release || shown() != "" {
		t.Errorf("lifted: %+v, the branch holds %q", state.Verdict.Denials(), shown())
	}
}
