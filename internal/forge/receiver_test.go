package forge_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

const (
	secret    = "the secret of both ends"
	newSecret = "the secret that comes next"
)

// delivery is a webhook as one of the forges sends it.
type delivery struct {
	provider forge.Provider
	event    string
	id       string
	secret   string
	body     []byte
}

func (d delivery) request() *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks", strings.NewReader(string(d.body)))
	r.Header.Set("Content-Type", "application/json")
	mac := hmac.New(sha256.New, []byte(d.secret))
	mac.Write(d.body)
	signature := hex.EncodeToString(mac.Sum(nil))
	switch d.provider {
	case forge.GitHub:
		r.Header.Set("X-Hub-Signature-256", "sha256="+signature)
	case forge.Gitea: // sends those of GitHub as well
		r.Header.Set("X-Gitea-Event", d.event)
		r.Header.Set("X-Gitea-Delivery", d.id)
		r.Header.Set("X-Gitea-Signature", signature)
	case forge.GitLab:
		r.Header.Set("X-Gitlab-Event", d.event)
		r.Header.Set("X-Gitlab-Event-UUID", d.id)
		r.Header.Set("X-Gitlab-Token", d.secret)
		return r
	}
	r.Header.Set("X-GitHub-Event", d.event)
	r.Header.Set("X-GitHub-Delivery", d.id)
	return r
}

// post gives the status of the answer.
func post(receiver http.Handler, r *http.Request) int {
	answer := httptest.NewRecorder()
	receiver.ServeHTTP(answer, r)
	return answer.Code
}

type inbox struct{ events []forge.Event }

func (i *inbox) put(event forge.Event) { i.events = append(i.events, event) }

func newReceiver(t testing.TB, clock forge.Clock) (*forge.Receiver, *inbox) {
	t.Helper()
	in := &inbox{}
	receiver, err := forge.NewReceiver(forge.Secrets{forge.GitHub: {secret, newSecret}, forge.GitLab: {secret, newSecret}, forge.Gitea: {secret, newSecret}}, in.put, clock)
	if err != nil {
		t.Fatal(err)
	}
	return receiver, in
}

// recorded are the payloads of testdata: <provider>-<name>.json.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

var head = strings.Repeat("1a", 20)

// deliveries are one of each kind, and what is made of them.
func deliveries(t testing.TB) map[string]struct {
	sent delivery
	want forge.Event
} {
	sent := func(provider forge.Provider, event, name string) delivery {
		return delivery{provider, event, "d-" + name, secret, recorded(t, string(provider)+"-"+name)}
	}
	return map[string]struct {
		sent delivery
		want forge.Event
	}{
		"github ping":    {sent(forge.GitHub, "ping", "ping"), forge.Event{Kind: forge.Pinged}},
		"github push":    {sent(forge.GitHub, "push", "push"), forge.Event{Kind: forge.Pushed, Ref: "refs/heads/main", Head: head}},
		"github pull":    {sent(forge.GitHub, "pull_request", "pull_request"), forge.Event{Kind: forge.Changed, PullRequest: 17, Head: head}},
		"github review":  {sent(forge.GitHub, "pull_request_review", "review"), forge.Event{Kind: forge.Reviewed, PullRequest: 17, Head: head}},
		"github comment": {sent(forge.GitHub, "issue_comment", "comment"), forge.Event{Kind: forge.Commented, PullRequest: 17}},
		"github rerun":   {sent(forge.GitHub, "check_run", "check_run"), forge.Event{Kind: forge.Asked, Head: head}},
		"gitlab push":    {sent(forge.GitLab, "Push Hook", "push"), forge.Event{Kind: forge.Pushed, Ref: "refs/heads/main", Head: head}},
		"gitlab merge":   {sent(forge.GitLab, "Merge Request Hook", "merge_request"), forge.Event{Kind: forge.Changed, PullRequest: 17, Head: head}},
		"gitlab review":  {sent(forge.GitLab, "Merge Request Hook", "approval"), forge.Event{Kind: forge.Reviewed, PullRequest: 17, Head: head}},
		"gitlab note":    {sent(forge.GitLab, "Note Hook", "note"), forge.Event{Kind: forge.Commented, PullRequest: 17, Head: head}},
		"gitea push":     {sent(forge.Gitea, "push", "push"), forge.Event{Kind: forge.Pushed, Ref: "refs/heads/main", Head: head}},
		"gitea pull":     {sent(forge.Gitea, "pull_request", "pull_request"), forge.Event{Kind: forge.Changed, PullRequest: 17, Head: head}},
		"gitea review":   {sent(forge.Gitea, "pull_request_approved", "review"), forge.Event{Kind: forge.Reviewed, PullRequest: 17, Head: head}},
		"gitea comment":  {sent(forge.Gitea, "issue_comment", "comment"), forge.Event{Kind: forge.Commented, PullRequest: 17}},
	}
}

// eventTime is shortly after what the recorded payloads say.
func eventTime() *clock {
	return &clock{now: time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC)}
}

func TestWhatTheForgesSend(t *testing.T) {
	for name, test := range deliveries(t) {
		t.Run(name, func(t *testing.T) {
			receiver, in := newReceiver(t, eventTime())
			test.want.Provider, test.want.Delivery, test.want.Repository = test.sent.provider, test.sent.id, repository
			if status := post(receiver, test.sent.request()); status != http.StatusAccepted || len(in.events) != 1 || in.events[0] != test.want {
				t.Errorf("got %d and %+v, want %+v", status, in.events, test.want)
			}
		})
	}
}

func TestAForgedSignatureIsRefused(t *testing.T) {
	for name, test := range deliveries(t) {
		t.Run(name, func(t *testing.T) {
			receiver, in := newReceiver(t, eventTime())
			sent := test.sent
			for what, spoil := range map[string]func(*http.Request){
				"another secret": func(r *http.Request) { other := sent; other.secret = "guessed, and long enough"; *r = *other.request() },
				"another body":   func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{}")) },
				"no signature": func(r *http.Request) {
					for _, header := range []string{"X-Hub-Signature-256", "X-Gitea-Signature", "X-Gitlab-Token"} {
						r.Header.Del(header)
					}
				},
				"half of it": func(r *http.Request) {
					for _, header := range []string{"X-Hub-Signature-256", "X-Gitea-Signature", "X-Gitlab-Token"} {
						r.Header.Set(header, r.Header.Get(header)[:len(r.Header.Get(header))/2])
					}
				},
				"the old algorithm": func(r *http.Request) {
					r.Header.Set("X-Hub-Signature", "sha1=00")
					r.Header.Del("X-Hub-Signature-256")
					r.Header.Del("X-Gitea-Signature")
					r.Header.Del("X-Gitlab-Token")
				},
			} {
				if what == "another body" && sent.provider == forge.GitLab { // its token covers no body
					continue
				}
				r := sent.request()
				spoil(r)
				if status := post(receiver, r); status != http.StatusForbidden || len(in.events) > 0 {
					t.Errorf("%s: got %d, %+v", what, status, in.events)
				}
			}
		})
	}
}

func TestASecretIsChangedWithoutAGap(t *testing.T) {
	for name, test := range deliveries(t) {
		t.Run(name, func(t *testing.T) {
			receiver, in := newReceiver(t, eventTime())
			test.sent.secret = newSecret
			if status := post(receiver, test.sent.request()); status != http.StatusAccepted || len(in.events) != 1 {
				t.Errorf("got %d, %+v", status, in.events)
			}
		})
	}
	for _, short := range []string{"", "short"} {
		if _, err := forge.NewReceiver(forge.Secrets{forge.GitHub: {short}}, nil, newClock()); err == nil {
			t.Errorf("secret %q was taken", short)
		}
	}
}

func TestADeliveryCountsOnce(t *testing.T) {
	for name, test := range deliveries(t) {
		t.Run(name, func(t *testing.T) {
			clock := eventTime()
			receiver, in := newReceiver(t, clock)
			replayed := test.sent
			replayed.id = "made up"
			for _, sent := range []delivery{test.sent, test.sent, replayed} {
				if sent.id == "made up" && sent.provider == forge.GitLab {
					continue // who has its token can write whatever
				}
				if status := post(receiver, sent.request()); status != http.StatusAccepted {
					t.Errorf("got %d", status)
				}
			}
			if len(in.events) != 1 {
				t.Errorf("got %+v", in.events)
			}
			// Once it is forgotten, its own age speaks against it, if it has one.
			succeed(t, clock.Sleep(t.Context(), 2*forge.Window))
			aged := strings.Contains(string(test.sent.body), `"updated_at"`) && test.sent.provider != forge.GitLab
			if status := post(receiver, test.sent.request()); aged != (status == http.StatusBadRequest) {
				t.Errorf("two hours later: %d", status)
			}
			if !aged && len(in.events) != 2 {
				t.Errorf("two hours later: %+v", in.events)
			}
		})
	}
}

func TestWhatIsNoDeliveryIsRefused(t *testing.T) {
	pull := deliveries(t)["github pull"].sent
	for name, test := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"read":          {func(r *http.Request) { r.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		"no forge":      {func(r *http.Request) { r.Header.Del("X-GitHub-Event") }, http.StatusForbidden},
		"form":          {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, http.StatusUnsupportedMediaType},
		"endless":       {func(r *http.Request) { r.Body = io.NopCloser(endless{}) }, http.StatusRequestEntityTooLarge},
		"no JSON":       {func(r *http.Request) { *r = *delivery{forge.GitHub, "push", "d", secret, []byte("a=b")}.request() }, http.StatusBadRequest},
		"no repository": {func(r *http.Request) { *r = *delivery{forge.GitHub, "push", "d", secret, []byte("{}")}.request() }, http.StatusBadRequest},
		"a path": {func(r *http.Request) {
			*r = *delivery{forge.GitHub, "push", "d", secret, []byte(`{"repository":{"full_name":"../../etc"}}`)}.request()
		}, http.StatusBadRequest},
		"a ref": {func(r *http.Request) {
			*r = *delivery{forge.GitHub, "push", "d", secret, []byte(`{"ref":"a\nb","repository":{"full_name":"a/b"}}`)}.request()
		}, http.StatusBadRequest},
		"of no use": {func(r *http.Request) {
			*r = *delivery{forge.GitHub, "star", "d", secret, []byte(`{"repository":{"full_name":"a/b"}}`)}.request()
		}, http.StatusAccepted},
		"an issue": {func(r *http.Request) {
			*r = *delivery{forge.GitHub, "issue_comment", "d", secret, []byte(`{"issue":{"number":3},"repository":{"full_name":"a/b"}}`)}.request()
		}, http.StatusAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			receiver, in := newReceiver(t, eventTime())
			r := pull.request()
			test.change(r)
			if status := post(receiver, r); status != test.want || len(in.events) > 0 {
				t.Errorf("got %d and %+v, want %d", status, in.events, test.want)
			}
		})
	}
}

func TestADeletedBranchHasNoHead(t *testing.T) {
	receiver, in := newReceiver(t, eventTime())
	body := fmt.Sprintf(`{"ref":"refs/heads/better","after":%q,"repository":{"full_name":"oncology/models"}}`, strings.Repeat("0", 40))
	post(receiver, delivery{forge.GitHub, "push", "d", secret, []byte(body)}.request())
	if len(in.events) != 1 || in.events[0].Head != "" || in.events[0].Ref != "refs/heads/better" {
		t.Errorf("got %+v", in.events)
	}
}

func TestAForgeWithoutSecretsIsRefused(t *testing.T) {
	in := &inbox{}
	receiver := must(forge.NewReceiver(forge.Secrets{forge.GitHub: {secret}}, in.put, eventTime()))(t)
	if status := post(receiver, deliveries(t)["gitlab push"].sent.request()); status != http.StatusForbidden {
		t.Errorf("got %d", status)
	}
}

// Memory holds so much and no more, whoever sends.
func TestAFloodOfDeliveriesIsForgotten(t *testing.T) {
	receiver, in := newReceiver(t, eventTime())
	sent := func(i int) *http.Request {
		body := fmt.Sprintf(`{"ref":"refs/heads/b%d","repository":{"full_name":"a/b"}}`, i)
		return delivery{forge.GitHub, "push", fmt.Sprint(i), secret, []byte(body)}.request()
	}
	for i := range 5000 {
		post(receiver, sent(i))
	}
	post(receiver, sent(4999))
	if len(in.events) != 5000 {
		t.Errorf("got %d events", len(in.events))
	}
	post(receiver, sent(0)) // forgotten: it is looked at once more, and that is all
	if len(in.events) != 5001 {
		t.Errorf("got %d events", len(in.events))
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// FuzzOnlyWhatIsSignedIsHandedOver: whatever the body, the sender and the
// event, nothing unsigned is handed over, and what is handed over has its form.
func FuzzOnlyWhatIsSignedIsHandedOver(f *testing.F) {
	for _, test := range deliveries(f) {
		f.Add(string(test.sent.provider), test.sent.event, test.sent.body, true)
	}
	f.Add("github", "push", []byte(`{"ref":5}`), true)
	f.Fuzz(func(t *testing.T, provider, event string, body []byte, signed bool) {
		receiver, in := newReceiver(t, eventTime())
		sent := delivery{forge.Provider(provider), event, "id", secret, body}
		if !signed {
			sent.secret = "not the secret of both ends"
		}
		status := post(receiver, sent.request())
		if len(in.events) > 0 && (!signed || status != http.StatusAccepted) {
			t.Errorf("%d, and %+v was handed over", status, in.events)
		}
		for _, event := range in.events {
			if len(event.Ref) > 250 || strings.ContainsAny(event.Ref, " \n\r\t") || strings.ContainsAny(event.Repository, " \n\r\t?#%\\") || event.PullRequest < 0 {
				t.Errorf("got %+v", event)
			}
			if event.Head != "" && len(event.Head) != 40 && len(event.Head) != 64 {
				t.Errorf("head %q", event.Head)
			}
		}
	})
}

// Who sends slowly holds a place; the others are told to come again.
func TestSlowSendersHoldFewPlaces(t *testing.T) {
	receiver, in := newReceiver(t, eventTime())
	pull := deliveries(t)["github pull"].sent
	var group sync.WaitGroup
	var writers []*io.PipeWriter
	for range 16 {
		reader, writer := io.Pipe()
		writers = append(writers, writer)
		r := pull.request()
		r.Body = reader
		group.Go(func() { post(receiver, r) })
		_, err := writer.Write([]byte("{")) // until it is read
		succeed(t, err)
	}
	if status := post(receiver, pull.request()); status != http.StatusServiceUnavailable {
		t.Errorf("got %d", status)
	}
	for _, writer := range writers {
		succeed(t, writer.CloseWithError(io.ErrUnexpectedEOF))
	}
	group.Wait()
	if status := post(receiver, pull.request()); status != http.StatusAccepted || len(in.events) != 1 {
		t.Errorf("got %d, %+v", status, in.events)
	}
}
