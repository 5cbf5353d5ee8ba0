package gitrepo_test

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// serve gives the bare repository over HTTP with git's own server, to those
// who know the password.
func serve(o origin) string {
	o.t.Helper()
	o.inBare("config", "http.receivepack", "true")
	backend := &cgi.Handler{
		Path: filepath.Join(o.git("", "--exec-path"), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(o.bare), "GIT_HTTP_EXPORT_ALL=1"},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	o.t.Cleanup(server.Close)
	return server.URL + "/origin.git"
}

func TestOverHTTP(t *testing.T) {
	o := newOrigin(t)
	hash := o.commit("main", map[string]string{"a": "1"})
	repo := open(t, strings.Replace(serve(o), "://", "://ada:secret@", 1))
	if err := repo.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if commit, err := repo.Resolve("main"); err != nil || commit.Hash != hash {
		t.Errorf("main is %s, %v", commit.Hash, err)
	}
	for _, content := range []string{"1", "2"} {
		commit, _, err := repo.WriteBranch(t.Context(), "env/dev", map[string][]byte{"x": []byte(content)}, "render\n", reconciler)
		if err != nil || o.inBare("rev-parse", "env/dev") != commit {
			t.Errorf("wrote %s, %v", commit, err)
		}
	}
	o.inBare("fsck", "--strict")
}

func TestAWrongPasswordIsExplainedAndNotRepeated(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	repo, err := gitrepo.Open(strings.Replace(serve(o), "://", "://ada:hunter2@", 1), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	err = repo.Fetch(t.Context())
	if err == nil || !strings.Contains(err.Error(), "give credentials") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
