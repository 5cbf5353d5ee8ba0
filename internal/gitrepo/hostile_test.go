package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
)

// remote is a bare repository with one commit of one file on main, and what
// serves it.
func remote(t *testing.T) (folder string, server http.Handler) {
	t.Helper()
	root := t.TempDir()
	folder = filepath.Join(root, "origin.git")
	run(t, root, nil, "init", "--quiet", "--bare", "--initial-branch=main", folder)
	run(t, folder, nil, "config", "uploadpack.allowFilter", "true")
	run(t, folder, nil, "config", "uploadpack.allowAnySHA1InWant", "true")
	run(t, folder, strings.NewReader("commit refs/heads/main\ncommitter Ada <ada@example.org> 1700000000 +0000\ndata 0\nM 644 inline a\ndata 5\nhello\n"), "fast-import", "--quiet")
	backend := run(t, root, nil, "--exec-path") + "/git-http-backend"
	return folder, &cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1"}}
}

func run(t testing.TB, folder string, in io.Reader, arguments ...string) string {
	t.Helper()
	command := exec.Command("git", arguments...)
	command.Dir, command.Stdin = folder, in
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	return strings.TrimSpace(string(said))
}

func over(t *testing.T, handler http.HandlerFunc, change func(*limits)) *Repo {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	repo, err := Open(server.URL+"/origin.git", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	change(&repo.limits)
	if err := repo.connect(server.URL + "/origin.git"); err != nil {
		t.Fatal(err)
	}
	return repo
}

const listing0 = "001e# service=git-upload-pack\n0000"

// Each of these remotes ends in an error that says what is wrong, and the same
// remote in its senses is read by the same Repo afterwards.
func TestRemotesThatMisbehaveAreLeft(t *testing.T) {
	packs := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/git-upload-pack") }
	endless := func(w http.ResponseWriter, text string) {
		for {
			if _, err := io.WriteString(w, text); err != nil {
				return
			}
		}
	}
	// Whoever left is gone when the request ends; the body has to be read for the
	// server to notice.
	silent := func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	for name, story := range map[string]struct {
		misbehave func(w http.ResponseWriter, r *http.Request, good http.Handler)
		says      string
		limits    func(*limits)
	}{
		"refs without end": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
			io.WriteString(w, listing0+line(strings.Repeat("1", 40)+" refs/heads/main\x00side-band-64k\n"))
			endless(w, line(strings.Repeat("1", 40)+" refs/heads/again\n"))
		}, "more than is allowed", func(l *limits) { l.refBytes = 1 << 16 }},
		"no list of refs": {func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			io.WriteString(w, "<html>please sign in</html>")
		}, "fetching from", func(*limits) {}},
		"silence before the refs": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) { silent(w, r) },
			"said nothing for 50ms", func(l *limits) { l.quiet = 50 * time.Millisecond }},
		"silence before the objects": {func(w http.ResponseWriter, r *http.Request, good http.Handler) {
			if packs(r) {
				silent(w, r)
				return
			}
			good.ServeHTTP(w, r)
		}, "said nothing for 500ms", func(l *limits) { l.quiet = 500 * time.Millisecond }},
		"objects without end": {func(w http.ResponseWriter, r *http.Request, good http.Handler) {
			if packs(r) {
				io.WriteString(w, "0008NAK\n")
				endless(w, line("\x02counting for ever\n"))
				return
			}
			good.ServeHTTP(w, r)
		}, "more than is allowed", func(l *limits) { l.packBytes = 1 << 16 }},
		"too long a talk": {func(w http.ResponseWriter, r *http.Request, good http.Handler) {
			if packs(r) {
				silent(w, r)
				return
			}
			good.ServeHTTP(w, r)
		}, "not done after 500ms", func(l *limits) { l.whole = 500 * time.Millisecond }},
		"half a pack": {func(w http.ResponseWriter, r *http.Request, good http.Handler) {
			answer := httptest.NewRecorder()
			good.ServeHTTP(answer, r)
			body := answer.Body.Bytes()
			if packs(r) {
				body = body[:len(body)-40]
			}
			w.Write(body)
		}, "half-way", func(*limits) {}},
		"something else than a pack": {func(w http.ResponseWriter, r *http.Request, good http.Handler) {
			if packs(r) {
				io.WriteString(w, "0008NAK\n"+line("\x01HTML, or so it seems")+"0000")
				return
			}
			good.ServeHTTP(w, r)
		}, "in place of objects", func(*limits) {}},
	} {
		t.Run(name, func(t *testing.T) {
			_, good := remote(t)
			well := false
			repo := over(t, func(w http.ResponseWriter, r *http.Request) {
				if well {
					good.ServeHTTP(w, r)
					return
				}
				story.misbehave(w, r, good)
			}, story.limits)
			if err := repo.Fetch(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), story.says) {
				t.Errorf("it said %v", err)
			}
			if _, err := repo.Resolve("main"); !errors.Is(err, ErrNotFound) {
				t.Errorf("something was taken over: %v", err)
			}
			left, err := filepath.Glob(filepath.Join(repo.store.folder, incomingPrefix+"*"))
			if err != nil || len(left) > 0 {
				t.Errorf("it left %v, %v", left, err)
			}
			well, repo.limits = true, defaultLimits
			if err := repo.connect(repo.address); err != nil {
				t.Fatal(err)
			}
			if err := repo.Fetch(t.Context(), "main"); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// line is a pkt-line.
func line(text string) string { return fmt.Sprintf("%04x%s", len(text)+4, text) }

func TestWhoIsStoppedWaitsForNobody(t *testing.T) {
	entered := make(chan struct{})
	repo := over(t, func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}, func(*limits) {})
	ctx, stop := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { first <- repo.Fetch(ctx, "main") }()
	<-entered
	late, give := context.WithCancel(t.Context())
	give()
	if err := repo.Fetch(late, "main"); !errors.Is(err, context.Canceled) {
		t.Errorf("who does not wait for the turn gets %v", err)
	}
	stop()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("who is stopped gets %v", err)
	}
}

func TestTooManyRefsAreRefusedAndNotHalfRead(t *testing.T) {
	all := map[string]plumbing.Hash{}
	for i := range 500_000 {
		all[fmt.Sprintf("refs/heads/topic-%d", i)] = plumbing.NewHash(strings.Repeat("1", 40))
	}
	if _, err := match(all, []config.RefSpec{"+refs/heads/*:refs/heads/*"}, defaultLimits.refs); err == nil || !strings.Contains(err.Error(), "delete branches") {
		t.Errorf("half a million branches: %v", err)
	}
	if found, err := match(all, []config.RefSpec{"+refs/heads/topic-7:refs/heads/topic-7"}, defaultLimits.refs); err != nil || len(found) != 1 {
		t.Errorf("one of half a million: %v, %v", found, err)
	}
}

func TestHalfAMillionFilesAreRefused(t *testing.T) {
	store := newStore(t)
	var tree bytes.Buffer
	for i := range 1_000 {
		fmt.Fprintf(&tree, "100644 f%03d\x00%s", i, bytes.Repeat([]byte{1}, 20))
	}
	folder := inMemory(plumbing.TreeObject, tree.Bytes())
	tree.Reset()
	for i := range 501 {
		hash := folder.Hash()
		fmt.Fprintf(&tree, "40000 d%03d\x00%s", i, hash[:])
	}
	root := inMemory(plumbing.TreeObject, tree.Bytes())
	for _, encoded := range []plumbing.EncodedObject{folder, root} {
		if _, err := store.objects.SetEncodedObject(encoded); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.walk(root.Hash(), defaultLimits); err == nil || !strings.Contains(err.Error(), "more than 500000 files") {
		t.Errorf("it said %v", err)
	}
}
