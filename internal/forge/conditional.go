package forge

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
)

const (
	maxAnswer = 16 << 20 // bytes of one answer; a page of a hundred pull requests has 2 MB
	maxKnown  = 32 << 20 // bytes of all answers that are kept
)

// conditional remembers answers with an ETag and asks whether they still hold
// (RFC 9110, section 13). It belongs to one credential: what another may see
// is another's.
type conditional struct {
	next http.RoundTripper

	mu    sync.Mutex
	known map[string]*known
	order []string // least recently used first
	bytes int
}

type known struct {
	etag   string
	header http.Header
	body   []byte
}

func (c *conditional) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet {
		response, err := c.next.RoundTrip(request)
		return bound(response), err
	}
	key := request.URL.String() + "\n" + request.Header.Get("Accept")
	before := c.recall(key)
	if before != nil {
		request = request.Clone(request.Context())
		request.Header.Set("If-None-Match", before.etag)
	}
	response, err := c.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusNotModified && before != nil {
		drain(response.Body)
		return before.answer(request, response), nil
	}
	return c.keep(key, response)
}

// answer is what is known, as if it had been sent again.
func (k *known) answer(request *http.Request, fresh *http.Response) *http.Response {
	header := k.header.Clone()
	for name, values := range fresh.Header {
		header[name] = values
	}
	header.Del("Content-Length")
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: fresh.Proto, ProtoMajor: fresh.ProtoMajor, ProtoMinor: fresh.ProtoMinor,
		Header: header, Body: io.NopCloser(bytes.NewReader(k.body)), ContentLength: int64(len(k.body)), Request: request,
	}
}

func (c *conditional) keep(key string, response *http.Response) (*http.Response, error) {
	etag := response.Header.Get("ETag")
	if response.StatusCode != http.StatusOK || etag == "" {
		return bound(response), nil
	}
	body, err := io.ReadAll(bound(response).Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	c.remember(key, &known{etag, response.Header.Clone(), body})
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

func (c *conditional) recall(key string) *known {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.known[key]
	if found != nil {
		c.touch(key)
	}
	return found
}

func (c *conditional) touch(key string) {
	for i, other := range c.order {
		if other == key {
			c.order = append(c.order[:i], c.order[i+1:]...)
			break
		}
	}
	c.order = append(c.order, key)
}

func (c *conditional) remember(key string, fresh *known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.known[key]; old != nil {
		c.bytes -= len(old.body)
	}
	c.known[key] = fresh
	c.bytes += len(fresh.body)
	c.touch(key)
	for c.bytes > maxKnown || len(c.order) > 4096 {
		c.bytes -= len(c.known[c.order[0]].body)
		delete(c.known, c.order[0])
		c.order = c.order[1:]
	}
}

// bound ends an endless answer with an error.
func bound(response *http.Response) *http.Response {
	if response != nil {
		response.Body = &boundBody{response.Body, maxAnswer}
	}
	return response
}

type boundBody struct {
	io.ReadCloser
	left int
}

func (b *boundBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the forge's answer is larger than %d bytes", maxAnswer)
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
