package forge_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

const (
	repository = "oncology/models"
	robot      = "assay-robot"
	token      = "a token of the robot"
	appToken   = "ghs_of_an_installation"
)

// clock is told the time; who sleeps moves it on.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func newClock() *clock { return &clock{now: time.Unix(1_790_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, wait time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(wait), c.slept+wait
	return ctx.Err()
}

// world is one kind of forge with one repository, and us.
type world struct {
	*forgetest.Model
	forge.Forge
	clock  *clock
	budget *forge.Budget
	again  func() forge.Forge // another process with the same credential
	base   string             // tip of main
	url    string
}

type kind struct {
	name    string
	open    func(forge.Remote) (forge.Forge, error)
	handler func(*forgetest.Model) http.Handler
	token   string
	login   string
}

var kinds = []kind{
	{"github", forge.NewGitHub, (*forgetest.Model).GitHub, token, ""},
	{"github app", forge.NewGitHub, (*forgetest.Model).GitHub, appToken, "assay[bot]"},
	{"gitlab", forge.NewGitLab, (*forgetest.Model).GitLab, token, ""},
	{"gitea", forge.NewGitea, (*forgetest.Model).Gitea, token, ""},
}

func newWorld(t *testing.T, k kind) *world {
	t.Helper()
	model := forgetest.New(repository)
	model.Grant(token, forgetest.User{Login: robot})
	model.Grant(appToken, forgetest.User{Login: "assay[bot]", App: "assay"})
	w := &world{Model: model, clock: newClock(), base: forgetest.Commit("main")}
	model.SetBranch("main", w.base)
	server := httptest.NewServer(k.handler(model))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.again = func() forge.Forge {
		w.budget = forge.NewBudget(forge.DefaultLimits, w.clock)
		opened, err := k.open(forge.Remote{URL: server.URL, Repository: repository, Credential: forge.Token(k.token), Login: k.login, Budget: w.budget})
		if err != nil {
			t.Fatal(err)
		}
		return opened
	}
	w.Forge = w.again()
	return w
}

// onEach tells one story on each kind of forge.
func onEach(t *testing.T, story func(*testing.T, *world)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { story(t, newWorld(t, k)) })
	}
}

// ask opens a pull request.
func (w *world) ask(words ...any) (number int64, head string) {
	head = forgetest.Commit(words...)
	return w.OpenPull(forgetest.Pull{Title: "a better model", Author: "dr-adams", Branch: "better", Head: head, Base: "main"}), head
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
