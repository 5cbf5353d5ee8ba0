package forge_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

// first spoils the first requests of a method.
func first(times int, write bool, fault forgetest.Fault) func(*request) forgetest.Fault {
	var mu sync.Mutex
	return func(r *request) forgetest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if (r.Method != "GET") != write || times == 0 {
			return forgetest.Fault{}
		}
		times--
		return fault
	}
}

func TestAShortLimitIsWaitedForAndALongOneIsTold(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		for _, status := range []int{429, 403} {
			w.Fault = first(1, true, forgetest.Fault{Status: status, Header: map[string]string{"Retry-After": "3"}, Body: `{"message":"slow down"}`})
			before := w.clock.slept
			succeed(t, w.Comment(t.Context(), number, report(fmt.Sprint(status))))
			if slept := w.clock.slept - before; slept != 3*time.Second {
				t.Errorf("after %d it waited %s", status, slept)
			}
		}
		w.Fault = first(1, true, forgetest.Fault{Status: 429, Header: map[string]string{"Retry-After": "600"}})
		before, writes := w.clock.slept, len(w.Writes())
		err := w.Comment(t.Context(), number, report("c"))
		var limited *forge.LimitedError
		if !errors.As(err, &limited) || !limited.Until.Equal(w.clock.Now().Add(10*time.Minute)) || w.clock.slept != before {
			t.Errorf("got %v after %s", err, w.clock.slept-before)
		}
		if _, err := w.Open(t.Context()); !errors.As(err, &limited) || len(w.Writes()) != writes {
			t.Errorf("the forge was asked before its time: %v", err)
		}
		succeed(t, w.clock.Sleep(t.Context(), 10*time.Minute))
		succeed(t, w.Comment(t.Context(), number, report("c")))
	})
}

func TestASecondaryLimitWaitsAMinuteAndLongerEachTime(t *testing.T) {
	w := newWorld(t, kinds[0])
	number, _ := w.ask("head")
	w.Fault = first(3, true, forgetest.Fault{Status: 403, Body: `{"message":"You have exceeded a secondary rate limit."}`})
	for _, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		var limited *forge.LimitedError
		err := w.Comment(t.Context(), number, report("denied"))
		if !errors.As(err, &limited) || limited.Until.Sub(w.clock.Now()) != wait {
			t.Fatalf("got %v, want to wait %s", err, wait)
		}
		succeed(t, w.clock.Sleep(t.Context(), wait))
	}
	succeed(t, w.Comment(t.Context(), number, report("denied")))
}

func TestARefusalThatIsNoLimitIsARefusal(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		w.Fault = first(1, true, forgetest.Fault{Status: 403, Body: `{"message":"Resource not accessible by integration"}`})
		if err := w.Comment(t.Context(), number, report("a")); !errors.Is(err, forge.ErrRefused) || !strings.Contains(err.Error(), "not accessible") {
			t.Errorf("got %v", err)
		}
		if w.clock.slept != 0 {
			t.Errorf("it waited %s", w.clock.slept)
		}
	})
}

func TestReadsAreRepeatedAndWritesAreNot(t *testing.T) {
	for _, fault := range []forgetest.Fault{{Status: 500}, {Status: 502}, {Status: 503}, {Status: 504, Body: "<html>"}, {Cut: true}} {
		t.Run(fmt.Sprint(fault.Status), func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) {
				number, _ := w.ask("head")
				w.Fault = first(3, false, fault)
				if pulls := must(w.Open(t.Context()))(t); len(pulls) != 1 || w.clock.slept != 1400*time.Millisecond {
					t.Errorf("got %v after %s", pulls, w.clock.slept)
				}
				fault.Done = true
				w.Fault = first(1, true, fault)
				if err := w.Comment(t.Context(), number, report("denied")); err == nil {
					t.Error("nobody noticed")
				}
				succeed(t, w.Comment(t.Context(), number, report("denied")))
				if comments := w.Comments(number); len(comments) != 1 {
					t.Errorf("what was done already was done again: %+v", comments)
				}
			})
		})
	}
}

func TestWhatTheForgeSaysIsLeftCounts(t *testing.T) {
	for _, header := range []string{"X-RateLimit-", "RateLimit-"} {
		w := newWorld(t, kinds[0])
		w.ask("head")
		reset := w.clock.Now().Add(20 * time.Minute)
		w.Fault = first(1, false, forgetest.Fault{Status: 200, Body: "[]", Header: map[string]string{
			header + "Limit": "5000", header + "Remaining": "0", header + "Reset": fmt.Sprint(reset.Unix()),
		}})
		must(w.Open(t.Context()))(t)
		if level := w.budget.Level(); level.Limit != 5000 || level.Remaining != 0 || !level.Reset.Equal(reset) || !level.PausedUntil.Equal(reset) {
			t.Errorf("got %+v", level)
		}
		var limited *forge.LimitedError
		if _, err := w.Open(t.Context()); !errors.As(err, &limited) || !limited.Until.Equal(reset) {
			t.Errorf("got %v", err)
		}
		succeed(t, w.clock.Sleep(t.Context(), time.Hour))
		w.Fault = first(1, false, forgetest.Fault{Status: 200, Body: "[]", Header: map[string]string{header + "Remaining": "20"}})
		must(w.Open(t.Context()))(t)
		if level := w.budget.Level(); level.Tokens != 20 || !level.PausedUntil.IsZero() {
			t.Errorf("another spends of the same: got %+v", level)
		}
	}
}

// A merge goes where a status and a list have to wait.
func TestTheLastOfABudgetIsForMerges(t *testing.T) {
	clock := newClock()
	w := newWorld(t, kinds[0])
	number, head := w.ask("head")
	budget := forge.NewBudget(forge.Limits{PerHour: 3600, Burst: 40, Patience: 0}, clock)
	hub, err := forge.NewGitHub(forge.Remote{URL: w.url, Repository: repository, Credential: forge.Token(token), Login: robot, Budget: budget})
	succeed(t, err)
	var limited *forge.LimitedError
	for range 100 { // lists; each asks for pull requests and for the base
		if _, err = hub.Open(t.Context()); err != nil {
			break
		}
		w.SetBranch("main", forgetest.Commit(budget.Level())) // so that it costs
		w.Push(number, forgetest.Commit(budget.Level()))
	}
	if !errors.As(err, &limited) {
		t.Fatalf("lists spent it all: %v, %+v", err, budget.Level())
	}
	for i := range 100 {
		if err = hub.Report(t.Context(), head, []forge.Check{{Name: "assay", Title: fmt.Sprint(i)}}); err != nil {
			break
		}
	}
	if !errors.As(err, &limited) || budget.Level().Tokens < 4 {
		t.Fatalf("statuses spent it all: %v, %+v", err, budget.Level())
	}
	if _, err := hub.Merge(t.Context(), forge.Merge{Number: number, Head: w.Pull(number).Head}); err != nil {
		t.Errorf("a merge had to wait: %v", err)
	}
	succeed(t, clock.Sleep(t.Context(), time.Minute))
	if _, err := hub.Open(t.Context()); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// The token is for the forge; a redirect would carry it elsewhere.
func TestTheTokenStaysWithTheForge(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		elsewhere := newWorld(t, kinds[0])
		asked := false
		elsewhere.Fault = func(*request) forgetest.Fault { asked = true; return forgetest.Fault{} }
		w.Fault = func(r *request) forgetest.Fault {
			return forgetest.Fault{Status: http.StatusTemporaryRedirect, Header: map[string]string{"Location": elsewhere.url + r.URL.Path}}
		}
		if _, err := w.Open(t.Context()); err == nil || asked || strings.Contains(err.Error(), token) {
			t.Errorf("got %v; asked there: %t", err, asked)
		}
	})
}

func TestAnEndlessAnswerEnds(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.Fault = func(*request) forgetest.Fault {
			return forgetest.Fault{Status: 200, Body: `["` + strings.Repeat("a", 17<<20)}
		}
		if _, err := w.Open(t.Context()); err == nil {
			t.Error("it was read to the end")
		}
		w.Fault = func(r *request) forgetest.Fault { // a list that goes on for ever
			return forgetest.Fault{Status: 200, Body: "[]", Header: map[string]string{
				"Link": "<" + w.url + r.URL.Path + `?page=2>; rel="next"`, "X-Next-Page": "2",
			}}
		}
		if _, err := w.Open(t.Context()); err == nil {
			t.Error("it was read for ever")
		}
	})
}
