package harness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const maxPush = 256 << 20

// serveGit makes a bare repository in the directory, if there is none, and
// serves it with git's own HTTP server to any git client.
func serveGit(ctx context.Context, dir, name string) (url string, err error) {
	bare := filepath.Join(dir, name)
	if _, err := os.Stat(bare); err != nil {
		if _, err := Git(ctx, "", "init", "--quiet", "--bare", "--initial-branch=main", bare); err != nil {
			return "", err
		}
	}
	if _, err := Git(ctx, bare, "config", "http.receivepack", "true"); err != nil {
		return "", err
	}
	tools, err := Git(ctx, "", "--exec-path")
	if err != nil {
		return "", err
	}
	address, err := serve(ctx, wholeBody(&cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(tools), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=demo"},
	}))
	return "http://" + address + "/" + name, err
}

// wholeBody reads a chunked request before it is handed on: CGI wants to know
// the length, and git sends large packs without one.
func wholeBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength < 0 {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPush))
			if err != nil {
				http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
				return
			}
			r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		}
		next.ServeHTTP(w, r)
	})
}

// Git runs the git client in a directory, untouched by the user's own
// configuration, and answers with what it prints.
func Git(ctx context.Context, dir string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", arguments...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	stdout, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(stderr.String()))
	}
	return string(stdout), nil
}
