package conversation_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

const secret = "a secret of the webhook"

// delivered posts the webhook of a push, as GitHub signs it.
func delivered(b *testing.B, to string, number int64, head string) {
	b.Helper()
	body := fmt.Sprintf(`{"action":"synchronize","number":%d,"pull_request":{"number":%d,"head":{"sha":%q}},"repository":{"full_name":%q}}`, number, number, head, repository)
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, to, bytes.NewReader([]byte(body)))
	if err != nil {
		b.Fatal(err)
	}
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(body))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-GitHub-Event": "pull_request", "X-GitHub-Delivery": head, "X-Hub-Signature-256": "sha256=" + hex.EncodeToString(sum.Sum(nil)),
	} {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusAccepted {
		b.Fatalf("%+v, %v", answer, err)
	}
	_ = answer.Body.Close()
}

// BenchmarkFirstStatus is the time from a push, as the forge tells of it by a
// webhook, to the first status on the commit: signature, queue, the look, and
// three requests to a forge on this machine. 2 s are wanted for 95 of 100.
func BenchmarkFirstStatus(b *testing.B) {
	w := newWorld(b, kinds[0])
	statuses := make(chan time.Time, 1)
	w.Fault = func(r *http.Request) forgetest.Fault {
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/statuses/") {
			select {
			case statuses <- time.Now():
			default: // not the first
			}
		}
		return forgetest.Fault{}
	}
	talk := conversation.New(w.client(), w.bench, w.verdicts, w.options)
	queue, looked := make(chan int64, 1), make(chan error, 1)
	receiver, err := forge.NewReceiver(forge.Secrets{forge.GitHub: {secret}}, func(event forge.Event) { queue <- event.PullRequest }, w.clock)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(receiver)
	b.Cleanup(server.Close)
	go func() {
		for number := range queue {
			_, err := talk.Look(b.Context(), number)
			looked <- err
		}
	}()
	number, _ := w.ask("a recipe")
	var took []time.Duration
	for b.Loop() {
		w.clock.advance(time.Minute) // the budget is by the hour
		head := w.push(number, fmt.Sprint("push ", len(took)), "a recipe")
		pushed := time.Now()
		delivered(b, server.URL, number, head)
		took = append(took, (<-statuses).Sub(pushed))
		if err := <-looked; err != nil {
			b.Fatal(err)
		}
		select {
		case <-statuses: // a later one of this look
		default:
		}
	}
	close(queue)
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms/p95")
}
