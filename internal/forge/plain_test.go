package forge_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// realGit is the git command in a bare repository, as a forge.Git.
type realGit struct {
	directory string
	notes     int // written
}

func (g *realGit) run(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-C", g.directory}, arguments...)...)
	command.Env = []string{
		"GIT_AUTHOR_NAME=dr-adams", "GIT_AUTHOR_EMAIL=adams@example.org", "GIT_COMMITTER_NAME=assay", "GIT_COMMITTER_EMAIL=assay@example.org",
		"GIT_CONFIG_NOSYSTEM=1", "HOME=" + g.directory,
	}
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", arguments[0], err, output)
	}
	return strings.TrimRight(string(output), "\n"), nil
}

func (g *realGit) Branches(ctx context.Context) (map[string]string, error) {
	listed, err := g.run(ctx, "for-each-ref", "--format=%(refname:strip=2) %(objectname)", "refs/heads")
	branches := map[string]string{}
	for line := range strings.Lines(listed) {
		name, commit, _ := strings.Cut(strings.TrimSpace(line), " ")
		branches[name] = commit
	}
	return branches, err
}

func (g *realGit) Contains(ctx context.Context, commit, ancestor string) (bool, error) {
	_, err := g.run(ctx, "merge-base", "--is-ancestor", ancestor, commit)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return false, nil
	}
	return err == nil, err
}

func (g *realGit) Author(ctx context.Context, commit string) (string, error) {
	return g.run(ctx, "show", "-s", "--format=%an", commit)
}

func (g *realGit) Note(ctx context.Context, commit string) (string, error) {
	listed, err := g.run(ctx, "notes", "--ref=assay", "list")
	if err != nil || !strings.Contains(listed, commit) {
		return "", nil // without notes there is no ref to list
	}
	text, err := g.run(ctx, "notes", "--ref=assay", "show", commit)
	return text + "\n", err
}

func (g *realGit) SetNote(ctx context.Context, commit, text string) error {
	g.notes++
	_, err := g.run(ctx, "notes", "--ref=assay", "add", "-f", "-m", text, commit)
	return err
}

func (g *realGit) Merge(ctx context.Context, branch, tip, head, message string) (string, error) {
	tree, err := g.run(ctx, "merge-tree", "--write-tree", tip, head)
	if err != nil {
		return "", err
	}
	commit, err := g.commit(ctx, tree, message, tip, head)
	if err != nil {
		return "", err
	}
	if _, err := g.run(ctx, "update-ref", "refs/heads/"+branch, commit, tip); err != nil {
		return "", fmt.Errorf("%w: %w", forge.ErrMoved, err)
	}
	return commit, nil
}

func (g *realGit) commit(ctx context.Context, tree, message string, parents ...string) (string, error) {
	arguments := []string{"commit-tree", tree, "-m", message}
	for _, parent := range parents {
		arguments = append(arguments, "-p", parent)
	}
	return g.run(ctx, arguments...)
}

// newPlain has main, and change/main/better on it.
func newPlain(t *testing.T) (plain forge.Forge, git *realGit, base, head string) {
	t.Helper()
	git = &realGit{directory: t.TempDir()}
	must(git.run(t.Context(), "init", "--bare", "--initial-branch=main"))(t)
	tree := must(git.run(t.Context(), "mktree", "--missing"))(t)
	base = must(git.commit(t.Context(), tree, "first"))(t)
	head = must(git.commit(t.Context(), tree, "a better model", base))(t)
	for name, commit := range map[string]string{"main": base, "change/main/better": head, "change/nowhere/x": head, "env/staging": head} {
		must(git.run(t.Context(), "update-ref", "refs/heads/"+name, commit))(t)
	}
	return forge.NewPlain(git), git, base, head
}

func TestWithoutAForgeABranchAsks(t *testing.T) {
	plain, git, base, head := newPlain(t)
	pulls := must(plain.Open(t.Context()))(t)
	if len(pulls) != 1 {
		t.Fatalf("got %+v", pulls)
	}
	pull := pulls[0]
	want := forge.PullRequest{
		Number: pull.Number, State: forge.Open, Title: "change/main/better", Author: "dr-adams", Branch: "change/main/better",
		Head: head, Base: "main", BaseCommit: base,
	}
	if pull != want || pull.Number <= 0 {
		t.Errorf("got %+v, want %+v", pull, want)
	}
	if _, err := plain.Merge(t.Context(), forge.Merge{Number: pull.Number, Head: base}); !errors.Is(err, forge.ErrMoved) {
		t.Errorf("got %v, want ErrMoved", err)
	}
	commit := must(plain.Merge(t.Context(), forge.Merge{Number: pull.Number, Head: head, Base: base, Message: "promote"}))(t)
	if parents := must(git.run(t.Context(), "show", "-s", "--format=%P", "main"))(t); parents != base+" "+head {
		t.Errorf("main has parents %s", parents)
	}
	if again := must(plain.Merge(t.Context(), forge.Merge{Number: pull.Number, Head: head, Base: base}))(t); again != commit {
		t.Errorf("a second merge gave %s after %s", again, commit)
	}
	if pulls := must(plain.Open(t.Context()))(t); len(pulls) != 0 {
		t.Errorf("got %+v", pulls)
	}
	if found := must(plain.Get(t.Context(), pull.Number))(t); found.State != forge.Merged {
		t.Errorf("got %+v", found)
	}
	if _, err := plain.Get(t.Context(), 1); !errors.Is(err, forge.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAForgeToPushIsToPropose(t *testing.T) {
	plain, _, _, head := newPlain(t)
	pull := must(plain.Propose(t.Context(), forge.Proposal{Branch: "change/main/better", Base: "main"}))(t)
	if pull.Head != head {
		t.Errorf("got %+v", pull)
	}
	for _, branch := range []string{"better", "change/main/not-pushed", "change/other/better"} {
		if _, err := plain.Propose(t.Context(), forge.Proposal{Branch: branch, Base: "main"}); err == nil {
			t.Errorf("%s was proposed", branch)
		}
	}
}

func TestWithoutAForgeTheNoteTells(t *testing.T) {
	plain, git, _, head := newPlain(t)
	must(git.run(t.Context(), "notes", "--ref=assay", "add", "-m", "reproduced by dr-chen", head))(t)
	pull := must(plain.Open(t.Context()))(t)[0]
	for range 2 {
		succeed(t, plain.Report(t.Context(), head, gates(forge.Failed)))
		succeed(t, plain.Comment(t.Context(), pull.Number, report("denied\n=== check assay ===\nallowed")))
	}
	if git.notes != 2 {
		t.Errorf("the note was written %d times", git.notes)
	}
	succeed(t, plain.Report(t.Context(), head, []forge.Check{{Name: "assay", Outcome: forge.Passed, Title: "may be merged",
		Annotations: []forge.Annotation{{Path: "model.yaml", Line: 3, Message: "unusual"}}}}))
	want := `reproduced by dr-chen
=== check assay
passed: may be merged
model.yaml:3: unusual
=== check assay/bias
failed: sensitivity gap may be as large as 0.12, limit 0.10
https://reports.example/1
| a | b |
=== comment report
denied
 === check assay ===
allowed
`
	if note := must(git.Note(t.Context(), head))(t); note != want {
		t.Errorf("got %s", note)
	}
}

func TestAPushDuringAPlainMergeIsNoticed(t *testing.T) {
	plain, git, base, head := newPlain(t)
	pull := must(plain.Open(t.Context()))(t)[0]
	slow := forge.NewPlain(&racing{git, func() {
		tree := must(git.run(t.Context(), "show", "-s", "--format=%T", base))(t)
		must(git.run(t.Context(), "update-ref", "refs/heads/main", must(git.commit(t.Context(), tree, "in between", base))(t)))(t)
	}})
	if _, err := slow.Merge(t.Context(), forge.Merge{Number: pull.Number, Head: head, Base: base}); !errors.Is(err, forge.ErrMoved) {
		t.Errorf("got %v, want ErrMoved", err)
	}
	if found := must(plain.Get(t.Context(), pull.Number))(t); found.State != forge.Open {
		t.Errorf("got %+v", found)
	}
}

// racing has somebody push just before the merge.
type racing struct {
	*realGit
	push func()
}

func (r *racing) Merge(ctx context.Context, branch, tip, head, message string) (string, error) {
	r.push()
	return r.realGit.Merge(ctx, branch, tip, head, message)
}
