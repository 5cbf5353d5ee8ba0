package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

// ServeRegistry runs an OCI registry with the referrers API, kept in a
// directory, and answers with its host and port.
func ServeRegistry(ctx context.Context, dir string) (string, error) {
	blobs := filepath.Join(dir, "blobs")
	if err := os.MkdirAll(blobs, 0o755); err != nil {
		return "", err
	}
	handler := &journal{
		path: filepath.Join(dir, "manifests.jsonl"),
		registry: registry.New(
			registry.WithBlobHandler(registry.NewDiskBlobHandler(blobs)),
			registry.WithReferrersSupport(true),
			registry.Logger(log.New(io.Discard, "", 0)),
		),
	}
	if err := handler.replay(); err != nil {
		return "", fmt.Errorf("reading the registry's manifests: %w", err)
	}
	return serve(ctx, handler)
}

// serve listens on a free port of loopback until the context ends.
func serve(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Printf("serving %s: %v", listener.Addr(), err)
		}
	}()
	context.AfterFunc(ctx, func() { server.Close() })
	return listener.Addr().String(), nil
}

// journal keeps the manifests on disk: the registry keeps only its blobs
// there. Each manifest that was taken is a line, replayed at the next start.
type journal struct {
	path     string
	registry http.Handler

	mu sync.Mutex
}

type line struct {
	Path    string `json:"path"`
	Type    string `json:"type"`
	Content []byte `json:"content"`
}

const maxManifest = 16 << 20

func (j *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut || !strings.Contains(r.URL.Path, "/manifests/") {
		j.registry.ServeHTTP(w, r)
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxManifest))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	answer := httptest.NewRecorder()
	j.registry.ServeHTTP(answer, r)
	if answer.Code < 300 {
		if err := j.keep(line{r.URL.Path, r.Header.Get("Content-Type"), content}); err != nil {
			http.Error(w, err.Error(), http.StatusInsufficientStorage)
			return
		}
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

func (j *journal) keep(taken line) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	file, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(file).Encode(taken), file.Close())
}

func (j *journal) replay() error {
	content, err := os.ReadFile(j.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	for decoder.More() {
		var taken line
		if err := decoder.Decode(&taken); err != nil {
			return err
		}
		request := httptest.NewRequest(http.MethodPut, taken.Path, bytes.NewReader(taken.Content))
		request.Header.Set("Content-Type", taken.Type)
		answer := httptest.NewRecorder()
		if j.registry.ServeHTTP(answer, request); answer.Code >= 300 {
			return fmt.Errorf("%s: %s", taken.Path, answer.Body)
		}
	}
	return nil
}
