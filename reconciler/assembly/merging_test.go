package assembly

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// handled says who merges into production.
func (w walk) handled(merge string) {
	w.t.Helper()
	w.git(w.clone, "checkout", "--quiet", "main")
	w.push("main", "pia@example.org", map[string]string{"environments/production/environment.yaml": header("Environment", "production") +
		"  profile: development\n  namespace: models-production\n  after: staging\n  promote: automatic\n  merge: " + merge + "\n  soak: {duration: 48h}\n"})
}

// asking is the pull request of the promotion to production.
func (w walk) asking() forge.PullRequest {
	w.t.Helper()
	if err := w.workshop.Repository.Fetch(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return forge.PullRequest{State: forge.Open, Branch: promoteBranch, Base: "main", Head: w.git(w.bare, "rev-parse", promoteBranch)}
}

var intoProduction = report.Report{Allowed: true, Promotions: []report.Promotion{{Model: "tumour", Environment: "production"}}}

func TestWhatWeProposedIsMergedWhereTheEnvironmentSaysSo(t *testing.T) {
	w := newWalk(t)
	w.handled("automatic")
	w.advance()
	pull := w.asking()
	if merge, waits, err := w.workshop.Merging(t.Context(), pull, nil, intoProduction); err != nil || !merge || waits != "" {
		t.Fatalf("merged %t, waits for %q, %v", merge, waits, err)
	}
	denied, wider := intoProduction, intoProduction
	denied.Allowed = false
	wider.Promotions = append(slices.Clone(wider.Promotions), report.Promotion{Model: "tumour", Environment: "staging"})
	fork, elsewhere := pull, pull
	fork.Fork, elsewhere.Branch = true, "change/main/better"
	for why, test := range map[string]struct {
		pull    forge.PullRequest
		reviews []forge.Review
		judged  report.Report
		waits   string
	}{
		"it is denied":                    {pull, nil, denied, ""},
		"it bears on another environment": {pull, nil, wider, ""},
		"it is of a fork":                 {fork, nil, intoProduction, ""},
		"it is on a branch of somebody's": {elsewhere, nil, intoProduction, ""},
		"somebody objects":                {pull, []forge.Review{{Stance: forge.Rejected}}, intoProduction, "asks for changes"},
	} {
		merge, waits, err := w.workshop.Merging(t.Context(), test.pull, test.reviews, test.judged)
		if err != nil || merge || !strings.Contains(waits, test.waits) || (waits == "") != (test.waits == "") {
			t.Errorf("%s: merged %t, waits for %q, %v", why, merge, waits, err)
		}
	}
	w.handled("manual")
	if merge, waits, err := w.workshop.Merging(t.Context(), w.asking(), nil, intoProduction); err != nil || merge || waits != "" {
		t.Errorf("where people merge: merged %t, waits for %q, %v", merge, waits, err)
	}
}

// What has become unwell since it was proposed waits.
func TestWhatWouldNotBeProposedAnyMoreIsNotMerged(t *testing.T) {
	w := newWalk(t)
	w.handled("automatic")
	w.advance()
	w.expose(inStaging, environment.Exposure{Release: second, Healthy: 50 * time.Hour, Unwell: time.Unix(1_799_999_000, 0)})
	if merge, waits, err := w.workshop.Merging(t.Context(), w.asking(), nil, intoProduction); err != nil || merge || waits == "" {
		t.Errorf("merged %t, waits for %q, %v", merge, waits, err)
	}
}

// Whoever may push can take the name of a branch, of an author and of a trailer,
// and cannot take the signature.
func TestWhoPassesForUsIsNotMerged(t *testing.T) {
	w := newWalk(t)
	w.handled("automatic")
	w.advance()
	w.git(w.clone, "fetch", "--quiet", "origin")
	w.git(w.clone, "checkout", "--quiet", "--detach", "origin/"+promoteBranch)
	w.git(w.clone, "-c", "user.name="+identity.Name, "-c", "user.email="+identity.Email, "commit", "--quiet", "--amend", "--no-edit", "--reset-author")
	w.git(w.clone, "push", "--quiet", "--force", "origin", "HEAD:refs/heads/"+promoteBranch)
	forged := w.asking()
	if message := w.git(w.bare, "log", "-1", "--format=%ae %B", forged.Head); !strings.HasPrefix(message, identity.Email) || !strings.Contains(message, "\nAssay-Proposal: promote") {
		t.Fatalf("it does not even try: %s", message)
	}
	if merge, waits, err := w.workshop.Merging(t.Context(), forged, nil, intoProduction); err != nil || merge || waits != "" {
		t.Errorf("merged %t, waits for %q, %v", merge, waits, err)
	}
}

func TestAnEnvironmentNamesItsClusters(t *testing.T) {
	w := newWalk(t)
	w.push("main", "pia@example.org", map[string]string{
		"clusters/ward.yaml": header("Cluster", "ward") + "  cloud: none\n  region: here\n  environments: [production]\n",
	})
	if err := w.workshop.Repository.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := w.workshop.Environments("main")
	if err != nil || len(found) != 2 || len(found[0].Clusters) != 0 || !slices.Equal(found[1].Clusters, []string{"ward"}) || found[1].Spec.Namespace != "models-production" {
		t.Errorf("found %+v, %v", found, err)
	}
}
