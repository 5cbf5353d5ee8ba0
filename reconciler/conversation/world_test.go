package conversation_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

const (
	repository = "oncology/models"
	token      = "a token of the robot"
	appToken   = "ghs_of_an_installation"
)

// clock stands still until it is told otherwise.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, wait time.Duration) error {
	c.advance(wait)
	return ctx.Err()
}

func (c *clock) advance(wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(wait)
}

// bench is a Checker whose verdict is a function of what two commits hold.
type bench struct {
	mu       sync.Mutex
	holds    map[string]string // by commit; "nothing" affects nothing
	judge    func(content string) report.Report
	fails    error  // of Content
	entered  func() // Content
	began    func() // Check
	weighed  int
	measured []string // contents that were checked
}

func (b *bench) Content(_ context.Context, base, head string) (conversation.Content, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.weighed++
	if b.entered != nil {
		b.entered()
	}
	if b.fails != nil {
		return conversation.Content{}, b.fails
	}
	content := b.holds[base] + b.holds[head]
	return conversation.Content{Key: evidence.Sum([]byte(content)), Affects: b.holds[head] != "nothing"}, nil
}

func (b *bench) Check(_ context.Context, base, head string) (report.Report, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began != nil {
		b.began()
	}
	content := b.holds[base] + b.holds[head]
	b.measured = append(b.measured, content)
	told := b.judge(content)
	told.Commit = head
	return told, nil
}

// world is one kind of forge with one repository, and a conversation about it.
type world struct {
	*forgetest.Model
	bench    *bench
	clock    *clock
	verdicts conversation.Verdicts
	options  conversation.Options
	client   func() forge.Forge // of another process
	base     string             // tip of main
}

type kind struct {
	name         string
	open         func(forge.Remote) (forge.Forge, error)
	handler      func(*forgetest.Model) http.Handler
	token, login string
}

var kinds = []kind{
	{"github", forge.NewGitHub, (*forgetest.Model).GitHub, token, ""},
	{"github app", forge.NewGitHub, (*forgetest.Model).GitHub, appToken, "assay[bot]"},
	{"gitlab", forge.NewGitLab, (*forgetest.Model).GitLab, token, ""},
	{"gitea", forge.NewGitea, (*forgetest.Model).Gitea, token, ""},
}

// onEach tells one story on each kind of forge.
func onEach(t *testing.T, story func(*testing.T, *world)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { story(t, newWorld(t, k)) })
	}
}

func newWorld(t testing.TB, k kind) *world {
	t.Helper()
	model := forgetest.New(repository)
	model.Grant(token, forgetest.User{Login: "assay-robot"})
	model.Grant(appToken, forgetest.User{Login: "assay[bot]", App: "assay"})
	model.Admit("prof-brandt")
	w := &world{
		Model: model, base: forgetest.Commit("main"), clock: &clock{now: time.Unix(1_790_000_000, 0)},
		verdicts: conversation.Verdicts(t.TempDir()),
		bench:    &bench{holds: map[string]string{}, judge: func(string) report.Report { return allowed() }},
	}
	model.SetBranch("main", w.base)
	w.options = conversation.Options{Branch: "main", Clock: w.clock.Now, Link: func(head string) string { return "https://assay.example/" + head }}
	server := httptest.NewServer(k.handler(model))
	t.Cleanup(server.Close)
	w.client = func() forge.Forge {
		opened, err := k.open(forge.Remote{
			URL: server.URL, Repository: repository, Credential: forge.Token(k.token), Login: k.login, Budget: forge.NewBudget(forge.DefaultLimits, w.clock),
		})
		if err != nil {
			t.Fatal(err)
		}
		return opened
	}
	return w
}

// ask opens a pull request of a head that holds something.
func (w *world) ask(holds string) (number int64, head string) {
	head = forgetest.Commit("head", holds)
	w.bench.holds[head] = holds
	return w.OpenPull(forgetest.Pull{Title: "a better model", Author: "dr-adams", Branch: "better", Head: head, Base: "main"}), head
}

// push moves the pull request to a head that holds something.
func (w *world) push(number int64, name, holds string) (head string) {
	head = forgetest.Commit(name)
	w.bench.holds[head] = holds
	w.Push(number, head)
	return head
}

// look is one look of a process that has just begun.
func (w *world) look(t testing.TB, number int64) conversation.Outcome {
	t.Helper()
	outcome, err := conversation.New(w.client(), w.bench, w.verdicts, w.options).Look(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// stands is how each check of a commit reads, in the words of all forges.
func (w *world) stands(commit string) map[string]string {
	words := map[string]string{"running": "pending", "failed": "failure", "in_progress": "pending", "neutral": "success", "action_required": "error"}
	stands := map[string]string{}
	for _, status := range w.Statuses(commit) {
		stands[status.Name] = status.State
	}
	for _, run := range w.Runs(commit) {
		stands[run.Name] = run.Status
		if run.Status == "completed" {
			stands[run.Name] = run.Conclusion
		}
	}
	for name, state := range stands {
		if word, other := words[state]; other {
			stands[name] = word
		}
	}
	return stands
}

// said is the one comment of ours.
func (w *world) said(t testing.TB, number int64) string {
	t.Helper()
	ours := slices.DeleteFunc(w.Comments(number), func(c forgetest.Comment) bool { return !strings.HasPrefix(c.Body, "<!-- assay:") })
	if len(ours) != 1 {
		t.Fatalf("%d comments: %+v", len(ours), ours)
	}
	return ours[0].Body
}

// judged is a report about one promotion, of one rule for each gate and the findings.
func judged(findings ...gates.Finding) report.Report {
	one := report.Promotion{Model: "breast-malignancy", Environment: "development", Dataset: "wdbc", Release: "breast-malignancy@sha256:" + strings.Repeat("ab", 32)}
	one.Verdict = gates.Verdict{Environment: "development", Evaluated: []string{"change.order"}, Findings: findings}
	for _, gate := range report.Gates() {
		one.Verdict.Evaluated = append(one.Verdict.Evaluated, "model."+gate+".rule")
	}
	one.Allowed = one.Verdict.Allowed()
	return report.New("", []report.Promotion{one}, nil)
}

func allowed() report.Report { return judged() }

func denied() report.Report {
	told := judged(gates.Finding{
		Rule: "model.bias.rule", State: gates.Failed, Severity: gates.Deny, Title: "The model finds the event equally well in every cohort",
		Message: "sensitivity gap may be as large as 0.578, limit 0.1", Remedy: "collect more patients",
	})
	told.Promotions[0].Lines = map[string]int{"model.bias.rule": 9}
	return told
}
