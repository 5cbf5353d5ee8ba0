package forge_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

func gates(outcome forge.Outcome) []forge.Check {
	return []forge.Check{
		{Name: "assay/bias", Outcome: outcome, Title: "sensitivity gap may be as large as 0.12, limit 0.10", Text: "| a | b |", Link: "https://reports.example/1"},
		{Name: "assay", Outcome: outcome, Title: "this change may not be merged"},
	}
}

// shown is what stands on a commit, of check runs and of statuses.
func (w *world) shown(commit string) map[string]string {
	states := map[string]string{}
	for _, status := range w.Statuses(commit) {
		states[status.Name] = status.State
	}
	for _, run := range w.Runs(commit) {
		states[run.Name] = run.Status + " " + run.Conclusion
	}
	return states
}

func TestTheSameChecksWriteNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		_, head := w.ask("head")
		for _, outcome := range []forge.Outcome{forge.Pending, forge.Failed, forge.Passed, forge.Undecided, forge.Unaffected} {
			before := len(w.Writes())
			succeed(t, w.Report(t.Context(), head, gates(outcome)))
			succeed(t, w.Report(t.Context(), head, gates(outcome)))
			if writes := w.Writes()[before:]; len(writes) != 2 {
				t.Errorf("outcome %d: got %q", outcome, writes)
			}
		}
		before := len(w.Writes())
		changed := gates(forge.Unaffected)
		changed[1].Title = "nothing to judge"
		succeed(t, w.again().Report(t.Context(), head, changed))
		if writes := w.Writes()[before:]; len(writes) != 1 {
			t.Errorf("one check changed, and these were written: %q", writes)
		}
	})
}

func TestOutcomesInTheWordsOfEachForge(t *testing.T) {
	want := map[string]map[forge.Outcome]string{
		"github":     {forge.Undecided: "error", forge.Pending: "pending", forge.Failed: "failure", forge.Passed: "success", forge.Unaffected: "success"},
		"github app": {forge.Undecided: "completed action_required", forge.Pending: "in_progress ", forge.Failed: "completed failure", forge.Passed: "completed success", forge.Unaffected: "completed neutral"},
		"gitlab":     {forge.Undecided: "failed", forge.Pending: "running", forge.Failed: "failed", forge.Passed: "success", forge.Unaffected: "success"},
		"gitea":      {forge.Undecided: "error", forge.Pending: "pending", forge.Failed: "failure", forge.Passed: "success", forge.Unaffected: "success"},
	}
	for _, k := range kinds {
		for outcome, state := range want[k.name] {
			w := newWorld(t, k)
			_, head := w.ask("head")
			succeed(t, w.Report(t.Context(), head, gates(outcome)))
			if shown := w.shown(head); shown["assay/bias"] != state || shown["assay"] != state {
				t.Errorf("%s: outcome %d is shown as %v, want %s", k.name, outcome, shown, state)
			}
		}
	}
}

func TestChecksOfOthersAreLeftAlone(t *testing.T) {
	w := newWorld(t, kinds[1])
	w.Grant("ghs_other", forgetest.User{Login: "other[bot]", App: "other"})
	_, head := w.ask("head")
	other, err := forge.NewGitHub(forge.Remote{URL: w.url, Repository: repository, Credential: forge.Token("ghs_other"), Login: "other[bot]", Budget: w.budget})
	succeed(t, err)
	succeed(t, other.Report(t.Context(), head, gates(forge.Passed)))
	succeed(t, w.Report(t.Context(), head, gates(forge.Failed)))
	succeed(t, w.Report(t.Context(), head, gates(forge.Undecided)))
	runs := w.Runs(head)
	if len(runs) != 4 || runs[0].App != "other" || runs[0].Conclusion != "success" || runs[2].App != "assay" || runs[2].Conclusion != "action_required" {
		t.Errorf("got %+v", runs)
	}
}

// GitHub lets nobody edit the runs of others; without a login they are told by their mark.
func TestWithoutALoginRunsOfOthersAreToldApart(t *testing.T) {
	w := newWorld(t, kinds[1])
	w.Grant("ghs_nameless", forgetest.User{Login: "nameless[bot]", App: "nameless"})
	_, head := w.ask("head")
	w.AddRun(forgetest.Run{App: "other", Commit: head, Name: "assay", Status: "completed", Conclusion: "success", External: "theirs"})
	nameless := must(forge.NewGitHub(forge.Remote{URL: w.url, Repository: repository, Credential: forge.Token("ghs_nameless"), Budget: w.budget}))(t)
	for _, outcome := range []forge.Outcome{forge.Failed, forge.Passed} {
		succeed(t, nameless.Report(t.Context(), head, gates(outcome)))
	}
	if runs := w.Runs(head); len(runs) != 3 {
		t.Errorf("got %+v", runs)
	}
	if err := nameless.Comment(t.Context(), 1, report("denied")); err == nil || !strings.Contains(err.Error(), "give the login") {
		t.Errorf("got %v", err)
	}
}

func TestACheckRunIsUpdatedUnlessItWouldLie(t *testing.T) {
	w := newWorld(t, kinds[1])
	_, head := w.ask("head")
	check := forge.Check{Name: "assay/bias", Outcome: forge.Pending, Title: "t"}
	steps := []struct {
		name   string
		change func()
		runs   int
	}{
		{"it begins", func() {}, 1},
		{"it ends", func() { check.Outcome = forge.Failed }, 1},
		{"remarks come", func() { check.Annotations = []forge.Annotation{{Path: "a.yaml", Line: 3, Message: "m"}} }, 1},
		{"the title changes, the remarks stay", func() { check.Title = "u" }, 1},
		{"other remarks", func() { check.Annotations[0].Line = 4 }, 2},
		{"it begins anew", func() { check.Outcome = forge.Pending }, 3},
	}
	for _, step := range steps {
		step.change()
		succeed(t, w.Report(t.Context(), head, []forge.Check{check}))
		runs := w.Runs(head)
		last := runs[len(runs)-1]
		if len(runs) != step.runs || len(last.Annotations) != len(check.Annotations) || last.Title != check.Title {
			t.Errorf("%s: got %d runs, the last %+v", step.name, len(runs), last)
		}
	}
}

func TestManyRemarksGoInBatchesAndSurviveACrash(t *testing.T) {
	w := newWorld(t, kinds[1])
	_, head := w.ask("head")
	check := forge.Check{Name: "assay/compliance", Outcome: forge.Failed, Title: "t"}
	for line := range 260 {
		check.Annotations = append(check.Annotations, forge.Annotation{Path: "card.yaml", Line: line, Message: fmt.Sprint("remark ", line), Warning: line%2 == 0})
	}
	writes := 0
	w.Fault = func(r *request) forgetest.Fault {
		if r.Method == "GET" {
			return forgetest.Fault{}
		}
		writes++
		return forgetest.Fault{Cut: writes == 3}
	}
	if err := w.Report(t.Context(), head, []forge.Check{check}); err == nil {
		t.Fatal("nobody noticed that the connection broke")
	}
	succeed(t, w.Report(t.Context(), head, []forge.Check{check}))
	runs := w.Runs(head)
	last := runs[len(runs)-1]
	if len(runs) != 2 || len(last.Annotations) != 200 || !strings.HasPrefix(last.Summary, "60 more remarks") {
		t.Errorf("got %d runs, the last with %d remarks, %q", len(runs), len(last.Annotations), last.Summary)
	}
	before := len(w.Writes())
	succeed(t, w.Report(t.Context(), head, []forge.Check{check}))
	if len(w.Writes()) != before {
		t.Error("the same again was written")
	}
}

func TestTwoWritersOfOneCheckAgree(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		_, head := w.ask("head")
		for _, outcome := range []forge.Outcome{forge.Pending, forge.Passed} {
			var group sync.WaitGroup
			for _, writer := range []forge.Forge{w, w.again()} {
				group.Go(func() {
					if err := writer.Report(t.Context(), head, gates(outcome)); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		succeed(t, w.Report(t.Context(), head, gates(forge.Passed)))
		for name, state := range w.shown(head) {
			if !strings.HasSuffix(state, "success") {
				t.Errorf("%s is shown as %s", name, state)
			}
		}
	})
}

func TestChecksWithoutANameOrACommitAreRefused(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		head := forgetest.Commit("head")
		for _, bad := range [][]forge.Check{{{}}, {{Name: "a"}, {Name: "a"}}, {{Name: "a", Outcome: 7}}} {
			if err := w.Report(t.Context(), head, bad); err == nil {
				t.Errorf("%+v was taken", bad)
			}
		}
		if err := w.Report(t.Context(), "main", gates(forge.Passed)); err == nil {
			t.Error("a branch is no commit")
		}
	})
}
