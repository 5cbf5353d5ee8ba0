package assembly

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var (
	first, second, third = evidence.Sum([]byte("first")), evidence.Sum([]byte("second")), evidence.Sum([]byte("third"))
	inStaging            = promotion.Pair{Environment: "staging", Model: "tumour"}
	inProduction         = promotion.Pair{Environment: "production", Model: "tumour"}
)

// walk is a platform whose releases walk from staging to production by themselves.
type walk struct {
	origin
	workshop *Workshop
	forge    forge.Forge
}

func newWalk(t *testing.T) walk {
	t.Helper()
	o := newOrigin(t)
	described := func(name, more string) string {
		return header("Environment", name) + "  profile: development\n  namespace: models-" + name + "\n" + more
	}
	o.push("main", "pia@example.org", map[string]string{
		"assay.yaml":                               header("Platform", "demo") + "  registry: registry.example.org\n  environments: [staging, production]\n",
		"environments/staging/environment.yaml":    described("staging", ""),
		"environments/production/environment.yaml": described("production", "  after: staging\n  promote: automatic\n  soak: {duration: 48h}\n  rollback: {after: 1h}\n"),
		"environments/staging/tumour.yaml":         header("Promotion", "tumour") + "  model: tumour\n",
		"environments/production/tumour.yaml":      header("Promotion", "tumour") + "  model: tumour\n  release: " + string(first) + " # since May\n",
	})
	workshop, _ := signing(t, o.bare)
	made := walk{o, workshop, forge.NewPlain(workshop.PlainGit())}
	made.deliver("staging", first)
	made.deliver("production", first)
	made.deliver("staging", second)
	made.expose(promotion.Pair{}, environment.Exposure{})
	return made
}

// deliver puts a release on the branch of an environment, as the reconciler does.
func (w walk) deliver(to string, digest evidence.Digest) {
	w.t.Helper()
	text := strings.NewReplacer("breast", "tumour", "development", to).Replace(release(string(digest)))
	_, err := w.workshop.branches.Deliver(w.t.Context(), promotion.Delivery{Environment: to, Models: []string{"tumour"},
		Files: map[string][]byte{"tumour/release.yaml": []byte(text)}, Message: "deliver " + digest.Short()})
	if err != nil {
		w.t.Fatal(err)
	}
}

// expose says that staging has soaked the second release, and one thing more.
func (w walk) expose(pair promotion.Pair, seen environment.Exposure) {
	w.workshop.Expose(map[promotion.Pair]environment.Exposure{inStaging: {Release: second, Healthy: 50 * time.Hour}, pair: seen})
}

// advance answers with the branches that ask to be merged, and their tips.
func (w walk) advance() map[string]string {
	w.t.Helper()
	if _, err := w.workshop.Advance(w.t.Context(), "main", w.forge); err != nil {
		w.t.Fatal(err)
	}
	asking := map[string]string{}
	for line := range strings.Lines(w.git(w.bare, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/change")) {
		name, tip, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "" {
			asking[name] = tip
		}
	}
	return asking
}

const promoteBranch, rollbackBranch = "change/main/promote/production/tumour", "change/main/rollback/production/tumour"

func TestAReleaseThatHasSoakedIsProposedOnce(t *testing.T) {
	w := newWalk(t)
	asking := w.advance()
	if len(asking) != 1 || asking[promoteBranch] == "" {
		t.Fatalf("asking are %v", asking)
	}
	if diff := w.git(w.bare, "diff", "--unified=0", "main", promoteBranch); !strings.Contains(diff, "\n-  release: "+string(first)+" # since May\n+  release: "+string(second)+" # since May") {
		t.Errorf("it proposes %s", diff)
	}
	if message := w.git(w.bare, "log", "-1", "--format=%B", promoteBranch); !strings.Contains(message, "\nAssay-Proposal: promote") {
		t.Errorf("it says %s", message)
	}
	if again := w.advance(); again[promoteBranch] != asking[promoteBranch] {
		t.Error("the second look made another commit")
	}
	w.git(w.clone, "checkout", "--quiet", "main")
	w.push("main", "pia@example.org", map[string]string{"README.md": "news"})
	if again := w.advance(); again[promoteBranch] != asking[promoteBranch] {
		t.Error("a commit about something else made another commit")
	}
}

func TestNothingIsProposedThatNobodyWatched(t *testing.T) {
	w := newWalk(t)
	w.workshop.Expose(nil)
	if asking := w.advance(); len(asking) != 0 {
		t.Errorf("asking are %v", asking)
	}
}

func TestWhatPeopleClosedIsNotProposedAgain(t *testing.T) {
	w := newWalk(t)
	w.advance()
	if err := w.workshop.Repository.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	open, closed, err := w.workshop.standing(t.Context(), "main", nil)
	if err != nil || len(open) != 0 || len(closed) != 1 || closed[0].Release != second || closed[0].Way != environment.Promote {
		t.Fatalf("open %v, closed %v, %v", open, closed, err)
	}
	world, err := w.workshop.World(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	world.Closed = closed
	if plan := environment.Plan(world); len(plan) != 0 {
		t.Errorf("planned %+v", plan)
	}
	w.git(w.clone, "fetch", "--quiet", "origin")
	w.git(w.clone, "checkout", "--quiet", "main")
	w.git(w.clone, "-c", "user.name=x", "-c", "user.email=pia@example.org", "merge", "--quiet", "--no-ff", "-m", "merged", "origin/"+promoteBranch)
	w.git(w.clone, "push", "--quiet", "origin", "main")
	if err := w.workshop.Repository.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if open, closed, err := w.workshop.standing(t.Context(), "main", nil); err != nil || len(open)+len(closed) != 0 {
		t.Errorf("merged: open %v, closed %v, %v", open, closed, err)
	}
	if pin, err := w.workshop.pin("main", inProduction); err != nil || !pin.Ours {
		t.Errorf("whose choice it was: %+v, %v", pin, err)
	}
}

func TestWhatStaysDegradedIsLeftAndQuarantined(t *testing.T) {
	w := newWalk(t)
	w.push("main", "pia@example.org", map[string]string{inProduction.File(): header("Promotion", "tumour") + "  model: tumour\n  release: " + string(second) + "\n"})
	w.deliver("production", second)
	w.expose(inProduction, environment.Exposure{Release: second, Unwell: w.workshop.options.Clock().Add(-2 * time.Hour)})
	if asking := w.advance(); asking[rollbackBranch] == "" {
		t.Fatalf("asking are %v", asking)
	}
	orders := strings.Fields(w.git(w.bare, "ls-tree", "-r", "--name-only", rollbackBranch, "quarantines"))
	if len(orders) != 1 {
		t.Fatalf("ordered %v", orders)
	}
	var order v1alpha1.Quarantine
	if err := v1alpha1.Decode(orders[0], []byte(w.git(w.bare, "show", rollbackBranch+":"+orders[0])+"\n"), &order); err != nil {
		t.Fatal(err)
	}
	if order.Spec.Digest != string(second) || !slices.Equal(order.Spec.Environments, []string{"production"}) || !strings.Contains(order.Spec.Reason, "degraded since") ||
		orders[0] != "quarantines/"+order.Metadata.Name+".yaml" {
		t.Errorf("ordered %+v", order)
	}
}

func TestABranchTellsWhatItHasHeld(t *testing.T) {
	w := newWalk(t)
	w.deliver("production", second)
	w.deliver("production", third)
	if err := w.workshop.branches.Withdraw(t.Context(), "production", nil); err != nil {
		t.Fatal(err)
	}
	w.deliver("production", second)
	past, err := w.workshop.branches.Admissions(t.Context(), "production", "tumour")
	var releases []evidence.Digest
	for _, admission := range past {
		releases = append(releases, admission.Release)
	}
	if want := []evidence.Digest{second, "", third, second, first}; err != nil || !slices.Equal(releases, want) {
		t.Errorf("held %v, %v", releases, err)
	}
	if past, err := w.workshop.branches.Admissions(t.Context(), "moon", "tumour"); err != nil || past != nil {
		t.Errorf("a branch that is not there held %v, %v", past, err)
	}
	if held, err := w.workshop.Held(t.Context(), "production", "tumour", past[2].Commit); err != nil || held != third {
		t.Errorf("at %.7s it held %s, %v", past[2].Commit, held, err)
	}
	if _, err := w.workshop.Held(t.Context(), "production", "tumour", w.git(w.bare, "rev-parse", "main")); err == nil {
		t.Error("a commit of main is one of the branch")
	}
}

// Whoever may push can rewrite what was admitted; nothing moves until somebody
// accepts exactly that.
func TestAnEditedBranchStopsItsEnvironmentUntilItIsAccepted(t *testing.T) {
	w := newWalk(t)
	look := func(workshop *Workshop) map[string][]string {
		t.Helper()
		if err := workshop.Repository.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := workshop.watch(t.Context(), "main", false); err != nil {
			t.Fatal(err)
		}
		return workshop.edits([]string{"staging", "production"})
	}
	if stopped := look(w.workshop); len(stopped) != 0 {
		t.Fatalf("at first %v", stopped)
	}
	before, err := w.workshop.Branches("main")
	if err != nil || len(before) != 3 {
		t.Fatalf("remembers %v, %v", before, err)
	}
	w.deliver("production", second)
	if stopped := look(w.workshop); len(stopped) != 0 {
		t.Fatalf("its own delivery stopped %v", stopped)
	}
	w.git(w.bare, "update-ref", "refs/heads/env/staging", w.git(w.bare, "rev-parse", "env/staging~1"))
	edited := w.git(w.bare, "rev-parse", "env/staging")
	if stopped := look(w.workshop); len(stopped) != 1 || len(stopped["staging"]) != 1 {
		t.Fatalf("stopped are %v", stopped)
	}
	if tip, err := w.workshop.Tip(t.Context(), "main"); err != nil || tip == "" {
		t.Errorf("what was seen is news again: %q, %v", tip, err)
	}
	if world, err := w.workshop.World(t.Context(), "main"); err != nil || world.Environments[0].Stopped == "" || world.Environments[1].Stopped != "" || len(environment.Plan(world)) != 0 {
		t.Errorf("the world is %+v, %v", world, err)
	}
	anew, _ := signing(t, w.bare) // a process that was not there
	anew.Remember(before, "")
	if stopped := look(anew); len(stopped["staging"]) != 1 {
		t.Errorf("another process stops %v", stopped)
	}
	if kept, err := anew.Branches("main"); err != nil || slices.Contains(fmtBranches(kept), "env/staging "+edited) {
		t.Errorf("it remembers %v, %v", kept, err)
	}
	anew.Remember(nil, edited)
	if stopped := look(anew); len(stopped) != 0 {
		t.Errorf("accepted, and yet stopped %v", stopped)
	}
	w.git(w.bare, "update-ref", "refs/heads/env/production", edited)
	if tip, err := anew.Tip(t.Context(), "main"); err != nil || tip != "" {
		t.Errorf("another edit is no news: %q, %v", tip, err)
	}
}

func TestAnEditOfMainStopsEverything(t *testing.T) {
	w := newWalk(t)
	look := func() {
		t.Helper()
		if err := w.workshop.Repository.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.workshop.watch(t.Context(), "main", false); err != nil {
			t.Fatal(err)
		}
	}
	look()
	w.git(w.clone, "checkout", "--quiet", "--orphan", "another")
	w.push("another", "mallory@example.org", map[string]string{"README.md": "as if nothing had been"})
	w.git(w.clone, "push", "--quiet", "--force", "origin", "another:main")
	look()
	if stopped := w.workshop.edits([]string{"staging", "production"}); len(stopped["staging"]) != 1 || len(stopped["production"]) != 1 {
		t.Errorf("stopped are %v", stopped)
	}
}

func fmtBranches[B any](branches []B) []string {
	var told []string
	for _, one := range branches {
		told = append(told, strings.Trim(fmt.Sprint(one), "{}"))
	}
	return told
}
