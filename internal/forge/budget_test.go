package forge_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// wire is a forge that counts.
type wire struct {
	requests atomic.Int64
	last     atomic.Pointer[http.Request]
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.requests.Add(1)
	w.last.Store(r)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("[]"))}, nil
}

func get(ctx context.Context, t *testing.T, through http.RoundTripper) error {
	t.Helper()
	request := must(http.NewRequestWithContext(ctx, http.MethodGet, "https://forge.example/", nil))(t)
	response, err := through.RoundTrip(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// Many at once get what there is, and then one at a time.
func TestABucketIsSharedByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &wire{}
		budget := forge.NewBudget(forge.Limits{PerHour: 3600, Burst: 100, Patience: time.Hour}, forge.SystemClock{})
		through, began := budget.Transport(network), time.Now()
		for range 90 {
			go func() { _ = get(t.Context(), t, through) }()
		}
		synctest.Wait()
		if served := network.requests.Load(); served != 70 { // lists leave 30 to others
			t.Errorf("%d lists were served at once", served)
		}
		time.Sleep(10*time.Second + time.Millisecond)
		synctest.Wait()
		if served := network.requests.Load(); served != 80 {
			t.Errorf("%d were served after ten seconds", served)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if served := network.requests.Load(); served != 90 || time.Since(began) > 22*time.Second {
			t.Errorf("%d were served in %s", served, time.Since(began))
		}
	})
}

func TestWhoGivesUpWaitsNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := forge.NewBudget(forge.Limits{PerHour: 1, Burst: 10, Patience: 100 * time.Hour}, forge.SystemClock{})
		through := budget.Transport(&wire{})
		for range 7 {
			succeed(t, get(t.Context(), t, through))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := get(ctx, t, through); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhereGitHubIs(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com":             "https://api.github.com/repos/oncology/models/pulls/1",
		"https://git.hospital.example/":  "https://git.hospital.example/api/v3/repos/oncology/models/pulls/1",
		"https://git.hospital.example/g": "https://git.hospital.example/g/api/v3/repos/oncology/models/pulls/1",
	} {
		network := &wire{}
		hub := must(forge.NewGitHub(forge.Remote{
			URL: address, Repository: repository, Credential: forge.Token(token), Transport: network, Budget: forge.NewBudget(forge.DefaultLimits, newClock()),
		}))(t)
		if _, err := hub.Get(t.Context(), 1); err == nil {
			t.Error("a list is no pull request")
		}
		last := network.last.Load()
		if last == nil || last.URL.String() != want || last.Header.Get("Authorization") != "Bearer "+token || last.Header.Get("User-Agent") != "assay" {
			t.Errorf("%s: asked %+v", address, last)
		}
	}
}

// What was refused is sent again whole.
func TestARepeatedRequestHasItsBody(t *testing.T) {
	var bodies []string
	budget := forge.NewBudget(forge.DefaultLimits, newClock())
	through := budget.Transport(answer(func(r *http.Request) *http.Response {
		body, err := io.ReadAll(r.Body)
		succeed(t, err)
		bodies = append(bodies, string(body))
		if len(bodies) < 3 {
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"1"}}, Body: http.NoBody}
		}
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
	}))
	request := must(http.NewRequestWithContext(t.Context(), http.MethodPost, "https://forge.example/", strings.NewReader("denied")))(t)
	response := must(through.RoundTrip(request))(t)
	succeed(t, response.Body.Close())
	if strings.Join(bodies, " ") != "denied denied denied" {
		t.Errorf("got %q", bodies)
	}
	request.GetBody = nil // cannot be sent again
	bodies = nil
	request.Body = io.NopCloser(strings.NewReader("denied"))
	var limited *forge.LimitedError
	if _, err := through.RoundTrip(request); !errors.As(err, &limited) || len(bodies) != 1 {
		t.Errorf("got %v after %q", err, bodies)
	}
}

type answer func(*http.Request) *http.Response

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }
