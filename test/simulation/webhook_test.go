package simulation

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// hook is a delivery of the forge that is on its way: it may get lost, come
// twice, and be overtaken.
type hook struct {
	event  string
	number int64
	sent   int // how often
}

const hookSecret = "a secret that only the forge knows"

// deliver sends a delivery to a process, as GitHub signs them.
func (w *world) deliver(at int, to *reconciler) {
	one := &w.hooks[at]
	body := fmt.Sprintf(`{"ref":"refs/heads/main","repository":{"full_name":%q}}`, project)
	if one.number > 0 {
		body = fmt.Sprintf(`{"number":%d,"pull_request":{"number":%[1]d},"repository":{"full_name":%[2]q}}`, one.number, project)
	}
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write([]byte(body))
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader([]byte(body)))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-GitHub-Event", one.event)
	request.Header.Set("X-GitHub-Delivery", fmt.Sprintf("%s %d %d", one.event, one.number, w.changes))
	request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	recorder := httptest.NewRecorder()
	to.receiver.ServeHTTP(recorder, request)
	w.trace.add("a webhook about %s %d reaches %s: %d", one.event, one.number, to.name(), recorder.Code)
	if one.sent++; one.sent > 1 || w.chance.IntN(4) > 0 { // else it comes again
		w.lose(at)
	}
}

func (w *world) lose(at int) { w.hooks = append(w.hooks[:at], w.hooks[at+1:]...) }

// hear puts into the queue what a webhook is about.
func (r *reconciler) hear(event forge.Event) {
	switch event.Kind {
	case forge.Pushed:
		r.enqueue(merged, 0)
		r.enqueue(polling, 0)
	default:
		r.enqueue(pullKey(event.PullRequest), 0)
	}
}
