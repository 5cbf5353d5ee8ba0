package forgetest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// call is one request to a route, with the model locked.
type call struct {
	*http.Request
	user   User
	header http.Header
	form   map[string]any
}

func (c *call) number(name string) int64 {
	value, _ := strconv.ParseInt(c.PathValue(name), 10, 64)
	return value
}

func (c *call) text(name string) string {
	text, _ := c.form[name].(string)
	return text
}

// route answers with a value to be written as JSON, or with a refusal.
type route func(c *call) (any, *refusal)

// routes serves a table of "METHOD /path" under a prefix.
func (m *Model) routes(prefix string, table map[string]route) http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range table {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+prefix+path, func(w http.ResponseWriter, r *http.Request) { m.answer(w, r, serve) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.withFault(w, r, mux) })
}

// withFault spoils the answer.
func (m *Model) withFault(w http.ResponseWriter, r *http.Request, next http.Handler) {
	var fault Fault
	if m.Fault != nil {
		fault = m.Fault(r)
	}
	if fault.Status == 0 && !fault.Cut {
		next.ServeHTTP(w, r)
		return
	}
	if fault.Done {
		next.ServeHTTP(httptest.NewRecorder(), r)
	}
	if fault.Cut {
		panic(http.ErrAbortHandler)
	}
	for name, value := range fault.Header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(fault.Status)
	_, _ = io.WriteString(w, fault.Body)
}

func (m *Model) answer(w http.ResponseWriter, r *http.Request, serve route) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := &call{Request: r, header: w.Header(), form: map[string]any{}}
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	user, known := m.users[token]
	if c.user = user; !known {
		refuse(w, &refusal{http.StatusUnauthorized, "Bad credentials"})
		return
	}
	if r.Method == http.MethodGet {
		m.reads++
	} else {
		m.writes = append(m.writes, r.Method+" "+r.URL.Path)
		if content, _ := io.ReadAll(r.Body); len(content) > 0 && json.Unmarshal(content, &c.form) != nil {
			refuse(w, &refusal{http.StatusBadRequest, "Problems parsing JSON"})
			return
		}
	}
	value, refused := serve(c)
	if refused != nil {
		refuse(w, refused)
		return
	}
	m.write(w, r, value)
}

func refuse(w http.ResponseWriter, refused *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": refused.message})
}

// created is a value that answers with 201.
type created struct{ value any }

// write answers with an ETag, and with 304 to who has it.
func (m *Model) write(w http.ResponseWriter, r *http.Request, value any) {
	status := http.StatusOK
	if fresh, is := value.(created); is {
		status, value = http.StatusCreated, fresh.value
	}
	if value == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	content, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		sum := sha256.Sum256(content)
		etag := `W/"` + hex.EncodeToString(sum[:8]) + `"`
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			m.unchanged++
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(content)
}

// page cuts a list as the forges do: a Link header (GitHub, Gitea) and
// X-Next-Page (GitLab).
func page[T any](m *Model, c *call, list []T) []T {
	query := c.URL.Query()
	number, _ := strconv.Atoi(query.Get("page"))
	size, _ := strconv.Atoi(query.Get("per_page") + query.Get("limit"))
	number = max(number, 1)
	if size = min(max(size, 1), 100); m.PageSize > 0 {
		size = m.PageSize
	}
	start, end := min((number-1)*size, len(list)), min(number*size, len(list))
	if end < len(list) && !m.Silent {
		query.Set("page", strconv.Itoa(number+1))
		next := "http://" + c.Host + c.URL.Path + "?" + query.Encode()
		c.header.Set("Link", fmt.Sprintf(`<%s>; rel="next"`, next))
		c.header.Set("X-Next-Page", strconv.Itoa(number+1))
	}
	return list[start:end]
}

// each makes the JSON objects of a list; an empty list is [] and not null.
func each[T any](list []T, object func(T) map[string]any) []map[string]any {
	objects := make([]map[string]any, 0, len(list))
	for _, item := range list {
		objects = append(objects, object(item))
	}
	return objects
}
