package assembly

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// origin is a remote: a bare repository, and a clone to put things into it.
type origin struct {
	t           *testing.T
	bare, clone string
}

func newOrigin(t *testing.T) origin {
	t.Helper()
	dir := t.TempDir()
	o := origin{t, filepath.Join(dir, "promotions.git"), filepath.Join(dir, "clone")}
	o.git(dir, "init", "--quiet", "--bare", "--initial-branch=main", o.bare)
	o.git(dir, "init", "--quiet", "--initial-branch=main", o.clone)
	o.git(o.clone, "remote", "add", "origin", o.bare)
	return o
}

func (o origin) git(dir string, arguments ...string) string {
	o.t.Helper()
	command := exec.CommandContext(o.t.Context(), "git", arguments...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_COMMITTER_NAME=Mara", "GIT_COMMITTER_EMAIL=mara@example.org")
	said, err := command.CombinedOutput()
	if err != nil {
		o.t.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	return strings.TrimSpace(string(said))
}

// push commits files on a branch, as an author.
func (o origin) push(branch, author string, files map[string]string) string {
	o.t.Helper()
	for name, text := range files {
		path := filepath.Join(o.clone, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			o.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	o.git(o.clone, "checkout", "--quiet", "-B", branch)
	o.git(o.clone, "add", "--all", ".")
	o.git(o.clone, "-c", "user.name=x", "-c", "user.email="+author, "commit", "--quiet", "--allow-empty", "-m", "change")
	o.git(o.clone, "push", "--quiet", "--force", "origin", branch)
	return o.git(o.clone, "rev-parse", "HEAD")
}

func (o origin) branches() *branches {
	o.t.Helper()
	repository, err := gitrepo.Open(o.bare, o.t.TempDir())
	if err != nil {
		o.t.Fatal(err)
	}
	return &branches{repository: repository, author: identity, clock: func() time.Time { return time.Unix(1_800_000_000, 0) }}
}

func (o origin) listing(branch string) string {
	return strings.ReplaceAll(o.git(o.bare, "ls-tree", "-r", "--name-only", branch), "\n", " ")
}

func deliver(t *testing.T, to *branches, model string, files map[string][]byte) string {
	t.Helper()
	commit, err := to.Deliver(t.Context(), promotion.Delivery{Environment: "development", Models: []string{model}, Files: files, Message: "deliver " + model})
	if err != nil {
		t.Fatal(err)
	}
	return commit
}

func TestADeliveryReplacesTheModelsFilesAndNoOthers(t *testing.T) {
	o := newOrigin(t)
	to := o.branches()
	deliver(t, to, "breast", map[string][]byte{"namespace.yaml": []byte("ns"), "breast/workload.yaml": []byte("1"), "breast/stale.yaml": []byte("1")})
	deliver(t, to, "breast-2", map[string][]byte{"namespace.yaml": []byte("ns"), "breast-2/workload.yaml": []byte("1")})
	last := deliver(t, to, "breast", map[string][]byte{"namespace.yaml": []byte("ns"), "breast/workload.yaml": []byte("2")})
	if got := o.listing("env/development"); got != "breast-2/workload.yaml breast/workload.yaml namespace.yaml" {
		t.Errorf("the branch holds %s", got)
	}
	if again := deliver(t, to, "breast", map[string][]byte{"namespace.yaml": []byte("ns"), "breast/workload.yaml": []byte("2")}); again != last {
		t.Errorf("the same files made the commit %s", again)
	}
	if other := deliver(t, o.branches(), "breast", map[string][]byte{"namespace.yaml": []byte("ns"), "breast/workload.yaml": []byte("2")}); other != last {
		t.Errorf("a fresh copy made the commit %s", other)
	}
}

func TestWhatIsNotPromotedAnyMoreIsWithdrawn(t *testing.T) {
	o := newOrigin(t)
	to := o.branches()
	if err := to.Withdraw(t.Context(), "development", nil); err != nil {
		t.Fatal(err)
	}
	for _, model := range []string{"breast", "lung"} {
		deliver(t, to, model, map[string][]byte{"namespace.yaml": []byte("ns"), model + "/workload.yaml": []byte("1")})
	}
	if err := to.Withdraw(t.Context(), "development", []string{"lung"}); err != nil {
		t.Fatal(err)
	}
	if got := o.listing("env/development"); got != "lung/workload.yaml namespace.yaml" {
		t.Errorf("the branch holds %s", got)
	}
	before := o.git(o.bare, "rev-parse", "env/development")
	if err := to.Withdraw(t.Context(), "development", []string{"lung", "new"}); err != nil || o.git(o.bare, "rev-parse", "env/development") != before {
		t.Errorf("nothing to withdraw made a commit (%v)", err)
	}
}

func TestADeliveryNeedsItsRemote(t *testing.T) {
	o := newOrigin(t)
	to := o.branches()
	if err := os.RemoveAll(o.bare); err != nil {
		t.Fatal(err)
	}
	if _, err := to.Deliver(t.Context(), promotion.Delivery{Environment: "development", Models: []string{"breast"}, Message: "m"}); err == nil {
		t.Error("delivered to nowhere")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newOrigin(t).branches().Deliver(ctx, promotion.Delivery{Environment: "development", Models: []string{"breast"}, Files: map[string][]byte{"breast/a": nil}, Message: "m"}); err == nil {
		t.Error("delivered after being stopped")
	}
}

func release(digest string) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: Release\nmetadata: {name: breast}\nspec: {model: breast, environment: development, digest: \"" + digest + "\", envelopes: [\"{}\"]}\n"
}

func TestServingReadsTheReleaseOfTheBranch(t *testing.T) {
	o := newOrigin(t)
	digest := evidence.Sum([]byte("breast"))
	to := o.branches()
	if served, err := to.Serving(t.Context(), "development", "breast"); err != nil || !served.Release.Zero() {
		t.Errorf("before there is a branch: %v, %v", served, err)
	}
	deliver(t, to, "breast", map[string][]byte{"breast/release.yaml": []byte(release(string(digest)))})
	served, err := to.Serving(t.Context(), "development", "breast")
	if err != nil || served.Release != (evidence.Subject{Name: "breast", Digest: digest}) || len(served.Envelopes) != 1 {
		t.Errorf("served %v, %v", served, err)
	}
	for _, model := range []string{"lung", "..", "", "breast/..", "../development"} {
		if served, err := to.Serving(t.Context(), "development", model); err == nil && !served.Release.Zero() {
			t.Errorf("%q serves %v", model, served)
		}
	}
}

// Garbage on the branch is an error, never "nothing serves".
func TestGarbageOnTheBranchIsNotAnEmptyBranch(t *testing.T) {
	for name, text := range map[string]string{
		"not YAML": "{", "empty": "", "no digest": "spec: {model: breast}\n", "unknown field": release(string(evidence.Sum(nil))) + "extra: 1\n",
		"upper case": release(strings.ToUpper(string(evidence.Sum(nil)))), "a path": release("sha256:../../../etc/passwd"), "a list": "[]", "a bomb": "a: &a [*a]",
	} {
		o := newOrigin(t)
		to := o.branches()
		deliver(t, to, "breast", map[string][]byte{"breast/release.yaml": []byte(text)})
		if served, err := to.Serving(t.Context(), "development", "breast"); err == nil || !strings.Contains(err.Error(), "breast/release.yaml of env/development") {
			t.Errorf("%s: served %v, %v", name, served, err)
		}
	}
}

func TestAReleaseThatWasReplacedIsRecalled(t *testing.T) {
	o := newOrigin(t)
	to := o.branches()
	first, second := evidence.Sum([]byte("1")), evidence.Sum([]byte("2"))
	for _, digest := range []evidence.Digest{first, second} {
		deliver(t, to, "breast", map[string][]byte{"breast/release.yaml": []byte(release(string(digest)))})
	}
	for digest, want := range map[evidence.Digest]bool{first: true, second: true, evidence.Sum(nil): false} {
		found, err := to.Recall(t.Context(), "development", evidence.Subject{Name: "breast", Digest: digest})
		if err != nil || found.Release.Zero() == want {
			t.Errorf("%s: %v, %v", digest.Short(), found.Release, err)
		}
	}
	if found, err := to.Recall(t.Context(), "staging", evidence.Subject{Name: "breast", Digest: first}); err != nil || !found.Release.Zero() {
		t.Errorf("another environment: %v, %v", found.Release, err)
	}
}
