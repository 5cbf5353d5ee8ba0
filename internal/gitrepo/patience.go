package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// patience ends a conversation with a remote that says nothing, or goes on for
// ever.
type patience struct {
	ctx    context.Context
	parent context.Context
	cancel context.CancelCauseFunc
	quiet  time.Duration
	silent *time.Timer
	whole  *time.Timer
}

func (r *Repo) patiently(ctx context.Context) (context.Context, *patience) {
	p := &patience{parent: ctx, quiet: r.limits.quiet}
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	p.silent = time.AfterFunc(p.quiet, func() { p.cancel(fmt.Errorf("the remote said nothing for %s", p.quiet)) })
	p.whole = time.AfterFunc(r.limits.whole, func() { p.cancel(fmt.Errorf("the remote was not done after %s", r.limits.whole)) })
	return p.ctx, p
}

func (p *patience) end() {
	p.silent.Stop()
	p.whole.Stop()
	p.cancel(nil)
}

// why is the reason for an error that came of giving up.
func (p *patience) why(err error) error {
	if cause := context.Cause(p.ctx); err != nil && cause != nil && p.parent.Err() == nil {
		return cause
	}
	return err
}

// heard is what a remote sends: each part of it renews the patience, until there
// are too many.
type heard struct {
	io.Reader
	patience *patience
	left     int64
}

func (h *heard) Read(into []byte) (int, error) {
	n, err := h.Reader.Read(into)
	if n > 0 {
		h.patience.silent.Reset(h.patience.quiet)
	}
	if h.left -= int64(n); h.left < 0 {
		return n, errTooMuch
	}
	return n, err
}

var errTooMuch = errors.New("the remote sent more than is allowed")

// bounded limits everything that comes over HTTP but packs, which are limited
// where they are received: go-git reads lists of refs to their end.
type bounded struct {
	http.RoundTripper
	bytes int64
}

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(request)
	if err != nil || strings.HasSuffix(request.URL.Path, "/git-upload-pack") {
		return response, err
	}
	response.Body = &boundedBody{response.Body, b.bytes}
	return response, nil
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooMuch
	}
	return n, err
}
