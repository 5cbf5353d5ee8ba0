package gitrepo_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// reconciler signs what the tests write; the time is an argument, as always.
var reconciler = gitrepo.Author{Name: "assay", Email: "assay@example.org", Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}

// origin is a bare repository and a clone in which people work, both driven
// by the real git client.
type origin struct {
	t    *testing.T
	bare string
	work string
}

func newOrigin(t *testing.T) origin {
	t.Helper()
	o := origin{t, filepath.Join(t.TempDir(), "origin.git"), filepath.Join(t.TempDir(), "work")}
	o.git("", "init", "--quiet", "--bare", "--initial-branch=main", o.bare)
	o.git("", "clone", "--quiet", o.bare, o.work)
	o.git(o.work, "checkout", "--quiet", "-B", "main")
	return o
}

// git runs the real client, deaf to the configuration of the machine.
func (o origin) git(folder string, arguments ...string) string {
	o.t.Helper()
	command := exec.Command("git", arguments...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		o.t.Fatalf("git %s: %v\n%s%s", strings.Join(arguments, " "), err, out, &stderr)
	}
	return strings.TrimSpace(string(out))
}

// inBare runs git in the bare repository: what the server sees.
func (o origin) inBare(arguments ...string) string {
	o.t.Helper()
	return o.git(o.bare, arguments...)
}

// commit writes files on a branch of the clone and pushes it. Empty content
// removes the file.
func (o origin) commit(branch string, files map[string]string) string {
	o.t.Helper()
	o.git(o.work, "checkout", "--quiet", "-B", branch)
	for name, content := range files {
		path := filepath.Join(o.work, name)
		if content == "" {
			o.git(o.work, "rm", "--quiet", name)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			o.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			o.t.Fatal(err)
		}
	}
	return o.commitAll(branch)
}

func (o origin) commitAll(branch string) string {
	o.t.Helper()
	o.git(o.work, "add", "--all")
	o.git(o.work, "commit", "--quiet", "--message", "work on "+branch)
	o.git(o.work, "push", "--quiet", "--force", "origin", branch)
	return o.git(o.work, "rev-parse", "HEAD")
}

func (o origin) open() *gitrepo.Repo {
	o.t.Helper()
	return open(o.t, o.bare)
}

func open(t *testing.T, address string) *gitrepo.Repo {
	t.Helper()
	repo, err := gitrepo.Open(address, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return repo
}

func (o origin) fetched(refs ...string) *gitrepo.Repo {
	o.t.Helper()
	repo := o.open()
	if err := repo.Fetch(o.t.Context(), refs...); err != nil {
		o.t.Fatal(err)
	}
	return repo
}
