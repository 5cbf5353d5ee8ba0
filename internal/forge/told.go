package forge

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// told is what a forge says about its limits. GitHub writes X-RateLimit-*,
// GitLab RateLimit-*, Gitea nothing.
type told struct {
	limit, remaining int
	reset            time.Time
}

func readTold(header http.Header) (told, bool) {
	number := func(name string) (int64, bool) {
		text := header.Get("X-RateLimit-" + name)
		if text == "" {
			text = header.Get("RateLimit-" + name)
		}
		value, err := strconv.ParseInt(text, 10, 64)
		return value, err == nil && value >= 0
	}
	limit, _ := number("Limit")
	remaining, counted := number("Remaining")
	reset, _ := number("Reset")
	if !counted {
		return told{}, false
	}
	return told{int(limit), int(remaining), time.Unix(reset, 0)}, true
}

// longest is what a forge may make us wait: it counts by the hour.
const longest = time.Hour

// heed learns from an answer, and reports whether it refuses because of a limit.
func (b *Budget) heed(request *http.Request, response *http.Response) (refused bool) {
	said, says := readTold(response.Header)
	secondary := isSecondary(response)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if says {
		b.told = said
		b.refill()
		b.tokens = min(b.tokens, float64(said.remaining))
		if said.remaining == 0 && said.reset.After(now) {
			b.pause(earlier(said.reset, now.Add(longest)))
		}
	}
	spent := says && said.remaining == 0
	limited := response.StatusCode == http.StatusTooManyRequests ||
		response.StatusCode == http.StatusForbidden && (spent || secondary)
	wait, asked := retryAfter(response.Header, now)
	switch {
	case !limited:
		if !isRead(request) { // reads go on working while writes are too many
			b.refusals = 0
		}
		if asked && response.StatusCode == http.StatusServiceUnavailable {
			b.pause(now.Add(wait))
		}
	case asked:
		b.pause(now.Add(wait))
	case !spent: // "wait for at least one minute", and longer each time
		b.refusals++
		b.pause(now.Add(min(time.Minute<<min(b.refusals-1, 6), longest)))
	}
	return limited
}

// retryAfter reads seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, longest), true
	}
	if date, err := http.ParseTime(text); err == nil {
		return min(max(date.Sub(now), 0), longest), true
	}
	return 0, false
}

// isSecondary tells GitHub's limit on doing too much at once, which is a 403
// like any other but for its text or a Retry-After.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
func isSecondary(response *http.Response) bool {
	if response.StatusCode != http.StatusForbidden {
		return false
	}
	if response.Header.Get("Retry-After") != "" {
		return true
	}
	start, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	response.Body = rejoin(start, response.Body)
	return err == nil && (strings.Contains(string(start), "secondary rate limit") || strings.Contains(string(start), "abuse detection"))
}

// rejoin puts back what was read of a body.
func rejoin(start []byte, body io.ReadCloser) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), body), body}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
