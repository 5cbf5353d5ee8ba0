package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/registry"
)

// ociRegistry is a real registry that can be told when to break.
type ociRegistry struct {
	server *httptest.Server
	store  http.Handler

	mu     sync.Mutex
	breaks func(*http.Request) bool // the request from which on it answers 500
	down   bool
}

func startRegistry() *ociRegistry {
	started := &ociRegistry{store: registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0)))}
	started.server = httptest.NewServer(started)
	return started
}

// host is the host and port under which the registry is named.
func (r *ociRegistry) host() string { return strings.TrimPrefix(r.server.URL, "http://") }

func (r *ociRegistry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.down = r.down || r.breaks != nil && r.breaks(request)
	down := r.down
	r.mu.Unlock()
	if down {
		http.Error(w, "the disk is full", http.StatusInternalServerError)
		return
	}
	r.store.ServeHTTP(w, request)
}

// breakAt makes the registry break at a request, and at every one after it.
func (r *ociRegistry) breakAt(request func(*http.Request) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breaks = request
}

func (r *ociRegistry) repair() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breaks, r.down = nil, false
}

// has looks past the failure: whether a manifest is visible.
func (r *ociRegistry) has(repository, digest string) bool {
	answer := httptest.NewRecorder()
	r.store.ServeHTTP(answer, httptest.NewRequest(http.MethodHead, "/v2/"+repository+"/manifests/"+digest, nil))
	return answer.Code == http.StatusOK
}

// models lists the models of which something is visible.
func (r *ociRegistry) models() ([]string, error) {
	answer := httptest.NewRecorder()
	r.store.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/v2/_catalog", nil))
	var catalog struct {
		Repositories []string `json:"repositories"`
	}
	if err := json.NewDecoder(bytes.NewReader(answer.Body.Bytes())).Decode(&catalog); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(catalog.Repositories, func(name string) bool { return !strings.Contains(name, "/models/") }), nil
}
