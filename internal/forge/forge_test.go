package forge_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

func TestOpenPullRequestsAreListedWithTheBaseOfNow(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.PageSize = 2
		for i := range 5 {
			w.OpenPull(forgetest.Pull{Author: "dr-adams", Branch: "b", Head: forgetest.Commit("head", i), Base: "main", Fork: i == 3, Draft: i == 4})
		}
		w.Close(2)
		w.SetBranch("main", forgetest.Commit("main has moved"))
		pulls := must(w.Open(t.Context()))(t)
		var numbers []int64
		for _, pull := range pulls {
			numbers = append(numbers, pull.Number)
			if pull.BaseCommit != forgetest.Commit("main has moved") || pull.Base != "main" || pull.Author != "dr-adams" || pull.State != forge.Open {
				t.Errorf("got %+v", pull)
			}
			if pull.Fork != (pull.Number == 4) || pull.Draft != (pull.Number == 5) || pull.Head != forgetest.Commit("head", pull.Number-1) {
				t.Errorf("got %+v", pull)
			}
		}
		if !slices.Equal(numbers, []int64{1, 3, 4, 5}) {
			t.Errorf("got pull requests %v", numbers)
		}
	})
}

// Some lists of Gitea do not say that they go on.
func TestAFullPageOfGiteaIsNotTheLast(t *testing.T) {
	w := newWorld(t, kinds[3])
	w.Silent = true
	for i := range 120 {
		w.OpenPull(forgetest.Pull{Head: forgetest.Commit("head", i), Base: "main"})
	}
	if pulls := must(w.Open(t.Context()))(t); len(pulls) != 120 {
		t.Errorf("got %d pull requests", len(pulls))
	}
}

func TestABaseThatWasDeletedHasNoTip(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("head")
		w.SetBranch("main", "")
		if pulls := must(w.Open(t.Context()))(t); len(pulls) != 1 || pulls[0].BaseCommit != "" {
			t.Errorf("got %+v", pulls)
		}
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head, Base: w.base}); !errors.Is(err, forge.ErrMoved) {
			t.Errorf("got %v, want ErrMoved", err)
		}
	})
}

func TestAnUnchangedListIsNotSentAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.ask("head")
		first := must(w.Open(t.Context()))(t)
		tokens := w.budget.Level().Tokens
		second := must(w.Open(t.Context()))(t)
		if all, unchanged := w.Reads(); all != 4 || unchanged != 2 {
			t.Errorf("%d reads, of which %d told nothing new, want 4 and 2", all, unchanged)
		}
		if left := w.budget.Level().Tokens; left != tokens || !slices.Equal(first, second) {
			t.Errorf("what was known cost %d requests, or differs: %v, %v", tokens-left, first, second)
		}
	})
}

func TestAMergeIsOfTheHeadThatWasJudged(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("judged")
		w.Push(number, forgetest.Commit("pushed since"))
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head}); !errors.Is(err, forge.ErrMoved) {
			t.Errorf("got %v, want ErrMoved", err)
		}
		head = forgetest.Commit("pushed since")
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head, Base: forgetest.Commit("another base")}); !errors.Is(err, forge.ErrMoved) {
			t.Errorf("got %v, want ErrMoved for the base", err)
		}
		if writes := w.Writes(); len(writes) > 0 {
			t.Errorf("it was tried: %v", writes)
		}
		commit := must(w.Merge(t.Context(), forge.Merge{Number: number, Head: head, Base: w.base, Message: "promote"}))(t)
		if pull := w.Pull(number); pull.State != "merged" || pull.MergeCommit != commit {
			t.Errorf("got %s, and %+v", commit, pull)
		}
		again := must(w.Merge(t.Context(), forge.Merge{Number: number, Head: head, Base: w.base}))(t)
		if again != commit || len(w.Writes()) != 1 {
			t.Errorf("a second merge gave %s after %s: %v", again, commit, w.Writes())
		}
	})
}

// A push may come between the reading and the merge: then the forge refuses.
func TestAPushInBetweenIsRefusedByTheForge(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("judged")
		w.Fault = func(r *request) forgetest.Fault {
			if r.Method != "GET" {
				w.Push(number, forgetest.Commit("in between"))
			}
			return forgetest.Fault{}
		}
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head}); !errors.Is(err, forge.ErrMoved) {
			t.Errorf("got %v, want ErrMoved", err)
		}
		if w.Pull(number).State != "open" {
			t.Error("what nobody judged was merged")
		}
	})
}

func TestAMergeWhoseAnswerIsLostWasAMerge(t *testing.T) {
	for name, fault := range map[string]forgetest.Fault{"cut": {Done: true, Cut: true}, "502": {Done: true, Status: 502}} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				number, head := w.ask("judged")
				w.Fault = func(r *request) forgetest.Fault {
					if r.Method == "GET" {
						return forgetest.Fault{}
					}
					return fault
				}
				if commit := must(w.Merge(t.Context(), forge.Merge{Number: number, Head: head}))(t); commit != w.Pull(number).MergeCommit {
					t.Errorf("got %s", commit)
				}
			})
		})
	}
}

func TestWhatWasClosedOrCannotBeMergedSaysSo(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("in conflict")
		w.MakeMerge = func(string, string) (string, error) { return "", errors.New("conflict") }
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head}); !errors.Is(err, forge.ErrRefused) {
			t.Errorf("got %v, want ErrRefused", err)
		}
		w.Close(number)
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: head}); !errors.Is(err, forge.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
		if _, err := w.Get(t.Context(), 99); !errors.Is(err, forge.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
		if _, err := w.Merge(t.Context(), forge.Merge{Number: number, Head: "main"}); err == nil {
			t.Error("a branch is no head that was judged")
		}
	})
}

func TestTwoWritersOpenOnePullRequest(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.SetBranch("promote/staging", forgetest.Commit("next"))
		w.OpenPull(forgetest.Pull{Branch: "promote/staging", Head: forgetest.Commit("a fork's"), Base: "main", Fork: true})
		proposal := forge.Proposal{Branch: "promote/staging", Base: "main", Title: "promote to staging", Body: "It has soaked."}
		var group sync.WaitGroup
		for _, writer := range []forge.Forge{w, w.again()} {
			group.Go(func() {
				pull, err := writer.Propose(t.Context(), proposal)
				if err != nil || pull.Number != 2 || pull.Head != forgetest.Commit("next") || pull.BaseCommit != w.base {
					t.Errorf("got %+v, %v", pull, err)
				}
			})
		}
		group.Wait()
		if pulls := must(w.Open(t.Context()))(t); len(pulls) != 2 {
			t.Errorf("got %+v", pulls)
		}
	})
}

func TestTheLastWordOfEachReviewerAndWhatItIsAbout(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("first")
		w.Review(number, "prof-brandt", "approved")
		w.Review(number, "dr-chen", "approved")
		w.Push(number, forgetest.Commit("second"))
		w.Review(number, "dr-chen", "commented")
		w.Review(number, "dr-chen", "approved")
		w.Review(number, "dr-diaz", "approved")
		w.Review(number, "dr-diaz", "rejected")
		w.Review(number, "dr-evans", "dismissed")
		var told []string
		for _, review := range must(w.Reviews(t.Context(), number))(t) {
			if review.Stance == forge.Rejected { // GitLab has no such word
				continue
			}
			about := map[string]string{head: "first", forgetest.Commit("second"): "second"}[review.Commit]
			told = append(told, review.Reviewer+" "+string(review.Stance)+" "+cmp.Or(about, review.Commit))
		}
		if want := []string{"dr-chen approved second", "prof-brandt approved first"}; !slices.Equal(told, want) {
			t.Errorf("got %q, want %q", told, want)
		}
	})
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	budget := forge.NewBudget(forge.DefaultLimits, newClock())
	for _, remote := range []forge.Remote{
		{URL: "https://forge.example", Repository: "models", Credential: forge.Token("t"), Budget: budget},
		{URL: "https://forge.example", Repository: "../models", Credential: forge.Token("t"), Budget: budget},
		{URL: "https://forge.example", Repository: "a/b?c", Credential: forge.Token("t"), Budget: budget},
		{URL: "ftp://forge.example", Repository: "a/b", Credential: forge.Token("t"), Budget: budget},
		{URL: "https://me:secret@forge.example", Repository: "a/b", Credential: forge.Token("t"), Budget: budget},
		{URL: "https://forge.example", Repository: "a/b", Budget: budget},
		{URL: "https://forge.example", Repository: "a/b", Credential: forge.Token("t")},
	} {
		for _, k := range kinds {
			if _, err := k.open(remote); err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %s, %s: got %v", k.name, remote.URL, remote.Repository, err)
			}
		}
	}
}
