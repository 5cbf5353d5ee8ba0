package forge

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Transport is the budget on the way to the network. Answers that have not
// changed come from memory and cost nothing.
func (b *Budget) Transport(next http.RoundTripper) http.RoundTripper {
	return &conditional{next: &spending{next, b}, known: map[string]*known{}}
}

const (
	maxAttempts  = 4
	firstBackoff = 200 * time.Millisecond
)

// spending waits for a token before each request, and repeats what may be
// repeated: whatever was refused because of a limit, since it was not done,
// and reads that met an error of the server or of the network. A write that
// met such an error may have been done: only who asks again what is there can
// tell, and that is the caller.
type spending struct {
	next   http.RoundTripper
	budget *Budget
}

func (s *spending) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	for attempt := 1; ; attempt++ {
		if err := s.budget.take(ctx); err != nil {
			return nil, err
		}
		again, err := replay(request)
		if err != nil {
			return nil, err
		}
		response, err := s.next.RoundTrip(again)
		refused := err == nil && s.budget.heed(request, response)
		if err == nil && response.StatusCode == http.StatusNotModified {
			s.budget.refund()
		}
		if refused && (!replayable(request) || attempt == maxAttempts) {
			drain(response.Body)
			return nil, &LimitedError{s.budget.Level().PausedUntil}
		}
		retry := refused || isRead(request) && (err != nil || broken(response.StatusCode))
		if !retry || attempt == maxAttempts || ctx.Err() != nil {
			return response, err
		}
		if response != nil {
			drain(response.Body)
		}
		if err := s.backoff(ctx, attempt, refused); err != nil {
			return nil, err
		}
	}
}

// backoff after a limit is the budget's pause.
func (s *spending) backoff(ctx context.Context, attempt int, refused bool) error {
	if refused {
		return nil
	}
	return s.budget.clock.Sleep(ctx, firstBackoff<<(attempt-1))
}

func isRead(request *http.Request) bool {
	return request.Method == http.MethodGet || request.Method == http.MethodHead
}

func replayable(request *http.Request) bool {
	return request.Body == nil || request.Body == http.NoBody || request.GetBody != nil
}

// replay is the request with a body that nobody has read yet.
func replay(request *http.Request) (*http.Request, error) {
	again := request.Clone(request.Context())
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
	}
	return again, nil
}

func broken(status int) bool {
	return status == http.StatusInternalServerError || status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// drain reads on for a while, so that the connection can be used again.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}
