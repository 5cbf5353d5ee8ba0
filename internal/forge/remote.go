package forge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Remote says where a repository is and who we are there.
type Remote struct {
	URL        string // of the forge: https://github.com, https://git.example.org
	Repository string // owner/name; in GitLab groups may be nested
	Credential Credential
	Login      string // ours; needed where the credential cannot ask, as with the installations of a GitHub App
	Budget     *Budget
	Transport  http.RoundTripper // to the network; nil is [http.DefaultTransport]
}

// Credential gives the token to use now. It is asked for each request, so a
// token that was rotated counts at once.
type Credential func(ctx context.Context) (string, error)

// Token is a credential that never changes.
func Token(text string) Credential {
	return func(context.Context) (string, error) { return text, nil }
}

// TokenFile reads a mounted secret.
func TokenFile(path string) Credential {
	return func(context.Context) (string, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("reading the token of the forge: %w", err)
		}
		return strings.TrimSpace(string(content)), nil
	}
}

const (
	requestTimeout = 60 * time.Second
	userAgent      = "assay"
)

// split takes a repository apart at its last slash.
func (r Remote) split() (owner, name string, err error) {
	cut := strings.LastIndexByte(r.Repository, '/')
	if !isRepository(r.Repository) || cut < 0 {
		return "", "", fmt.Errorf("repository %q: give owner/name", r.Repository)
	}
	return r.Repository[:cut], r.Repository[cut+1:], nil
}

// isRepository tells a path of plain segments, as forges allow them.
func isRepository(path string) bool {
	segments := strings.Split(path, "/")
	if len(path) > 500 || len(segments) < 2 {
		return false
	}
	for _, segment := range segments {
		if segment == "" || strings.Trim(segment, ".") == "" {
			return false
		}
		for _, c := range segment {
			plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
			if !plain {
				return false
			}
		}
	}
	return true
}

// base is the forge's URL, without a slash at its end.
func (r Remote) base() (*url.URL, error) {
	parsed, err := url.Parse(strings.TrimSuffix(r.URL, "/"))
	if err != nil {
		return nil, errors.New("the URL of the forge is none") // err would repeat a password in it
	}
	if parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" || parsed.User != nil {
		return nil, fmt.Errorf("URL of the forge %s: use https://host, and a credential beside it", parsed.Redacted())
	}
	return parsed, nil
}

// client is what all requests to the forge go through: answers that have not
// changed, the budget, the token.
func (r Remote) client(base *url.URL, scheme string) (*http.Client, error) {
	if r.Budget == nil || r.Credential == nil {
		return nil, errors.New("a forge needs a credential and its budget")
	}
	wire := r.Transport
	if wire == nil {
		wire = http.DefaultTransport
	}
	return &http.Client{
		Transport: r.Budget.Transport(signed{wire, base.Host, scheme, r.Credential}),
		Timeout:   requestTimeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme || len(via) > 3 {
				return fmt.Errorf("the forge sends us to %s: give the URL where it is", next.URL.Host)
			}
			return nil
		},
	}, nil
}

// signed adds the token to what goes to the forge, and to nothing else: a
// redirect to another host would carry it away.
type signed struct {
	next       http.RoundTripper
	host       string
	scheme     string // of the Authorization header
	credential Credential
}

func (s signed) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("User-Agent", userAgent)
	if request.URL.Host == s.host || request.URL.Host == "api."+s.host {
		token, err := s.credential(request.Context())
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", s.scheme+" "+token)
	}
	return s.next.RoundTrip(request)
}
