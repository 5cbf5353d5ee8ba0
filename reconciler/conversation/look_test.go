package conversation_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

var passes = map[string]string{
	"assay": "success", "assay/dataset": "success", "assay/performance": "success", "assay/bias": "success", "assay/compliance": "success", "assay/security": "success",
}

func with(standing map[string]string, changes ...string) map[string]string {
	changed := maps.Clone(standing)
	for i := 0; i < len(changes); i += 2 {
		changed[changes[i]] = changes[i+1]
	}
	return changed
}

func TestAPullRequestIsAnsweredBeforeAnythingIsRead(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("a recipe")
		w.bench.entered = func() {
			if stands := w.stands(head); stands["assay"] != "pending" {
				t.Errorf("git is asked while the forge shows %v", stands)
			}
		}
		outcome := w.look(t, number)
		if stands := w.stands(head); !maps.Equal(stands, passes) {
			t.Errorf("got %v", stands)
		}
		if said := w.said(t, number); !strings.Contains(said, "this change may be merged") || !strings.Contains(said, "https://assay.example/"+head) {
			t.Errorf("got %s", said)
		}
		want := conversation.Outcome{
			Number: number, State: forge.Open, Head: head, Base: w.base, Check: forge.Passed, Title: "6 requirements met", Link: "https://assay.example/" + head,
		}
		if outcome != want {
			t.Errorf("got %+v, want %+v", outcome, want)
		}
	})
}

func TestADenialIsToldAtItsGateAndAtItsLine(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.bench.judge = func(string) report.Report { return denied() }
		number, head := w.ask("a recipe")
		w.look(t, number)
		if stands := w.stands(head); !maps.Equal(stands, with(passes, "assay", "failure", "assay/bias", "failure")) {
			t.Errorf("got %v", stands)
		}
		if said := w.said(t, number); !strings.Contains(said, "models&#47;breast-malignancy&#47;model.yaml, line 9") {
			t.Errorf("got %s", said)
		}
		for _, run := range w.Runs(head) { // only GitHub's have room for it
			if remarks := len(run.Annotations); remarks != map[string]int{"assay/bias": 1}[run.Name] {
				t.Errorf("%s has %d annotations", run.Name, remarks)
			}
		}
	})
}

func TestToLookAgainWritesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("a recipe")
		w.look(t, number)
		writes := len(w.Writes())
		if again := w.look(t, number); !again.Reused || len(w.Writes()) != writes || len(w.bench.measured) != 1 {
			t.Errorf("got %+v, writes %v, checks of %v", again, w.Writes()[writes:], w.bench.measured)
		}
	})
}

// A rebase and an unrelated change of main hold what was judged.
func TestWhatWasJudgedIsNotJudgedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("a recipe")
		w.look(t, number)
		w.SetBranch("main", forgetest.Commit("something else was merged"))
		head := w.push(number, "rebased", "a recipe")
		if again := w.look(t, number); !again.Reused || len(w.bench.measured) != 1 {
			t.Errorf("got %+v after checks of %v", again, w.bench.measured)
		}
		if stands := w.stands(head); !maps.Equal(stands, passes) || !strings.Contains(w.said(t, number), head) {
			t.Errorf("the new head shows %v, and the comment %s", stands, w.said(t, number))
		}
	})
}

func TestABaseThatMovedBearsOnTheVerdict(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.bench.judge = func(content string) report.Report {
			if strings.HasPrefix(content, "stricter rules") {
				return denied()
			}
			return allowed()
		}
		number, head := w.ask("a recipe")
		w.look(t, number)
		w.bench.began = func() {
			for name, state := range w.stands(head) {
				if state == "success" {
					t.Errorf("%s passes while it is judged anew", name)
				}
			}
		}
		moved := forgetest.Commit("main has moved")
		w.bench.holds[moved] = "stricter rules, "
		w.SetBranch("main", moved)
		if outcome := w.look(t, number); outcome.Check != forge.Failed || w.stands(head)["assay"] != "failure" || w.stands(head)["assay/bias"] != "failure" {
			t.Errorf("got %+v, %v", outcome, w.stands(head))
		}
	})
}

// What a verdict stands on ends with time, though no commit says so.
func TestAVerdictGrowsOld(t *testing.T) {
	w := newWorld(t, kinds[0])
	number, _ := w.ask("a recipe")
	w.look(t, number)
	w.clock.advance(time.Hour)
	if again := w.look(t, number); again.Reused || len(w.bench.measured) != 2 {
		t.Errorf("got %+v after checks of %v", again, w.bench.measured)
	}
}

// What could not be judged is no verdict: it is tried again, and says so.
func TestADoubtIsNotKept(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		down := errors.New("the registry did not answer")
		w.bench.judge = func(string) report.Report {
			told := allowed()
			told.Promotions[0].Error, told.Promotions[0].Allowed = down.Error(), false
			return report.New("", told.Promotions, down)
		}
		number, head := w.ask("a recipe")
		if outcome := w.look(t, number); !outcome.Retry || outcome.Check != forge.Undecided || w.stands(head)["assay"] == "success" || w.stands(head)["assay/bias"] == "success" {
			t.Errorf("got %+v, %v", outcome, w.stands(head))
		}
		writes := len(w.Writes())
		if w.look(t, number); len(w.Writes()) != writes {
			t.Errorf("to try again wrote %v", w.Writes()[writes:])
		}
		w.bench.judge = func(string) report.Report { return allowed() }
		if outcome := w.look(t, number); outcome.Retry || !maps.Equal(w.stands(head), passes) {
			t.Errorf("got %+v, %v", outcome, w.stands(head))
		}
	})
}

func TestWhatTheAuthorHasToMendIsSaid(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.bench.fails = &conversation.Mistake{Err: errors.New("models/x/model.yaml:3: spec.task: is required\nmodels/x/card.yaml:1: unknown field"), Remedy: "mend it"}
		number, head := w.ask("a recipe")
		outcome := w.look(t, number)
		if outcome.Retry || outcome.Check != forge.Failed || w.stands(head)["assay"] != "failure" {
			t.Errorf("got %+v, %v", outcome, w.stands(head))
		}
		said := w.said(t, number)
		for _, want := range []string{"models&#47;x&#47;model.yaml:3: spec.task: is required", "models&#47;x&#47;card.yaml:1", "**What to do:** mend it."} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in %s", want, said)
			}
		}
		for _, run := range w.Runs(head) {
			if len(run.Annotations) != 2 {
				t.Errorf("%s has %d annotations", run.Name, len(run.Annotations))
			}
		}
		w.bench.fails = nil
		if w.look(t, number); !maps.Equal(w.stands(head), passes) {
			t.Errorf("got %v", w.stands(head))
		}
	})
}

// What was true of an earlier base is taken back, gate by gate.
func TestAVerdictThatIsOvertakenDoesNotStayGreen(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("a recipe")
		w.look(t, number)
		w.bench.fails = &conversation.Mistake{Err: errors.New("merge conflict in models/x/model.yaml"), Remedy: "merge main"}
		w.look(t, number)
		for name, state := range w.stands(head) {
			if state == "success" {
				t.Errorf("%s passes", name)
			}
		}
		writes := len(w.Writes())
		if w.look(t, number); len(w.Writes()) != writes {
			t.Errorf("to look again wrote %v", w.Writes()[writes:])
		}
		w.bench.fails = nil
		if w.look(t, number); !maps.Equal(w.stands(head), passes) {
			t.Errorf("got %v", w.stands(head))
		}
	})
}

func TestABaseThatIsGoneIsSaid(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("a recipe")
		w.SetBranch("main", "")
		if outcome := w.look(t, number); outcome.Check != forge.Failed || w.stands(head)["assay"] != "failure" || w.bench.weighed > 0 {
			t.Errorf("got %+v", outcome)
		}
	})
}

// A pull request that promotes nothing is not commented on; one that does so no
// more is told that it does not.
func TestWhereNothingIsPromotedNothingIsSaid(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.ask("nothing")
		outcome := w.look(t, number)
		if outcome.Check != forge.Unaffected || w.stands(head)["assay"] != "success" || len(w.Comments(number)) > 0 || len(w.bench.measured) > 0 {
			t.Errorf("got %+v, %v, %v", outcome, w.stands(head), w.Comments(number))
		}
		w.push(number, "second thoughts", "a recipe")
		w.look(t, number)
		w.push(number, "third thoughts", "nothing")
		w.look(t, number)
		if said := w.said(t, number); !strings.Contains(said, "no promotion is affected") {
			t.Errorf("got %s", said)
		}
	})
}

// Configuration comes from the base: whoever may push to some branch could
// otherwise bring rules of their own.
func TestAPullRequestIntoAnotherBranchIsNoneOfOurs(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.SetBranch("lenient", forgetest.Commit("lenient"))
		number := w.OpenPull(forgetest.Pull{Head: forgetest.Commit("head"), Branch: "better", Base: "lenient"})
		if outcome := w.look(t, number); outcome.Title != "" || len(w.Writes()) > 0 || w.bench.weighed > 0 {
			t.Errorf("got %+v, %v", outcome, w.Writes())
		}
		mine, _ := w.ask("a recipe")
		pulls, err := conversation.New(w.client(), w.bench, w.verdicts, w.options).Open(t.Context())
		if err != nil || len(pulls) != 1 || pulls[0].Number != mine {
			t.Errorf("got %+v, %v", pulls, err)
		}
		w.options.Branch = ""
		if outcome := w.look(t, mine); outcome.Title != "" || len(w.Writes()) > 0 {
			t.Errorf("without a branch: %+v, %v", outcome, w.Writes())
		}
	})
}

// A process may end at any moment, and an answer may be lost: whoever looks
// again finds what stands there, and adds what is missing.
func TestACrashAtAnyRequestDoublesNothing(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprintf("the request is carried out: %t", done), func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) { crashEverywhere(t, w, done) })
		})
	}
}

func crashEverywhere(t *testing.T, w *world, done bool) {
	w.options.Merge = yes
	w.bench.judge = func(string) report.Report { return denied() } // with an annotation
	for crash, went := 1, false; !went; crash++ {
		number, head := w.ask(fmt.Sprint("content ", crash))
		w.SetBranch("main", w.base)
		requests := 0
		w.Fault = func(*http.Request) forgetest.Fault {
			requests++
			return forgetest.Fault{Done: done, Cut: requests == crash}
		}
		_, err := conversation.New(w.client(), w.bench, w.verdicts, w.options).Look(t.Context(), number)
		went = err == nil && requests < crash
		w.Fault = nil
		w.look(t, number)
		if stands := w.stands(head); !maps.Equal(stands, with(passes, "assay", "failure", "assay/bias", "failure")) {
			t.Errorf("after a crash at request %d: %v", crash, stands)
		}
		w.said(t, number)
		names := map[string]int{}
		for _, run := range w.Runs(head) {
			if names[run.Name]++; run.Name == "assay/bias" && len(run.Annotations) != 1 || run.Status != "completed" {
				t.Errorf("after a crash at request %d: %+v", crash, run)
			}
		}
		if crash > 100 {
			t.Fatal("a look takes more than a hundred requests")
		}
	}
	if w.Pull(1).State != "open" {
		t.Error("what was denied was merged")
	}
}
