package conversation_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

// fork opens a pull request of a stranger.
func (w *world) fork() (number int64, head string) {
	head = forgetest.Commit("a stranger's")
	w.bench.holds[head] = "a stranger's recipe"
	return w.OpenPull(forgetest.Pull{Author: "stranger", Branch: "better", Head: head, Base: "main", Fork: true}), head
}

func TestNothingOfAForkIsReadBeforeAPersonSaysSo(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.fork()
		w.Say(number, "stranger", "/assay check "+head)
		w.Review(number, "stranger", "approved")
		outcome := w.look(t, number)
		if outcome.Check != forge.Undecided || w.bench.weighed > 0 {
			t.Errorf("got %+v after %d looks into git", outcome, w.bench.weighed)
		}
		if stands := w.stands(head); len(stands) != 1 || stands["assay"] == "success" || stands["assay"] == "pending" {
			t.Errorf("got %v", stands)
		}
		if said := w.said(t, number); !strings.Contains(said, "/assay check "+head) {
			t.Errorf("got %s", said)
		}
	})
}

func TestAPersonWhoMayWriteSaysSoOfOneHead(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.fork()
		for _, other := range []string{"/assay check", "/assay check " + forgetest.Commit("another"), "do not write /assay check " + head, "/assay check " + head[:12], "> /assay check " + head} {
			w.Say(number, "prof-brandt", other)
		}
		if w.look(t, number); w.bench.weighed > 0 {
			t.Error("it was read without the word")
		}
		w.Say(number, "prof-brandt", "  /assay  check "+head+"\r\n\r\nI have read it.")
		if outcome := w.look(t, number); outcome.Check != forge.Passed || w.stands(head)["assay"] != "success" {
			t.Errorf("got %+v", outcome)
		}
		weighed := w.bench.weighed
		second := w.push(number, "pushed since", "another recipe")
		if outcome := w.look(t, number); outcome.Check != forge.Undecided || w.bench.weighed != weighed || w.stands(second)["assay"] == "success" {
			t.Errorf("a new head: %+v", outcome)
		}
	})
}

// A review says which commit it is of, but in GitLab, which only says when.
func TestAReviewOfExactlyThisHeadIsAWord(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			w := newWorld(t, k)
			number, _ := w.fork()
			w.Review(number, "prof-brandt", "approved")
			head := w.push(number, "pushed since", "another recipe")
			if w.look(t, number); w.bench.weighed > 0 {
				t.Error("an older review counted")
			}
			w.Review(number, "prof-brandt", "approved")
			want := forge.Passed
			if k.name == "gitlab" {
				want = forge.Undecided
			}
			if outcome := w.look(t, number); outcome.Check != want || outcome.Head != head {
				t.Errorf("got %+v", outcome)
			}
			w.Review(number, "prof-brandt", "rejected")
			third := w.push(number, "third", "a third recipe")
			w.Review(number, "prof-brandt", "rejected")
			if outcome := w.look(t, number); outcome.Check != forge.Undecided || outcome.Head != third {
				t.Errorf("after a rejection: %+v", outcome)
			}
		})
	}
}

// A credential that may not ask who may write takes nobody's word, and says why.
func TestWhereNobodyCanBeAskedNobodyCounts(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, head := w.fork()
		w.Say(number, "prof-brandt", "/assay check "+head)
		w.Fault = func(r *http.Request) forgetest.Fault {
			if strings.Contains(r.URL.Path, "/collaborators/") || strings.Contains(r.URL.Path, "/members/") {
				return forgetest.Fault{Status: http.StatusForbidden, Body: `{"message":"no"}`}
			}
			return forgetest.Fault{}
		}
		if outcome := w.look(t, number); outcome.Check != forge.Undecided || !strings.Contains(w.said(t, number), "may not ask who may write") {
			t.Errorf("got %+v, %s", outcome, w.said(t, number))
		}
	})
}

// Anybody may comment, any number of times: that costs a bounded number of requests.
func TestACrowdOfStrangersIsNotAskedAbout(t *testing.T) {
	w := newWorld(t, kinds[3])
	number, head := w.fork()
	for i := range 300 {
		w.Say(number, "stranger-"+forgetest.Commit(i), "/assay check "+head)
	}
	asked := 0
	w.Fault = func(r *http.Request) forgetest.Fault {
		if strings.Contains(r.URL.Path, "/collaborators/") {
			asked++
		}
		return forgetest.Fault{}
	}
	if outcome := w.look(t, number); outcome.Check != forge.Undecided || asked > 50 {
		t.Errorf("%d were asked about: %+v", asked, outcome)
	}
}
