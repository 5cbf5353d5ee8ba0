package gitrepo_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// traffic counts what a server is asked for.
type traffic struct{ looks, packs atomic.Int64 }

// backend is git's own server over HTTP.
func backend(o origin) http.Handler {
	o.inBare("config", "http.receivepack", "true")
	return &cgi.Handler{
		Path: filepath.Join(o.git("", "--exec-path"), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(o.bare), "GIT_HTTP_EXPORT_ALL=1"},
	}
}

func counted(o origin) (address string, counts *traffic) {
	o.t.Helper()
	handler, counts := backend(o), &traffic{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/info/refs"):
			counts.looks.Add(1)
		case strings.HasSuffix(r.URL.Path, "/git-upload-pack"):
			counts.packs.Add(1)
		}
		handler.ServeHTTP(w, r)
	}))
	o.t.Cleanup(server.Close)
	return server.URL + "/origin.git", counts
}

// able makes the server give out less than everything, by hashes that no ref
// names, or not.
func (o origin) able(filter, hashes bool) {
	o.t.Helper()
	o.inBare("config", "uploadpack.allowFilter", fmt.Sprint(filter))
	o.inBare("config", "uploadpack.allowAnySHA1InWant", fmt.Sprint(hashes))
}

// large is a file that does not come along with small ones.
var large = strings.Repeat("a row of data\n", 10_000)

func read(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Whatever a server is able to do, over whichever way: the files are the same.
func TestEveryServerGivesTheSameFiles(t *testing.T) {
	for _, filter := range []bool{true, false} {
		for _, hashes := range []bool{true, false} {
			for _, way := range []string{"http", "path"} {
				t.Run(fmt.Sprintf("filter %t, any hash %t, by %s", filter, hashes, way), func(t *testing.T) {
					o := newOrigin(t)
					o.able(filter, hashes)
					old := o.commit("main", map[string]string{"a": "1", "models/b/model.yaml": "1", "data/rows.csv": large})
					o.commit("main", map[string]string{"models/b/model.yaml": "2", "data/rows.csv": large + "more\n"})
					address := o.bare
					if way == "http" {
						address, _ = counted(o)
					}
					repo := open(t, address)
					if err := repo.Fetch(t.Context()); err != nil {
						t.Fatal(err)
					}
					for ref, want := range map[string]map[string]string{
						old:    {"a": "1", "models/b/model.yaml": "1", "data/rows.csv": large},
						"main": {"a": "1", "models/b/model.yaml": "2", "data/rows.csv": large + "more\n"},
					} {
						files, err := repo.Tree(ref)
						if err != nil {
							t.Fatal(err)
						}
						if got := read(t, files); fmt.Sprint(got) != fmt.Sprint(want) {
							t.Errorf("%s holds other files", ref)
						}
					}
				})
			}
		}
	}
}

func TestNothingIsGotWhenNothingMoved(t *testing.T) {
	o := newOrigin(t)
	o.able(true, true)
	o.commit("main", map[string]string{"a": "1"})
	address, counts := counted(o)
	repo := open(t, address)
	for range 3 {
		if err := repo.Fetch(t.Context(), "main"); err != nil {
			t.Fatal(err)
		}
	}
	if looks, packs := counts.looks.Load(), counts.packs.Load(); looks != 3 || packs != 1 {
		t.Errorf("three fetches of one commit: %d looks, %d packs", looks, packs)
	}
}

func TestManyWhoFetchOneCommitGetItOnce(t *testing.T) {
	o := newOrigin(t)
	o.able(true, true)
	hash := o.commit("main", map[string]string{"a": "1"})
	address, counts := counted(o)
	repo := open(t, address)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if err := repo.Fetch(t.Context(), "main"); err != nil {
				t.Error(err)
				return
			}
			if commit, err := repo.Resolve("main"); err != nil || commit.Hash != hash {
				t.Errorf("main is %s, %v", commit.Hash, err)
			}
		})
	}
	group.Wait()
	if packs := counts.packs.Load(); packs != 1 {
		t.Errorf("%d packs for one commit", packs)
	}
}

// Small files come together, and data when somebody reads it.
func TestFilesComeWhenTheyAreRead(t *testing.T) {
	o := newOrigin(t)
	o.able(true, true)
	files := map[string]string{"data/rows.csv": large}
	for i := range 60 {
		files[fmt.Sprintf("models/m%d/model.yaml", i)] = fmt.Sprint("model ", i)
	}
	o.commit("main", files)
	address, counts := counted(o)
	repo := open(t, address)
	if err := repo.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	tree, err := repo.Tree("main")
	if err != nil {
		t.Fatal(err)
	}
	models, err := fs.Sub(tree, "models")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(read(t, models)); got != 60 || counts.packs.Load() != 2 {
		t.Errorf("%d small files came in %d packs", got, counts.packs.Load())
	}
	if text, err := fs.ReadFile(tree, "data/rows.csv"); err != nil || string(text) != large || counts.packs.Load() != 3 {
		t.Errorf("the data: %d bytes in pack %d, %v", len(text), counts.packs.Load(), err)
	}
	o.commit("main", map[string]string{"models/m7/model.yaml": "another"})
	if err := repo.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	if tree, err = repo.Tree("main"); err != nil {
		t.Fatal(err)
	}
	read(t, tree)
	if packs := counts.packs.Load(); packs != 5 {
		t.Errorf("one changed file came in %d packs", packs-3)
	}
}

// A store is shared: what one Repo has got, another has, without asking.
func TestTwoProcessesShareAStore(t *testing.T) {
	o := newOrigin(t)
	o.able(true, true)
	o.commit("main", map[string]string{"a": "1"})
	address, counts := counted(o)
	cache := t.TempDir()
	for range 2 {
		repo, err := gitrepo.Open(address, cache)
		if err != nil {
			t.Fatal(err)
		}
		if err := repo.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		tree, err := repo.Tree("main")
		if err != nil {
			t.Fatal(err)
		}
		read(t, tree)
	}
	if packs := counts.packs.Load(); packs != 2 {
		t.Errorf("%d packs for a commit and its files", packs)
	}
}

// New credentials find the store of the old ones, and wrong ones nothing in it.
func TestAStoreOutlivesCredentialsAndLetsNobodyIn(t *testing.T) {
	o := newOrigin(t)
	hash := o.commit("main", map[string]string{"a": "1"})
	cache, address := t.TempDir(), serve(o)
	for who, let := range map[string]bool{"ada:secret@": true, "emil:secret@": true, "eve:guess@": false} {
		repo := opened(t, strings.Replace(address, "://", "://"+who, 1), cache)
		if err := repo.Fetch(t.Context()); (err == nil) != let {
			t.Errorf("%s fetched: %v", who, err)
		}
		for _, ref := range []string{"main", hash} {
			if _, err := repo.Tree(ref); (err == nil) != let {
				t.Errorf("%s reads %s: %v", who, ref, err)
			}
		}
	}
	if stores, err := os.ReadDir(cache); err != nil || len(stores) != 1 {
		t.Errorf("%d stores, %v", len(stores), err)
	}
}

// spoil overwrites or deletes files of a store.
func spoil(t *testing.T, cache, pattern string, remove bool) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(cache, "*.git", "objects", pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("nothing to spoil at %s: %v", pattern, err)
	}
	for _, name := range found {
		if remove {
			err = os.Remove(name)
		} else if err = os.Chmod(name, 0o600); err == nil {
			err = os.WriteFile(name, []byte("garbage in place of objects"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestADamagedStoreIsFetchedAnew(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, cache string){
		"packs are garbage":   func(t *testing.T, cache string) { spoil(t, cache, "pack/*.pack", false) },
		"indexes are garbage": func(t *testing.T, cache string) { spoil(t, cache, "pack/*.idx", false) },
		"packs are gone": func(t *testing.T, cache string) {
			spoil(t, cache, "pack/*.pack", true)
			spoil(t, cache, "pack/*.idx", true)
		},
		"all is gone": func(t *testing.T, cache string) {
			if err := os.RemoveAll(cache); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrigin(t)
			o.able(true, true)
			o.commit("main", map[string]string{"a": "1", "b/c": "2"})
			cache := t.TempDir()
			first, err := gitrepo.Open(o.bare, cache)
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Fetch(t.Context()); err != nil {
				t.Fatal(err)
			}
			damage(t, cache)
			for _, repo := range []*gitrepo.Repo{first, opened(t, o.bare, cache)} {
				for range 2 { // the first time may notice the damage
					if err = repo.Fetch(t.Context()); err == nil {
						_, err = wholly(repo, "main")
					}
				}
				if err != nil {
					t.Errorf("it was not healed: %v", err)
				}
			}
		})
	}
}

func opened(t *testing.T, address, cache string) *gitrepo.Repo {
	t.Helper()
	repo, err := gitrepo.Open(address, cache)
	if err != nil {
		t.Fatal(err)
	}
	return repo
}

// wholly reads all files of a commit.
func wholly(repo *gitrepo.Repo, ref string) (int, error) {
	files, err := repo.Tree(ref)
	if err != nil {
		return 0, err
	}
	count := 0
	return count, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			_, err = fs.ReadFile(files, name)
			count++
		}
		return err
	})
}
