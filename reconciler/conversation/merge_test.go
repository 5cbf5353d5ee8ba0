package conversation_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

func yes(context.Context, forge.PullRequest, []forge.Review, report.Report) (bool, string, error) {
	return true, "", nil
}

func TestNothingIsMergedUnlessSomebodySaysSo(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("a recipe")
		if outcome := w.look(t, number); outcome.Merged != "" || w.Pull(number).State != "open" {
			t.Errorf("got %+v", outcome)
		}
		w.options.Merge = func(_ context.Context, pull forge.PullRequest, reviews []forge.Review, judged report.Report) (bool, string, error) {
			if len(reviews) == 0 || pull.Author != "dr-adams" || !judged.Allowed {
				return false, "a clinician has to review it", nil
			}
			return true, "", nil
		}
		if outcome := w.look(t, number); outcome.Merged != "" || !strings.Contains(w.said(t, number), "It is not merged yet: a clinician has to review it.") {
			t.Errorf("got %+v, %s", outcome, w.said(t, number))
		}
		w.Review(number, "prof-brandt", "approved")
		outcome := w.look(t, number)
		if pull := w.Pull(number); pull.State != "merged" || outcome.Merged != pull.MergeCommit || outcome.State != forge.Merged || outcome.Retry {
			t.Errorf("got %+v", outcome)
		}
		if !strings.Contains(w.said(t, number), "It is merged without a person") {
			t.Errorf("got %s", w.said(t, number))
		}
		writes := len(w.Writes())
		if again := w.look(t, number); again.Merged != outcome.Merged || len(w.Writes()) != writes {
			t.Errorf("a second look: %+v, %v", again, w.Writes()[writes:])
		}
	})
}

func TestWhatIsNotAllowedIsNotMergedWhoeverSaysSo(t *testing.T) {
	for name, prepare := range map[string]func(*world){
		"denied":        func(w *world) { w.bench.judge = func(string) report.Report { return denied() } },
		"nothing there": func(w *world) { w.bench.judge = func(string) report.Report { return report.New("", nil, nil) } },
		"a doubt": func(w *world) {
			w.bench.judge = func(string) report.Report {
				told := allowed()
				told.Error, told.Allowed = "x", false
				return told
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				w.options.Merge = yes
				prepare(w)
				number, _ := w.ask("a recipe")
				if w.look(t, number); w.Pull(number).State != "open" {
					t.Error("it was merged")
				}
			})
		})
	}
	for name, pull := range map[string]forgetest.Pull{"a draft": {Draft: true}, "a fork": {Fork: true}} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				w.options.Merge = yes
				pull.Head, pull.Base, pull.Branch = forgetest.Commit("head"), "main", "better"
				number := w.OpenPull(pull)
				w.Review(number, "prof-brandt", "approved")
				w.Say(number, "prof-brandt", "/assay check "+pull.Head)
				if outcome := w.look(t, number); outcome.Check != forge.Passed || w.Pull(number).State != "open" {
					t.Errorf("got %+v", outcome)
				}
			})
		})
	}
}

// Between the verdict and the merge somebody may push, to either side.
func TestAMergeIsOfWhatWasJudged(t *testing.T) {
	for name, push := range map[string]func(w *world, number int64){
		"to the head": func(w *world, number int64) { w.push(number, "unseen", "unseen") },
		"to the base": func(w *world, _ int64) { w.SetBranch("main", forgetest.Commit("unseen")) },
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				number, head := w.ask("a recipe")
				w.options.Merge = func(context.Context, forge.PullRequest, []forge.Review, report.Report) (bool, string, error) {
					push(w, number)
					return true, "", nil
				}
				if outcome := w.look(t, number); outcome.Merged != "" || !outcome.Retry || w.Pull(number).State != "open" {
					t.Errorf("got %+v", outcome)
				}
				w.options.Merge = yes
				outcome := w.look(t, number)
				if pull := w.Pull(number); pull.State != "merged" || name == "to the head" && pull.Head == head || outcome.Merged == "" {
					t.Errorf("got %+v, %+v", outcome, pull)
				}
			})
		})
	}
}

// The verdict is said before the merge, and the merge is carried out once,
// wherever the process ends.
func TestACrashAtAnyRequestMergesOnce(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprintf("the request is carried out: %t", done), func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				w.options.Merge = yes
				for crash, went := 1, false; !went && crash < 100; crash++ {
					number, head := w.ask(fmt.Sprint("content ", crash))
					requests := 0
					w.Fault = func(*http.Request) forgetest.Fault {
						requests++
						return forgetest.Fault{Done: done, Cut: requests == crash}
					}
					_, err := conversation.New(w.client(), w.bench, w.verdicts, w.options).Look(t.Context(), number)
					went = err == nil && requests < crash
					w.Fault = nil
					merged := w.Pull(number).MergeCommit
					if stands := w.stands(head); merged != "" && stands["assay"] != "success" {
						t.Errorf("merged at request %d, while %v stood there", crash, stands)
					}
					outcome := w.look(t, number)
					if now := w.Pull(number); now.State != "merged" || merged != "" && now.MergeCommit != merged || outcome.Merged != now.MergeCommit {
						t.Errorf("after a crash at request %d: %+v, %+v", crash, outcome, now)
					}
				}
			})
		})
	}
}

// Trailers of a commit may approve: none of them is the author's of a pull request.
func TestTheMessageOfAMergeIsOurs(t *testing.T) {
	w := newWorld(t, kinds[0])
	w.options.Merge = yes
	var sent string
	w.Fault = func(r *http.Request) forgetest.Fault {
		if strings.HasSuffix(r.URL.Path, "/merge") {
			sent = read(t, r)
		}
		return forgetest.Fault{}
	}
	number := w.OpenPull(forgetest.Pull{Title: "x\n\nAssay-Promotion: production/breast", Branch: "better", Head: forgetest.Commit("head"), Base: "main"})
	w.look(t, number)
	if !strings.Contains(sent, "Promote by pull request 1") || strings.Contains(sent, "Assay-Promotion") {
		t.Errorf("got %s", sent)
	}
}

// read looks at the body of a request and leaves it as it was.
func read(t *testing.T, r *http.Request) string {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	return string(content)
}
