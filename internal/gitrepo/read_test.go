package gitrepo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

func TestATreeIsAFileSystem(t *testing.T) {
	o := newOrigin(t)
	hash := o.commit("main", map[string]string{
		"assay.yaml": "kind: Platform\n", "models/breast/model.yaml": "kind: Model\n", "models.txt": "breast\n", "models/breast/deep/er/note": "x",
	})
	repo := o.fetched()
	files, err := repo.Tree("main")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(files, "assay.yaml", "models/breast/model.yaml", "models.txt", "models/breast/deep/er/note"); err != nil {
		t.Error(err)
	}
	commit, err := repo.Resolve("main")
	if err != nil || commit.Hash != hash || commit.Author.Email != "ada@example.org" || commit.Message != "work on main\n" || len(commit.Parents) != 0 {
		t.Errorf("resolved %+v, %v", commit, err)
	}
}

func TestATreeDoesNotChangeWithLaterFetches(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "old"})
	repo := o.fetched()
	before, err := repo.Tree("main")
	if err != nil {
		t.Fatal(err)
	}
	o.commit("main", map[string]string{"a": "new"})
	if err := repo.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := repo.Tree("main")
	if err != nil {
		t.Fatal(err)
	}
	for want, files := range map[string]fs.FS{"old": before, "new": after} {
		if got, err := fs.ReadFile(files, "a"); err != nil || string(got) != want {
			t.Errorf("read %q, %v; want %q", got, err, want)
		}
	}
}

func TestSymlinksAndSubmodulesAreRefused(t *testing.T) {
	for kind, spoil := range map[string]func(o origin){
		"symlink": func(o origin) {
			if err := os.Symlink("/etc/passwd", filepath.Join(o.work, "evil")); err != nil {
				t.Fatal(err)
			}
		},
		"submodule": func(o origin) {
			o.git(o.work, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",evil")
			if err := os.Mkdir(filepath.Join(o.work, "evil"), 0o755); err != nil {
				t.Fatal(err)
			}
		},
	} {
		o := newOrigin(t)
		spoil(o)
		o.commit("main", map[string]string{"a": "1"})
		_, err := o.fetched().Tree("main")
		if err == nil || !strings.Contains(err.Error(), `"evil" is a `+kind) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestForcePushesAndDeletionsAreFollowed(t *testing.T) {
	o := newOrigin(t)
	first := o.commit("main", map[string]string{"a": "1"})
	o.commit("main", map[string]string{"a": "2"})
	o.commit("gone", map[string]string{"a": "3"})
	repo := o.fetched()

	o.inBare("update-ref", "refs/heads/main", first)
	o.inBare("update-ref", "-d", "refs/heads/gone")
	if err := repo.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if commit, err := repo.Resolve("main"); err != nil || commit.Hash != first {
		t.Errorf("main is %s, %v; the remote went back to %s", commit.Hash, err, first)
	}
	if _, err := repo.Resolve("gone"); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("the deleted branch: %v", err)
	}
}

func TestOnlyWhatIsAskedForIsFetched(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	o.commit("env/prod", map[string]string{"a": "2"})
	pull := o.commit("topic", map[string]string{"a": "3"})
	o.inBare("update-ref", "refs/pull/7/head", pull)
	repo := o.fetched("main", "env/*", "refs/pull/7/head")
	if _, err := repo.Resolve("topic"); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("topic: %v", err)
	}
	if commit, err := repo.Resolve("refs/pull/7/head"); err != nil || commit.Hash != pull {
		t.Errorf("the pull request is %s, %v", commit.Hash, err)
	}
	if err := repo.Fetch(t.Context(), "absent"); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("fetching a branch that is not there: %v", err)
	}
}

func TestChangedListsPathsThatDiffer(t *testing.T) {
	o := newOrigin(t)
	a := o.commit("main", map[string]string{"same": "1", "edited": "1", "removed": "1"})
	b := o.commit("main", map[string]string{"edited": "2", "removed": "", "dir/added": "2"})
	changed, err := o.fetched().Changed(a, b)
	if want := []string{"dir/added", "edited", "removed"}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("changed %q, %v; want %q", changed, err, want)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, address := range []string{"", "relative/path", "ssh://git@example.org/x", "git@example.org:x", "ext::sh -c id", "http://", "%zz"} {
		if _, err := gitrepo.Open(address, t.TempDir()); err == nil {
			t.Errorf("opened %q", address)
		}
	}
}

func TestARemoteThatIsNotThere(t *testing.T) {
	for name, address := range map[string]string{
		"path": filepath.Join(t.TempDir(), "nothing"), "http": "http://ada:hunter2@127.0.0.1:1/repo.git",
	} {
		repo := open(t, address)
		err := repo.Fetch(t.Context())
		if err == nil || !strings.Contains(err.Error(), "fetching from") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := repo.WriteBranch(t.Context(), "env/dev", nil, "x", reconciler); err == nil {
			t.Errorf("%s: wrote to nothing", name)
		}
	}
}
