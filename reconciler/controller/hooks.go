package controller

import (
	"net/http"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// HooksPath is where webhooks are posted to: /hooks/<namespace>/<repository>.
const HooksPath = "/hooks/"

// Hooks take the webhooks of all repositories that this process works on, each
// at its own path and by its own secrets. What is for another shard, or comes
// while another replica leads, is answered 503: its sender shows that to people,
// and the next poll finds what it told.
type Hooks struct {
	sites  *sites
	merged *Merged
	poll   *Poll
	pulls  *Pulls
}

// ServeHTTP hands a delivery to the receiver of its repository.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	namespace, repository, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, HooksPath), "/")
	open := h.sites.known(name{Namespace: namespace, Name: repository})
	if open == nil || open.receiver == nil {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "no webhooks are expected here, or not by this replica", http.StatusServiceUnavailable)
		return
	}
	open.receiver.ServeHTTP(w, request)
}

// deliver puts keys into queues. It never blocks, and believes nothing: what is
// true is asked of the forge.
func (h *Hooks) deliver(of name, event forge.Event) {
	if event.PullRequest != 0 {
		h.pulls.news(pull{of, event.PullRequest}, event.Head)
		return
	}
	open := h.sites.known(of)
	if open == nil {
		return
	}
	switch {
	case event.Ref == "refs/heads/"+open.branch:
		h.merged.going.news(of, event.Head)
	case event.Kind == forge.Asked, !strings.HasPrefix(event.Ref, "refs/heads/"):
		h.poll.seen.forget(of) // somebody asks again, or has signed a tag: any verdict may be another
	}
	h.merged.queue.put(of)
	h.poll.queue.put(of)
}
